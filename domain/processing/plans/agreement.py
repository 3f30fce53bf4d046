"""Agreement: the paper of a plan as it would be signed now, with how its interest comes about."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.documents.rendering import Renderer
from domain.late_charges.model import ChargeKind
from domain.late_charges.reckoning import Reckoned
from domain.plans import agreement, queries
from domain.plans.agreed import as_agreed
from domain.plans.agreement import Working, agreement_data
from domain.plans.signing import Paper
from domain.processing.plans.interest import interest_of
from domain.shared.languages import spoken


def agreement_paper(
    session: Session,
    renderer: Renderer,
    account_id: int,
    plan_id: int,
    *,
    language: str | None = None,
    by_hand: bool = False,
) -> Paper:
    """The agreement of a plan of this account as PDF, with the fingerprint of what it says.

    In the account's language unless another is asked for; `by_hand`: to be printed and signed. Show it, and hand it to
    `signing.sign` as it was shown. Raises NotFound, Conflict where no plan is needed any more.
    """
    plan = queries.entity(session, account_id, plan_id)
    bears = interest_of(session, plan)
    agreed = as_agreed(session, plan, interest=bears.amount)
    language = language or accounts.account(session, account_id).language
    data = agreement_data(
        session,
        plan,
        agreed,
        language=language,
        workings=[_working(each) for each in bears.reckoned],
        by_hand=by_hand,
    )
    content = renderer.render(agreement.TEMPLATE, data, language)
    return Paper(content, agreed.digest, spoken(language))


def filename(plan_id: int) -> str:
    """What a download of it is called."""
    return f"plan-{plan_id}.pdf"


def _working(reckoned: Reckoned) -> Working:
    debt = reckoned.debt
    return Working(
        number=debt.number,
        principal=debt.principal,
        due_on=debt.due_on,
        rows=reckoned.rows,
        accrued=reckoned.accrued,
        charged_before=debt.charged_so_far(ChargeKind.INTEREST),
        charged_now=reckoned.to_charge,
    )
