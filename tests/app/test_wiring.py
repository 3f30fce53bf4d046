"""Wiring: who carries texts, where mail comes in and documents lie, by the settings; how Twilio reaches the portal."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import NoneType

import pytest
from litestar import Litestar

from adapters.mail.imap import ImapMailbox
from adapters.mail.mailbox_file import MaildirFolder, MboxFile
from adapters.sms.folder import FolderTexter
from adapters.sms.twilio import TwilioTexter
from adapters.storage.disk import DiskStore
from adapters.storage.s3 import S3Store
from app.asgi import portal_site
from app.environment import WrongSetting
from app.opening import document_store
from app.settings import Settings, demo_environment, settings_of
from app.text_hooks import TEXTS_PATH
from app.wired import Wired
from app.wiring import mailbox_for, texter_for
from domain.inbox import queries as inbox
from tests.support.client import Client
from tests.support.twilio import ACCOUNT, SENDER, TOKEN, signature


def settings(folder: Path, **given: str) -> Settings:
    """Settings with which sites can be served, and these."""
    environ = demo_environment({"QUITTANCE_HOME": str(folder)}, simulator_url="http://127.0.0.1:1")
    return settings_of({**environ, **{f"QUITTANCE_{name}": text for name, text in given.items()}})


def with_twilio(folder: Path) -> Settings:
    """Twilio in place of the demo's folder."""
    return settings(folder, TEXTS_FOLDER="", TWILIO_ACCOUNT=ACCOUNT, TWILIO_TOKEN=TOKEN, TWILIO_FROM=SENDER)


def test_the_demo_writes_texts_into_a_folder(tmp_path: Path) -> None:
    assert isinstance(texter_for(settings(tmp_path)), FolderTexter)


def test_with_an_account_texts_go_by_twilio(tmp_path: Path) -> None:
    texter = texter_for(with_twilio(tmp_path))

    assert isinstance(texter, TwilioTexter)
    texter.close()


def test_without_either_nobody_carries_texts(tmp_path: Path) -> None:
    assert texter_for(settings(tmp_path, TEXTS_FOLDER="")) is None


def test_documents_lie_in_a_folder_or_in_the_bucket_that_is_named(tmp_path: Path) -> None:
    bucket = {"DOCUMENTS_URL": "https://s3.example.com/papers?region=eu-west-1"}
    named = settings(tmp_path, **bucket, DOCUMENTS_KEY="key", DOCUMENTS_SECRET="secret")

    assert isinstance(document_store(settings(tmp_path)), DiskStore)
    assert isinstance(document_store(named), S3Store)
    with pytest.raises(WrongSetting, match="QUITTANCE_DOCUMENTS_KEY"):
        settings(tmp_path, **bucket).check_for_serving()


@pytest.mark.parametrize(("is_set_up", "status", "kept"), [(True, 200, 1), (False, 404, 0)])
def test_the_portal_hears_of_texts_where_twilio_is_set_up(
    wired: Wired, tmp_path: Path, is_set_up: bool, status: int, kept: int
) -> None:
    chosen = with_twilio(tmp_path) if is_set_up else settings(tmp_path)
    portal = portal_site(replace(wired, settings=chosen))
    assert isinstance(portal, Litestar)
    fields = {"MessageSid": "SM1", "From": "+441632960123", "Body": "STOP"}
    signed = signature(chosen.portal.public_url + TEXTS_PATH, fields)

    answer = Client(portal).post(TEXTS_PATH, data=fields, headers={"x-twilio-signature": signed})

    assert answer.status == status
    with wired.database.reading() as session:
        assert len(inbox.events(session, inbox.View.ALL)) == kept


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("", NoneType),
        ("mbox:/var/mail/quittance", MboxFile),
        ("maildir:/var/mail/quittance", MaildirFolder),
        ("imaps://name:password@mail.example.com/INBOX", ImapMailbox),
        ("imap://name:password@127.0.0.1/INBOX", ImapMailbox),
    ],
)
def test_mail_comes_in_from_where_the_settings_say(tmp_path: Path, url: str, kind: type) -> None:
    assert isinstance(mailbox_for(settings(tmp_path, INBOX_URL=url)), kind)
