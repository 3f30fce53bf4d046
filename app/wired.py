"""Wired: everything that sites, worker and commands need, made once a process and known only by its ports."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.nudging import Nudge
from app.settings import Settings
from app.tallying import Tally
from domain.documents.rendering import Renderer
from domain.documents.scanning import Scanner
from domain.documents.storage import Store
from domain.notices.incoming.arriving import Mailbox
from domain.payments.processor import Processor
from domain.placements.people.folders import PartnerFolders
from domain.shared.db.session import Database
from domain.shared.mail import Mailer
from domain.shared.texting import Texter
from web.rendering import Renderer as Letters


@dataclass(frozen=True)
class Wired:
    """The database and whoever stands behind each port."""

    settings: Settings
    database: Database
    processor: Processor
    mailer: Mailer
    store: Store
    renderer: Renderer
    letters: Letters
    """The templates of mail, in every language."""
    texter: Texter | None = None
    """Whoever carries text messages; None where nobody is set up, and none is decided on."""
    mailbox: Mailbox | None = None
    """Where answers arrive; None where nowhere is set up."""
    scanner: Scanner | None = None
    """Whoever looks for viruses in what people send; None where nobody is set up."""
    folders: PartnerFolders | None = None
    """The folders in which partners fetch and leave files; None where none are set up."""
    tally: Tally = field(default_factory=Tally)
    nudge: Nudge = field(default_factory=Nudge)
    """Wakes the worker when there is something to do at once."""
