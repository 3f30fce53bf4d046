"""Asked for: the amount that a request for approval is about: its own, else what is open of its invoices now."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.approvals.model import APPROVALS
from domain.policies.acts import UNITS, Unit
from domain.receivables.model import Invoice
from domain.shared.db.rows import AnyRow

IN_ARGUMENTS = ("amount_minor", "limit_minor")
"""Where the arguments of a request name its amount."""


def amounts(session: Session, request_ids: Collection[int]) -> dict[int, int]:
    """The amounts of these requests in minor units of their accounts' currencies; those without one are left out."""
    if not request_ids:
        return {}
    columns = (APPROVALS.c.id, APPROVALS.c.act, APPROVALS.c.extent, APPROVALS.c.arguments)
    rows = session.execute(select(*columns).where(APPROVALS.c.id.in_(request_ids))).all()
    invoices = {row.id: _invoices(row) for row in rows}
    wanted = select(Invoice.id, Invoice.open_minor).where(
        Invoice.id.in_({one for ids in invoices.values() for one in ids})
    )
    still_open = {row.id: row.open_minor for row in session.execute(wanted)}
    found = {}
    for row in rows:
        own = _own(row)
        if own is None and invoices[row.id]:
            own = sum(still_open.get(one, 0) for one in invoices[row.id])
        if own is not None:
            found[row.id] = own
    return found


def _own(row: AnyRow) -> int | None:
    named = next((row.arguments[name] for name in IN_ARGUMENTS if row.arguments.get(name) is not None), None)
    if named is None and UNITS[row.act] is Unit.MONEY:
        return None if row.extent is None else int(row.extent)
    return None if named is None else int(named)


def _invoices(row: AnyRow) -> list[int]:
    one = row.arguments.get("invoice_id")
    return [one] if one is not None else list(row.arguments.get("invoice_ids") or ())
