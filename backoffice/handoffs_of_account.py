"""Handoffs of an account: who acts for us, what was handed over, and each criterion for more with its yes or no."""

from __future__ import annotations

from litestar import Response, get, post
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit, officer_of
from backoffice.frame import entered, frame
from backoffice.given import AccountId
from backoffice.placement_views import PART_WORDS, criterion_views, placement_view
from domain.placements import queries
from domain.placements.again import partners_before
from domain.placements.candidates import look
from domain.placements.proposing import LONGEST_REASON, Force, propose
from domain.sessions.once import use_once
from domain.shared.db.session import Database
from domain.shared.errors import N_
from domain.staff.permissions import Permission
from web.acting import carry_out
from web.forms import Form, SentForm
from web.fragments import page
from web.given import GivenDatabase
from web.visit import AnyRequest

PATH = "/accounts/{account_id:int}/handoffs"
FORCE = "force"
"""The tick that hands over what can no longer be enforced."""
SAME_PARTNER = "same_partner"
"""The tick that lets it go to a partner that had some of it before."""


@get(PATH, guards=admit(Permission.SEE_PLACEMENTS), sync_to_thread=True)
def account_handoffs(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """Its placements, and each criterion with its yes or no today."""
    return _show(request, database, account_id, None)


@post(PATH, guards=admit(Permission.PROPOSE_HANDOFF), sync_to_thread=True)
def propose_handoff(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm
) -> Response[bytes]:
    """Propose the invoices that are ticked."""
    with database.reading() as session:
        entered(session, account_id)
        partners = {str(each.id): each.id for each in queries.partners(session) if each.ended_at is None}

    def act(session: Session) -> str:
        with form.reading():
            chosen = form.ids("invoice", missing=N_("Choose at least one invoice."))
            partner_id = form.choice("partner", {**partners, "": 0})
            if not partner_id and not form.error("partner"):
                form.refuse("partner", N_("Choose a partner."))
            reason = form.text("reason", longest=LONGEST_REASON, missing=N_("Say why."))
            barred_why = form.text("barred_why", longest=LONGEST_REASON, required=False)
        force = Force(barred_why, officer_of(request).role) if form.ticked(FORCE) else None
        use_once(session, form.value("once"))
        actor = actor_of(request)
        made = propose(
            session,
            account_id,
            partner_id,
            reason=reason,
            invoice_ids=chosen,
            force=force,
            same_partner=form.ticked(SAME_PARTNER),
            actor=actor,
        )
        return f"/handoffs/{made.id}"

    def again(form: Form) -> Response[bytes]:
        return _show(request, database, account_id, form)

    there = f"/accounts/{account_id}/handoffs"
    return carry_out(request, database, form, act, there=there, again=again)


def _show(request: AnyRequest, database: Database, account_id: int, form: Form | None) -> Response[bytes]:
    with database.reading() as session:
        context = frame(session, account_id, "handoffs")
        judged = look(session, account_id).judged
        choice = look(session, account_id, force=True).judged if judged.can_force else judged
        context |= {
            "placements": [placement_view(row) for row in queries.of_account(session, account_id)],
            "criteria": criterion_views((), judged.findings),
            "judged": judged,
            "choice": choice,
            "can_propose": judged.is_candidate or (choice.forced and not choice.missing()),
            "part_words": PART_WORDS,
            "is_proposed": account_id in queries.proposed_accounts(session),
            "partners": [(each.id, each.name) for each in queries.partners(session) if each.ended_at is None],
            "was_placed": bool(partners_before(session, account_id)),
            "longest": LONGEST_REASON,
        }
    context["form"] = form or Form.starting(request, invoice=[str(late.invoice_id) for late in judged.ready])
    return page(request, "backoffice/handoffs/account.html", context)
