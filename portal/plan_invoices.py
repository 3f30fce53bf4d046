"""Plan invoices: which of the open invoices a payment plan is to be about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from litestar import Response
from sqlalchemy.orm import Session

from domain.placements.acting import acting
from domain.plans import negotiating
from domain.receivables.model import InvoiceKind
from domain.shared.money import Money
from portal.access import Entered
from web.forms import Form
from web.fragments import page
from web.visit import AnyRequest

CHOSEN = "chosen"
"""What the page sends along, so that nothing ticked is told from nothing asked yet."""


@dataclass(frozen=True, slots=True)
class Choosable:
    """An invoice that a plan can be made over, with what is open of it."""

    id: int
    number: str
    is_late_charge: bool
    due_on: date
    open: Money


def to_choose(session: Session, account: Entered, changes: int | None) -> list[Choosable]:
    """What a plan can be made over, or one that replaces `changes`; Conflict where the terms have no plans."""
    negotiating.plans_of(session, account.id)
    return [
        Choosable(
            id=row.id,
            number=row.number,
            is_late_charge=row.kind is InvoiceKind.DEBIT_NOTE,
            due_on=row.due_on,
            open=Money(row.open_minor, account.currency),
        )
        for row in negotiating.plannable(session, account.id, changes=changes).values()
    ]


def which_page(
    request: AnyRequest, session: Session, account: Entered, there: Sequence[Choosable], form: Form
) -> Response[bytes]:
    """Which invoices: at first all are ticked, for somebody to untick what they can pay otherwise."""
    ticked = form.values("invoice") if form.errors else [str(one.id) for one in there]
    shown = Form.starting(request, invoice=ticked)
    shown.errors = form.errors
    context = {
        "account": account,
        "acting": acting(session, account.id),
        "invoices": there,
        "total": Money.sum((one.open for one in there), account.currency),
        "form": shown,
        "changes": form.value("changes"),
        "chosen": CHOSEN,
    }
    return page(request, "portal/plans/which.html", context, status=422 if form.errors else 200)
