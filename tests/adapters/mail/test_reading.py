"""Mail as it comes in: what people wrote, what servers report, and anything at all that never does any harm."""

from __future__ import annotations

from datetime import UTC, datetime
from time import perf_counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.mail.reading import read_mail
from domain.notices.incoming.matching import marks_in
from domain.notices.incoming.reports import Outcome
from tests.support.mails import MAYA, a_bounce, a_complaint, a_mail

MARK = "<notice.01k5x9qz7m3n4p5r6s7t8v9w0x@portal.example>"
HUGE = 2_000_000


def test_what_a_person_wrote() -> None:
    mail = read_mail(
        a_mail("Paid on Friday.\n\nMaya", sender="Maya Lindqvist <Maya@Harbour.example>", In_Reply_To=MARK)
    )

    assert (mail.sender, mail.subject, mail.body) == (MAYA, "Your reminder", "Paid on Friday.\n\nMaya")
    assert mail.message_id == "<1@harbour.example>"
    assert mail.written_at == datetime(2026, 3, 16, 10, tzinfo=UTC)
    assert MARK in mail.references
    assert not mail.automatic
    assert mail.report is None


def test_letters_beyond_ascii_however_they_travel() -> None:
    encoded = read_mail(a_mail("¿Cómo pago?", subject="Factura nº 7 – Café"))
    bare = read_mail("From: a@b.example\nSubject: Café – ¿qué?\n\nSí, mañana.".encode())
    latin = read_mail(b"From: a@b.example\nContent-Type: text/plain; charset=iso-8859-1\n\nS\xed, ma\xf1ana.")

    assert (encoded.subject, encoded.body) == ("Factura nº 7 – Café", "¿Cómo pago?")
    assert (bare.subject, bare.body) == ("Café – ¿qué?", "Sí, mañana.")
    assert latin.body == "Sí, mañana."


def test_html_alone_is_read_as_plain_words() -> None:
    html = (
        b"From: a@b.example\nContent-Type: text/html\n\n<head><style>p {color: red}</style><title>x</title></head>"
        b"<!-- <p>no</p> --><p>We <i>pay</i> <b>on&nbsp;Friday</b>.<br>Maya &lt;3</p><script>alert(1)</script>"
        b"<img src='https://spy.example/1'>"
    )

    assert read_mail(html).body == "We pay on Friday.\nMaya <3"


def test_an_attached_text_is_not_what_somebody_wrote() -> None:
    mail = (
        b'From: a@b.example\nContent-Type: multipart/mixed; boundary="x"\n\n'
        b'--x\nContent-Type: text/plain\nContent-Disposition: attachment; filename="list.txt"\n\nno\n'
        b"--x\nContent-Type: text/plain\n\nyes\n--x--\n"
    )

    assert read_mail(mail).body == "yes"


@pytest.mark.parametrize(
    ("headers", "automatic"),
    [
        ({"Auto_Submitted": "auto-replied"}, True),
        ({"Auto_Submitted": "auto-generated", "X_Auto_Response_Suppress": "All"}, True),
        ({"Auto_Submitted": "auto-generated"}, False),
        ({"Auto_Submitted": "no"}, False),
        ({"Precedence": "bulk"}, True),
        ({"X_Autoreply": "yes"}, True),
        ({}, False),
    ],
)
def test_who_is_away_is_told_from_who_writes(headers: dict[str, str], automatic: bool) -> None:
    assert read_mail(a_mail(**headers)).automatic is automatic


@pytest.mark.parametrize(
    ("said", "sender"),
    [
        ("Maya Lindqvist <Maya@Harbour.example>", MAYA),
        ("maya@harbour.example", MAYA),
        ("maya@harbour.example (Maya)", MAYA),
        ("maya@harbour.example <maya@harbour.example>", MAYA),
        ('"Lindqvist, Maya <m>" <maya@harbour.example>', MAYA),
        ("Lindqvist, Maya <maya@harbour.example>", MAYA),
        ("=?utf-8?q?Maya_L=C3=ADndqvist?= <maya@harbour.example>", MAYA),
        ("=?utf-8?q?maya=40harbour.example=2C_?= <evil@evil.example>", "evil@evil.example"),
        ("=?utf-8?q?maya=40harbour.example_=3Cmaya=40harbour.example=3E?= <evil@evil.example>", "evil@evil.example"),
        ('"maya@harbour.example" <evil@evil.example>', "evil@evil.example"),
        ("(maya@harbour.example) evil@evil.example", "evil@evil.example"),
        ("maya@harbour.example <evil@evil.example>", ""),
        ("maya@harbour.example, evil@evil.example", ""),
        ("<maya@harbour.example> <evil@evil.example>", ""),
        ("maya@harbour.example\nFrom: evil@evil.example", ""),
        ("", ""),
    ],
)
def test_who_it_is_from_is_whom_a_mail_server_would_ask_about(said: str, sender: str) -> None:
    assert read_mail(f"From: {said}\nSubject: x\n\nstop".encode()).sender == sender


@pytest.mark.parametrize("headers_only", [False, True])
def test_a_report_that_a_mail_did_not_arrive(headers_only: bool) -> None:
    report = read_mail(a_bounce(MARK, headers_only=headers_only)).report

    assert report is not None
    assert (report.outcome, report.dead_address) == (Outcome.FAILED, True)
    assert MARK in report.references
    assert report.detail == "5.1.1 550 5.1.1 User unknown"


@pytest.mark.parametrize(
    ("action", "status", "outcome", "dead"),
    [
        ("failed", "5.0.0", Outcome.FAILED, True),
        ("failed", "5.2.2", Outcome.FAILED, False),
        ("failed", "5.7.1", Outcome.FAILED, False),
        ("failed", "4.4.7", Outcome.FAILED, False),
        ("delayed", "4.4.1", Outcome.DELAYED, False),
        ("delivered", "2.0.0", Outcome.DELIVERED, False),
    ],
)
def test_what_is_the_addresss_fault_and_what_is_not(action: str, status: str, outcome: Outcome, dead: bool) -> None:
    report = read_mail(a_bounce(MARK, action=action, status=status)).report

    assert report is not None
    assert (report.outcome, report.dead_address) == (outcome, dead)


@pytest.mark.parametrize(
    ("kind", "outcome"), [("abuse", Outcome.COMPLAINED), ("opt-out", Outcome.OPTED_OUT), ("not-spam", None)]
)
def test_a_report_that_a_mail_was_not_wanted(kind: str, outcome: Outcome | None) -> None:
    report = read_mail(a_complaint(MARK, kind=kind)).report

    assert (report and report.outcome) == outcome
    assert report is None or MARK in report.references


def test_what_a_report_says_can_be_kept() -> None:
    report = read_mail(a_bounce(MARK, said="=?utf-8?b?AAA=?= =?unicode_escape?q?=5Cud800?= gone")).report

    assert report is not None
    assert report.detail == "5.1.1 ? gone"


def test_a_report_that_reports_nothing_is_a_mail() -> None:
    assert read_mail(a_bounce(MARK, action="relayed")).report is None
    assert read_mail(b'Content-Type: multipart/report; boundary="b"\n\n--b\n\nx\n--b--').report is None


def test_a_mail_without_an_id_is_named_by_its_bytes() -> None:
    one, again, other = read_mail(b"\n\nx"), read_mail(b"\n\nx"), read_mail(b"\n\ny")

    assert one.message_id == again.message_id != other.message_id


def test_a_report_on_a_mail_whose_id_the_provider_has_changed() -> None:
    report = read_mail(a_bounce("<0102@provider.example>\nX-Notice: notice.01k5x9qz7m3n4p5r6s7t8v9w0x")).report

    assert report is not None
    assert marks_in(report.references) == ["notice.01k5x9qz7m3n4p5r6s7t8v9w0x"]


SAMPLES = [a_mail("x", In_Reply_To=MARK), a_bounce(MARK), a_complaint(MARK)]


@st.composite
def spoilt(draw: st.DrawFn) -> bytes:
    """A mail of ours in which something was cut out, doubled, or written over."""
    mail = bytearray(draw(st.sampled_from(SAMPLES)))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(mail)))
        end = draw(st.integers(start, min(len(mail), start + 200)))
        mail[start:end] = draw(st.one_of(st.binary(max_size=40), st.just(bytes(mail[start:end]) * 3)))
    return bytes(mail)


@given(st.one_of(spoilt(), st.binary(max_size=2000)))
@example(b"")
@example(b"From: \x00\x00\nSubject: =?x-no?B?////?=\nDate: Mon, 99 Foo 99999 99:99:99 +9999\n\n\x00")
@example(b'Content-Type: text/plain; charset="no-such-charset"\n\n\xff\xfe\x00')
@example(b'Content-Type: text/plain; charset="\xff"\n\nx')
@example(b"Content-Type: text/plain; charset*=x''%ff\nContent-Transfer-Encoding: base64\n\n!!!!!")
@example(b"Content-Type: multipart/report\n\nno boundary")
@example(b'Content-Type: multipart/report; boundary="b"\n\n--b\nContent-Type: message/delivery-status\n\n\n--b--')
@example(b"From: =?utf-8?b?" + b"A" * 50 + b"\nMessage-ID: \xf0\x9f\n\n")
@example(b"Subject: =?unicode_escape?q?=5Cud800?=\nContent-Type: text/plain; charset=utf-7\n\n+2AA-")
@example(b"Content-Type: text/plain; charset=unicode_escape\n\n\\ud800")
@example(b"Content-Type: text/plain; charset=undefined\n\n\xff")
def test_no_mail_does_any_harm(raw: bytes) -> None:
    mail = read_mail(raw)

    assert mail.message_id
    assert len(mail.body) <= 100_000
    assert "\n" not in mail.subject
    assert all(text.encode().decode() == text for text in (mail.subject, mail.body, mail.sender, mail.message_id))


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"X-Header: y\n" * (HUGE // 12) + b"\nx", id="endless headers"),
        pytest.param(b"Subject: " + b"a" * HUGE + b"\n\nx", id="endless header"),
        pytest.param(b"From: " + b'"' * HUGE + b"\n\nx", id="endless quotes"),
        pytest.param(b"From: " + b"(" * HUGE + b"\n\nx", id="endless comments"),
        pytest.param(b"Subject: " + b"=?utf-8?q?a?= " * (HUGE // 14) + b"\n\nx", id="endless words"),
        pytest.param(b"References: " + b"<a@b> " * (HUGE // 6) + b"\n\nx", id="endless references"),
        pytest.param(b"\n\n" + b"x" * HUGE * 10, id="endless body"),
        pytest.param(b"\n\n" + b"\n" * HUGE, id="endless lines"),
        pytest.param(b"Content-Type: text/html\n\n" + b"<" * HUGE, id="endless tags"),
        pytest.param(b"Content-Type: text/html\n\n" + b"<!--" * (HUGE // 4), id="endless HTML comments"),
        pytest.param(b"Content-Type: text/html\n\n" + b"&" * HUGE, id="endless ampersands"),
        pytest.param(
            b"".join(b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(50_000)),
            id="parts within parts",
        ),
        pytest.param(
            b'Content-Type: multipart/mixed; boundary="b"\n\n' + b"--b\n\nx\n" * (HUGE // 8), id="endless parts"
        ),
        pytest.param(b"Content-Type: message/rfc822\n\n" * 50_000, id="mails within mails"),
        pytest.param(b"Content-Type: text/plain" + b"; a=b" * (HUGE // 5) + b"\n\nx", id="endless parameters"),
        *(
            pytest.param(raw.replace(b"HERE", b"\n\n\xff-" + b"abc9" * (HUGE // 4)), id=f"a codec that is slow {where}")
            for where, raw in {
                "in a text": b"Content-Type: text/plain; charset=punycodeHERE",
                "in pieces": b"Content-Type: text/html; charset*0=puny; charset*1=codeHERE",
                "in a report": b'Content-Type: multipart/report; boundary="b"\n\n--b\n'
                b"Content-Type: message/delivery-status\n\nAction: failed\n\n--b\n"
                b"Content-Type: text/rfc822-headers; charset=punycodeHERE\n--b--",
                "in no report": b"Content-Type: multipart/report; charset=punycodeHERE",
            }.items()
        ),
    ],
)
def test_no_mail_takes_long(raw: bytes) -> None:
    before = perf_counter()

    mail = read_mail(raw)

    assert mail.message_id
    assert perf_counter() - before < 15
