"""A notice in words: what is asked for, in the reader's language, with what is left out and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.notices.deciding import Part, What, decide
from domain.notices.model import HeldBack, Notice
from domain.notices.reach.reaching import Reached
from domain.notices.wording.composed import Composed
from domain.notices.wording.composing import Asked, Occasion, compose, written
from domain.notices.wording.placeholders import named
from domain.notices.wording.texts import Text
from domain.notices.wording.wordbook import wordbook
from domain.policies.contacting import CHASING, Channel, Recipient, Wording
from domain.policies.sections import Handoff, Sections
from domain.receivables.references import invoices_in
from domain.shared.actor import WORKER
from domain.shared.business import Business
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.shared.money import Money
from tests.support.builders import an_account, an_invoice, money
from tests.support.policies import a_policy

OURS = Business(name="Harbour Foods", phone="+44 1632 960000")
LINK = "https://pay.example.com/l/secret"
DAY = date(2026, 3, 16)


def gbp(amount: str) -> Money:
    return Money.of(amount, "GBP")


def asked(number: str, amount: str, late: int = 12, left_out: str = "0", why: HeldBack | None = None) -> Asked:
    due_on = DAY - timedelta(days=late)
    invoice_id, issued_on = int(number.rpartition("-")[2]), due_on - timedelta(days=30)
    return Asked(invoice_id, number, issued_on, due_on, gbp(amount), gbp(left_out), why)


def said(
    *parts: Asked,
    wording: Wording = Wording.SECOND_REMINDER,
    channel: Channel = Channel.EMAIL,
    recipient: Recipient = Recipient.CONTACT,
    language: str = "en",
    body: str | None = None,
    ours: Business = OURS,
    link: str | None = LINK,
    act_by: date | None = DAY + timedelta(days=7),
    **further: object,
) -> Composed:
    """What a notice about these says."""
    built_in = wordbook(language).texts.get((wording, channel))
    text = Text(built_in.subject if built_in else "", body or (built_in.body if built_in else ""), channel, None, 0)
    occasion = Occasion(
        wording, channel, recipient, language, "Ana", "Bistro Ltd", "A-7", "GBP", DAY, parts, act_by, None
    )
    return written(occasion, text, ours, link=link, further=further)


def plain(words: str) -> str:
    return words.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def test_a_notice_is_composed_of_what_was_decided_or_of_what_it_asks_for_now(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session, language="en-US")
        one = an_invoice(session, account, "120", number="INV-1")
        two = an_invoice(session, account, "80", number="INV-2")
        parts = [
            Part(two.id, two.due_on, money("80"), money("0")),
            Part(one.id, one.due_on, money("100"), money("20"), HeldBack.DISPUTED),
        ]
        reached = Reached(Channel.EMAIL, "a@b.example", Recipient.CONTACT, None, "Ana", "en-US")
        what = What(Wording.DEMAND, act_by=today(session) + timedelta(days=7), sender="Maya Lopez")
        notice = decide(session, account, what, reached, parts, actor=WORKER)
        full = compose(session, notice, link=LINK)
        less = compose(session, notice, link=LINK, parts=parts[:1])

    assert [(row.number, row.asked) for row in full.rows] == [("INV-1", "£100.00"), ("INV-2", "£80.00")]
    assert full.rows[0].left_out == "£20.00 is left out because it is disputed."
    assert (full.total, full.locale, full.sender, full.text_id) == ("£180.00", "en-US", "Maya Lopez", None)
    assert plain(full.subject) == "Please pay £180.00 by Mar 23, 2026"
    assert (less.total, len(less.rows)) == ("£80.00", 1)


@pytest.mark.parametrize("section", [Handoff(), None])
def test_a_final_notice_says_from_when_the_debt_may_be_handed_over_only_where_the_policy_has_that(
    db: Database, section: Handoff | None
) -> None:
    with db.transaction() as session:
        account = an_account(session, language="en-US")
        a_policy(session, Sections(handoff=section), account_id=account.id)
        invoice = an_invoice(session, account, "120")
        reached = Reached(Channel.LETTER, "1 Quay Street", Recipient.CONTACT, None, "Ana", "en-US")
        what = What(Wording.FINAL_NOTICE, act_by=DAY + timedelta(days=7))
        notice = decide(
            session, account, what, reached, [Part(invoice.id, invoice.due_on, money("120"), money("0"))], actor=WORKER
        )

        words = plain(compose(session, notice, link=LINK).plain())

    says = "From Mar 24, 2026 on we may hand it to an agency or a lawyer, who then act for us."
    assert (says in words) is (section is not None)
    assert ("agency" in words) is (section is not None)
    assert "we decide how to collect this debt" in words


@pytest.mark.parametrize("language", ["en", "es", "fr", "de"])
@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.LETTER])
def test_every_language_has_the_sentence_about_handing_over_in_a_paragraph_of_its_own(
    language: str, channel: Channel
) -> None:
    text = wordbook(language).texts[Wording.FINAL_NOTICE, channel].body

    about = [paragraph for paragraph in text.split("\n\n") if "{handoff_from}" in paragraph]

    assert len(about) == 1
    assert named(about[0]) == ["handoff_from"]


@pytest.mark.parametrize("language", ["en", "en-US", "es", "fr", "de"])
@pytest.mark.parametrize("wording", sorted(CHASING))
@pytest.mark.parametrize("channel", Channel)
def test_every_reminder_says_how_much_and_how_to_pay_in_every_language(
    language: str, wording: Wording, channel: Channel
) -> None:
    built_in = wordbook(language).texts
    body = built_in.get((wording, channel), built_in[wording, Channel.EMAIL]).body

    words = said(asked("INV-1", "1240.50"), wording=wording, channel=channel, language=language, body=body).plain()

    assert "{" not in words
    assert "240.50" in words or "240,50" in words
    assert LINK in words or channel is Channel.CALL
    assert "STOP" in words or channel is not Channel.SMS


@pytest.mark.parametrize(
    ("language", "amount", "day"),
    [
        ("en", "£1,240.50", "4 Mar 2026"),
        ("en-US", "£1,240.50", "Mar 4, 2026"),
        ("es", "1.240,50 GBP", "4 mar 2026"),
        ("fr", "1 240,50 £GB", "4 mars 2026"),
        ("de", "1.240,50 £", "04.03.2026"),
    ],
)
def test_amounts_and_days_are_written_as_in_the_country(language: str, amount: str, day: str) -> None:
    (row,) = said(asked("INV-1", "1240.50"), language=language).rows

    assert (plain(row.asked), plain(row.due_on)) == (amount, day)


def test_few_invoices_are_named_and_many_are_counted() -> None:
    body = "Pay {invoices}, {numbers}, {total}, since {due_on}, {days_late} late."

    one = said(asked("1", "5"), body=body)
    two = said(asked("1", "5", late=1), asked("2", "5"), body=body)
    four = said(*(asked(str(number), "5") for number in range(4)), body=body)

    assert plain(one.paragraphs[0]) == "Pay invoice 1, 1, £5.00, since 4 Mar 2026, 12 days late."
    assert plain(two.paragraphs[0]).startswith("Pay invoices 1 and 2, 1 and 2, £10.00, since 4 Mar 2026 (the earliest")
    assert plain(four.paragraphs[0]).startswith("Pay 4 invoices, 0, 1, 2 and 3, £20.00, since 4 Mar 2026, ")
    assert [each.reference for each in (one, two, four)] == [
        "RF35 Q000 001",
        "RF35 Q000 001, RF08 Q000 002",
        "A-7",
    ]
    assert [invoices_in(each.reference or "") for each in (one, two)] == [[1], [1, 2]]


@pytest.mark.parametrize(
    ("language", "called"),
    [
        ("en", "invoice INV-1 and late charges DN-1 and DN-2"),
        ("es", "la factura INV-1 y los cargos por retraso DN-1 y DN-2"),
        ("fr", "la facture INV-1 et les frais de retard DN-1 et DN-2"),
        ("de", "die Rechnung INV-1 und die Verzugskosten DN-1 und DN-2"),
    ],
)
def test_a_charge_for_lateness_is_not_called_an_invoice(language: str, called: str) -> None:
    charges = [replace(asked(number, "40"), is_charge=True) for number in ("DN-1", "DN-2")]

    found = said(asked("INV-1", "5"), *charges, body="{invoices}", language=language)

    labels = wordbook(language).labels
    assert found.paragraphs == (called,)
    assert [row.name for row in found.rows] == [labels["number"], labels["charge"], labels["charge"]]
    assert f"{labels['charge']} DN-1 · " in found.plain()


def test_an_invoice_that_is_left_out_as_a_whole_is_not_asked_for() -> None:
    found = said(
        asked("1", "5"), asked("2", "0", late=40, left_out="9", why=HeldBack.PROMISED), body="{numbers} {due_on}"
    )

    assert plain(found.paragraphs[0]) == "1 4 Mar 2026"
    assert [row.left_out for row in found.rows] == [None, "£9.00 is left out because you have promised to pay it."]


def test_a_paragraph_that_names_what_there_is_not_is_left_out() -> None:
    body = "Call {phone}.\n\nPay by {act_by}.\n\nPay {total}."

    assert len(said(asked("1", "5"), body=body).paragraphs) == 3
    found = said(asked("1", "5"), body=body, ours=Business(name="Harbour Foods"), act_by=None)
    assert found.paragraphs == ("Pay £5.00.",)


def test_what_is_not_about_invoices_is_filled_by_whoever_tells_of_it() -> None:
    body = "{card} {expires} {paid} {paid_on} {late_invoices} {discount}\n\nNone: {overdue}"

    found = said(
        body=body,
        card="Visa 4242",
        expires="12/2026",
        paid=gbp("5"),
        paid_on=DAY,
        late_invoices=["1", "2"],
        discount=3,
        overdue=None,
    )

    assert [plain(each) for each in found.paragraphs] == ["Visa 4242 12/2026 £5.00 16 Mar 2026 1 and 2 3"]
    assert (found.total, found.rows, found.reference) == (None, (), None)
    with pytest.raises(TypeError, match="cannot say a float"):
        said(body=body, card=1.5)


def test_a_balance_below_zero_is_in_the_readers_favour() -> None:
    assert said(body="Your balance is {balance}.", balance=gbp("-5.35")).paragraphs == (
        "Your balance is £5.35 in your favour.",
    )


def test_what_a_value_says_is_never_read_as_a_placeholder() -> None:
    assert said(body="{card}", card="{total} {0}").paragraphs == ("{total} {0}",)


def test_a_calls_script_has_its_answers_apart() -> None:
    found = said(asked("1", "5"), channel=Channel.CALL)

    assert [each.objection for each in found.answers][:2] == ["We never got the invoice", "It is with accounts"]
    assert not any(paragraph.startswith("#") for paragraph in found.paragraphs)
    assert "If they say “We have no money”:\nThank you for saying so." in found.plain()


@pytest.mark.parametrize(
    ("recipient", "channel", "words"),
    [
        (Recipient.ABOVE, Channel.EMAIL, "We write to you because your colleagues have not answered us."),
        (Recipient.GUARANTOR, Channel.LETTER, "You have guaranteed what Bistro Ltd owes us."),
        (Recipient.GUARANTOR, Channel.SMS, "You guarantee what Bistro Ltd owes:"),
    ],
)
def test_who_does_not_pay_the_invoices_is_told_why_they_are_written_to(
    recipient: Recipient, channel: Channel, words: str
) -> None:
    assert (
        said(asked("1", "5"), recipient=recipient, channel=channel, body="Pay {total}.").paragraphs[0].startswith(words)
    )


def test_a_text_message_has_no_sign_that_makes_it_dear() -> None:
    words = said(asked("1", "1240.50"), channel=Channel.SMS, language="fr").plain()

    assert not {"\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}", "’"} & set(words)
    assert "\n" not in words


def test_a_notice_that_asks_for_nothing_has_no_way_to_pay() -> None:
    words = said(wording=Wording.THANK_YOU, act_by=None).plain()

    assert LINK not in words
    assert words.startswith("Hello Ana,\n\nThank you for paying on time.")
    assert words.endswith("Kind regards\nHarbour Foods")


def test_an_invoice_that_is_paid_meanwhile_is_told_of_without_asking() -> None:
    found = said(asked("INV-1", "0"), wording=Wording.INVOICE, act_by=None, link=None)

    assert found.subject == "A new invoice from Harbour Foods: INV-1"
    assert found.paragraphs[0] == "We have issued invoice INV-1. The attached PDF shows what it is for."
    assert (len(found.paragraphs), found.rows, found.total) == (2, (), None)


def test_a_subject_leaves_out_what_there_is_not() -> None:
    text = Text("A card: {card} {expires}", "Hello.", Channel.EMAIL, None, 0)
    occasion = Occasion(
        Wording.CARD_EXPIRING, Channel.EMAIL, Recipient.CONTACT, "en", "Ana", "Bistro Ltd", "A-7", "GBP", DAY
    )

    assert written(occasion, text, OURS, link=None, further={"card": "Visa 4242"}).subject == "A card: Visa 4242"
    assert written(occasion, text, OURS, link=None, further={}).subject == "A card"


@pytest.mark.parametrize(("channel", "days"), [(Channel.CALL, 13), (Channel.LETTER, 5)])
def test_a_call_that_waited_gives_as_many_days_as_when_it_was_decided_on(
    db: Database, clock: MovableClock, channel: Channel, days: int
) -> None:
    with db.transaction() as session:
        what = What(Wording.SECOND_REMINDER, act_by=today(session) + timedelta(days=5))
        reached = Reached(channel, "there", Recipient.CONTACT, None, "Ana", "en")
        notice = decide(session, an_account(session), what, reached, [], actor=WORKER)
    clock.advance(days=8)

    with db.reading() as session:
        said = compose(session, session.get_one(Notice, notice.id), link=None)

    assert said.act_by
    assert said.act_by.split() == f"{DAY + timedelta(days=days):%-d %b %Y}".split()
