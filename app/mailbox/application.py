"""The mailbox as a site: the emails and texts that the demo wrote into folders, and the codes of its staff."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

from litestar import Litestar, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from adapters.mail.folder import FolderMailer, SentMail
from adapters.sms.folder import FolderTexter
from app.demo.codes import codes_now, seconds_left
from app.demo.guarding import refuse_outside_demo
from app.settings import Settings
from domain.shared.db.session import Database
from domain.shared.errors import NotFound
from web.downloads import download
from web.fragments import fragment, page
from web.given import GivenDatabase
from web.kit import assemble
from web.localisation import SOURCE
from web.rendering import TEMPLATES
from web.settings import SiteSettings
from web.visit import AnyRequest

OURS = Path(__file__).parent / "templates"
OPEN = {"public": True}
"""There is nobody to sign in: whoever sits at this machine may read."""
LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; sandbox"
)
"""A letter is shown as it was sent, with its own styles and pictures, and may do nothing."""
SHOWN = 20
"""Emails on the page, and texts: each is read whole, with what came with it."""
GivenMailbox: TypeAlias = NamedDependency[FolderMailer]
GivenTexts: TypeAlias = NamedDependency[FolderTexter]
MessageName: TypeAlias = FromPath[str]


def application(settings: Settings, database: Database, public_url: str) -> Litestar:
    """The mailbox of the demo, to be served on loopback; WrongSetting anywhere else."""
    refuse_outside_demo(settings, public_url)
    return assemble(
        name="mailbox",
        route_handlers=[inbox, latest, codes, message, letter, attachment],
        settings=SiteSettings(
            public_url=public_url, secret=settings.secret_key.encode(), allowed_hosts=("localhost", "127.0.0.1")
        ),
        database=database,
        authenticate=lambda _: None,
        page_context=lambda _: {"lang": "en-GB", "portal": settings.portal.public_url},
        provides={
            "mailbox": FolderMailer(settings.home / "mail", sender=settings.mail_from),
            "texts": FolderTexter(Path(settings.texts_folder)),
        },
        only_language=SOURCE,
        templates=(OURS, TEMPLATES),
    )


@get("/", opt=OPEN, sync_to_thread=True)
def inbox(request: AnyRequest, mailbox: GivenMailbox, texts: GivenTexts, database: GivenDatabase) -> Response[bytes]:
    """The latest mail and texts, and the codes."""
    return page(request, "mailbox/inbox.html", {**_latest(mailbox, texts), **_codes(database)})


@get("/latest", opt=OPEN, sync_to_thread=True)
def latest(request: AnyRequest, mailbox: GivenMailbox, texts: GivenTexts) -> Response[bytes]:
    """The lists alone, for the page to renew itself."""
    return fragment(request, "mailbox/_list.html", _latest(mailbox, texts))


@get("/codes", opt=OPEN, sync_to_thread=True)
def codes(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """The codes alone, for the page to renew itself."""
    return fragment(request, "mailbox/_codes.html", _codes(database))


@get("/messages/{name:str}", opt=OPEN, sync_to_thread=True)
def message(request: AnyRequest, name: MessageName, mailbox: GivenMailbox) -> Response[bytes]:
    """One email as text, with its links."""
    sent = _found(mailbox, name)
    return page(request, "mailbox/message.html", {"message": sent, "paragraphs": _paragraphs(sent.text)})


@get("/messages/{name:str}/letter", opt=OPEN, sync_to_thread=True)
def letter(name: MessageName, mailbox: GivenMailbox) -> Response[str]:
    """One email as its reader's mail program shows it."""
    headers = {"content-security-policy": LETTER_POLICY}
    return Response(_found(mailbox, name).html, media_type="text/html", headers=headers)


@get("/messages/{name:str}/files/{number:int}", opt=OPEN, sync_to_thread=True)
def attachment(name: MessageName, number: FromPath[int], mailbox: GivenMailbox) -> Response[Any]:
    """A file that came with an email."""
    files = _found(mailbox, name).attachments
    if not 0 <= number < len(files):
        raise NotFound
    return download(files[number].content, files[number].filename, files[number].media_type)


def _found(mailbox: FolderMailer, name: str) -> SentMail:
    sent = mailbox.message(name)
    if sent is None:
        raise NotFound
    return sent


def _latest(mailbox: FolderMailer, texts: FolderTexter) -> Mapping[str, object]:
    return {"messages": mailbox.list_messages(SHOWN), "texts": texts.list_texts(SHOWN)}


def _codes(database: Database) -> Mapping[str, object]:
    return {"codes": codes_now(database), "seconds": seconds_left(database.clock.now())}


def _paragraphs(text: str) -> list[list[str]]:
    """The lines of each paragraph."""
    blocks = text.replace("\r\n", "\n").split("\n\n")
    return [[line for line in block.split("\n") if line.strip()] for block in blocks if block.strip()]
