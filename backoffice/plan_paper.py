"""A plan's paper: what a plan says as it would be signed now, and filing the paper that was signed by hand."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post

from backoffice.access import actor_of, admit
from backoffice.plan import PlanId
from domain.plans import queries
from domain.plans.agreed import Agreed
from domain.plans.model import PlanStatus
from domain.policies.accepting import Signed, Signer
from domain.processing.plans import signing
from domain.processing.plans.agreement import agreement_paper, filename
from domain.shared.db.session import Database
from domain.shared.errors import N_, Conflict, Refused
from domain.shared.money import Money
from domain.shared.words import Speak
from domain.staff.permissions import Permission
from web.acting import status_of
from web.downloads import download
from web.forms import Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase, GivenRenderer
from web.localisation import SOURCE, supported
from web.uploads import MOST_SENT, GivenIntake
from web.visit import AnyRequest, visit_of

PATH = "/plans/{plan_id:int}/paper"
SIGNABLE = frozenset({PlanStatus.OFFERED, PlanStatus.COUNTERED})
"""The states in which the customer can sign it."""


@get(PATH, guards=admit(Permission.HANDLE_PLANS), sync_to_thread=True)
def paper_form(request: AnyRequest, database: GivenDatabase, plan_id: PlanId) -> Response[bytes]:
    """What the plan says now, with its fingerprint, and the form for the paper; Conflict where nobody can sign it."""
    return _page(request, database, plan_id, Form.starting(request))


@get(f"{PATH}.pdf", guards=admit(Permission.HANDLE_PLANS), sync_to_thread=True)
def paper_to_sign(database: GivenDatabase, renderer: GivenRenderer, plan_id: PlanId) -> Response[Any]:
    """The agreement to be printed and signed by hand, in the customer's language."""
    with database.reading() as session:
        row = queries.plan(session, plan_id)
        paper = agreement_paper(session, renderer, row.account_id, plan_id, by_hand=True)
    return download(paper.content, filename(plan_id), paper.media_type)


@post(
    PATH,
    guards=admit(Permission.HANDLE_PLANS),
    sync_to_thread=True,
    request_max_body_size=MOST_SENT,
)
def file_plan_paper(
    request: AnyRequest, database: GivenDatabase, plan_id: PlanId, form: SentForm, intake: GivenIntake
) -> Response[bytes]:
    """File what the customer has signed by hand, if the plan still says what was shown; its invoices are protected."""
    with database.reading() as session:
        row = queries.plan(session, plan_id)
    try:
        with form.reading():
            name = form.text("name", missing=N_("Enter who signed it."))
            title = form.text("job_title", longest=120, missing=N_("Enter their job title, such as Director."))
            signed_on = form.day("signed_on", missing=N_("Enter the day beside the signature."))
            sent = form.upload("file", missing=N_("Choose the file of the signed paper."))
        assert sent is not None
        by_hand = Signed(intake.take_in(sent), signed_on)
        with database.transaction() as session:
            signing.file_paper(
                session,
                row.account_id,
                plan_id,
                by_hand,
                Signer(name, title),
                digest=form.value("digest"),
                speak=_speak(request),
                actor=actor_of(request),
            )
    except Refused as refused:
        return _page(request, database, plan_id, form.refused(refused), status=status_of(refused))
    return see_other(request, f"/plans/{plan_id}")


def _speak(request: AnyRequest) -> Speak:
    """The way of speaking for a customer's language, or English."""
    speaking = visit_of(request).site.renderer.speaking
    return lambda language: speaking(supported(language) or SOURCE)


def _page(request: AnyRequest, database: Database, plan_id: int, form: Form, *, status: int = 200) -> Response[bytes]:
    with database.reading() as session:
        row = queries.plan(session, plan_id)
        if row.status not in SIGNABLE:
            raise Conflict(N_("Only what was offered to the customer can be signed."))
        agreed: Agreed = signing.as_agreed(session, row.account_id, plan_id)
        context = {
            "plan": row,
            "path": f"/plans/{plan_id}",
            "agreed": agreed,
            "invoices": [(each, Money(each.open_minor, row.currency)) for each in agreed.invoices],
            "form": form,
        }
    return page(request, "backoffice/plans/paper.html", context, status=status)
