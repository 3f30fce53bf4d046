"""IMAP: mail is read from a server, marked only once it is safe with us, and never over an open line."""

from __future__ import annotations

import ssl

import pytest
import trustme

from adapters.mail.imap import ImapMailbox
from domain.shared.mail import MailUnavailable
from tests.support.imap_server import imap_server
from tests.support.mails import Reader


def test_unseen_mail_is_handed_over_once_the_oldest_first() -> None:
    reader = Reader()
    with imap_server() as folder:
        for raw in (b"one\r\n", b"two (5 {3}\r\n)\r\n", b""):
            folder.put(raw)
        box = ImapMailbox(folder.url)
        first, rest, none = (box.each(reader, limit=2) for _ in range(3))

    assert (first, rest, none) == (2, 1, 0)
    assert reader.got == [b"one\r\n", b"two (5 {3}\r\n)\r\n", b""]


def test_what_was_not_taken_stays_unseen() -> None:
    with imap_server() as folder:
        first, second = folder.put(b"one"), folder.put(b"two")
        taken = ImapMailbox(folder.url).each(lambda raw: raw == b"two", limit=9)

        assert taken == 1
        assert folder.seen == {second}
        assert first not in folder.seen


def test_a_mail_is_marked_after_it_was_taken_and_not_before() -> None:
    with imap_server() as folder:
        folder.put(b"one")
        seen: list[set[int]] = []

        def take(raw: bytes, /) -> bool:
            seen.append(set(folder.seen))
            return True

        ImapMailbox(folder.url).each(take, limit=9)

        assert seen == [set()]
        assert len(folder.seen) == 1


@pytest.mark.parametrize("command", ["LOGIN", "SELECT", "UID SEARCH", "UID FETCH", "UID STORE"])
def test_a_server_that_refuses_is_asked_again_later(command: str) -> None:
    with imap_server() as folder:
        folder.put(b"one")
        folder.refuse = command

        with pytest.raises(MailUnavailable):
            ImapMailbox(folder.url).each(lambda raw: True, limit=9)
        assert folder.seen == set()


@pytest.mark.parametrize(
    "url", ["imap://quittance:wrong@127.0.0.1:{port}/INBOX", "imap://quittance:pass%22word@127.0.0.1:{port}/Nowhere"]
)
def test_a_wrong_password_or_folder_says_so(url: str) -> None:
    with imap_server() as folder, pytest.raises(MailUnavailable, match=r"127\.0\.0\.1"):
        ImapMailbox(url.format(port=folder.port)).each(lambda raw: True, limit=9)


def test_nobody_there_is_no_crash() -> None:
    with imap_server() as folder:
        port = folder.port

    with pytest.raises(MailUnavailable):
        ImapMailbox(f"imap://a:b@127.0.0.1:{port}/INBOX", time_out=1).each(lambda raw: True, limit=9)


def test_an_open_line_is_for_this_machine_only() -> None:
    with pytest.raises(ValueError, match="TLS only"):
        ImapMailbox("imap://a:b@mail.example.com/INBOX")


def test_over_tls_with_a_certificate_that_we_trust_and_with_no_other() -> None:
    authority, trusting = trustme.CA(), ssl.create_default_context()
    authority.configure_trust(trusting)
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(server_side)
    with imap_server(server_side) as folder:
        folder.put(b"one")
        url = folder.url.replace("imap://", "imaps://")
        taken = ImapMailbox(url, tls=trusting).each(lambda raw: raw == b"one", limit=9)

        assert taken == 1
        with pytest.raises(MailUnavailable, match="certificate"):
            ImapMailbox(url).each(lambda raw: True, limit=9)
