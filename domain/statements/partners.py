"""Partners: a partner's statement as CSV and as PDF."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from domain.documents.letterhead import letterhead
from domain.documents.rendering import Paper, Renderer
from domain.placements.model import Partner
from domain.placements.naming import reference_of
from domain.remittances.statement import LINE_NAMES, PartnerStatement, Stand, StatementLine
from domain.shared.db.session import business, now, today
from domain.shared.errors import N_
from domain.shared.words import Speaking, Words
from domain.statements.export import BYTE_ORDER_MARK, csv_row, safe_cell

TEMPLATE = "partner_statement"
COLUMNS = (
    N_("Date"),
    N_("What"),
    N_("Reference"),
    N_("Placement"),
    N_("Due from the partner"),
    N_("Commission accrued"),
    N_("Payable to the partner"),
    N_("Currency"),
)


def partner_statement_csv(found: PartnerStatement, speaking: Speaking) -> Iterator[bytes]:
    """A statement row by row: what stood at first, by how much each thing moved it, and what stands at last."""
    yield (BYTE_ORDER_MARK + csv_row([speaking.translate(name) for name in COLUMNS])).encode()
    opening = [found.first.isoformat(), speaking.translate(N_("Brought forward")), "", ""]
    yield csv_row([*opening, *_figures(found.opening), found.currency]).encode()
    for line in found.lines:
        what = speaking.translate(LINE_NAMES[line.kind])
        cells = [line.on.isoformat(), what, safe_cell(line.reference), _placement(line) or ""]
        yield csv_row([*cells, *_figures(line.moved), found.currency]).encode()
    closing = [found.last.isoformat(), speaking.translate(N_("Balance on {day}"), day=found.last), "", ""]
    yield csv_row([*closing, *_figures(found.closing), found.currency]).encode()


def print_partner_statement(
    session: Session, renderer: Renderer, partner: Partner, found: PartnerStatement, *, language: str
) -> bytes:
    """The PDF of a partner's statement, in this language."""
    return renderer.render(TEMPLATE, _paper(session, partner, found), language)


def _paper(session: Session, partner: Partner, found: PartnerStatement) -> Paper:
    return {
        "made_at": now(session),
        "business": letterhead(business(session)),
        "customer": {"name": partner.name, "address": partner.address},
        "issued_on": today(session),
        "first": found.first,
        "last": found.last,
        "opening": _stand(found.opening),
        "closing": _stand(found.closing),
        "lines": [
            {
                "on": line.on,
                "words": Words.of(LINE_NAMES[line.kind]),
                "reference": " ".join(part for part in (line.reference, _placement(line)) if part),
                "moved": {name: value or None for name, value in _stand(line.moved).items()},
            }
            for line in found.lines
        ],
    }


def _stand(stand: Stand) -> dict[str, object]:
    return {"due": stand.due, "accrued": stand.accrued, "payable": stand.payable}


def _figures(stand: Stand) -> list[str]:
    return [str(money.decimal) for money in (stand.due, stand.accrued, stand.payable)]


def _placement(line: StatementLine) -> str | None:
    return None if line.placement_id is None else reference_of(line.placement_id)
