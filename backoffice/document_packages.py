"""Packages of documents: staff send a ZIP whose files are named by invoice numbers, and see what became of each."""

from __future__ import annotations

from litestar import Response, get, post

from backoffice.access import actor_of, admit
from domain.documents.names import BY_HAND, FILED, FILED_AS
from domain.processing.filing_packages import file_package
from domain.shared.errors import N_, Refused
from domain.staff.permissions import Permission
from web.forms import Form, SentForm
from web.fragments import page
from web.given import GivenDatabase
from web.uploads import MOST_SENT, GivenIntake
from web.visit import AnyRequest

PATH = "/documents/package"


@get(PATH, guards=admit(Permission.FILE_DOCUMENTS), sync_to_thread=True)
def package_form(request: AnyRequest) -> Response[bytes]:
    """The form for a package."""
    return _page(request, Form.starting(request, category=BY_HAND[0].value))


@post(PATH, guards=admit(Permission.FILE_DOCUMENTS), sync_to_thread=True, request_max_body_size=MOST_SENT)
def send_package(request: AnyRequest, database: GivenDatabase, form: SentForm, intake: GivenIntake) -> Response[bytes]:
    """File what can be filed of it, and say of each file what became of it; sent again, nothing is filed twice."""
    try:
        with form.reading():
            category = form.choice("category", FILED_AS, missing=N_("Choose what it is."))
            sent = form.upload("file", missing=N_("Choose a ZIP archive."))
        assert sent is not None
        fates = file_package(database, intake, sent.file, category=category, actor=actor_of(request))
    except Refused as refused:
        return _page(request, form.refused(refused), status=422)
    return page(request, "backoffice/documents/package_sent.html", {"fates": fates})


def _page(request: AnyRequest, form: Form, *, status: int = 200) -> Response[bytes]:
    return page(request, "backoffice/documents/package.html", {"form": form, "filed": FILED}, status=status)
