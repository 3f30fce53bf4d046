"""Remittances: what partners pay over: told on paper, withdrawn, seen at the bank, and differences decided."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from litestar import Response, get, post
from litestar.params import FromPath
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.partner_money import money_path
from backoffice.partner_money_views import Collected, RemittanceView, collected_view, line_views, remittance_view
from domain.placements import queries
from domain.placements.model import Remits
from domain.remittances import listing, remitting
from domain.remittances.books import Priced
from domain.remittances.remitting import Line, Told
from domain.sessions.once import use_once
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database, today
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.staff.permissions import Permission
from web.acting import carry_out
from web.amounts import typed_amount
from web.forms import Form, SentForm
from web.fragments import page
from web.given import GivenDatabase
from web.visit import AnyRequest, visit_of

NEW = "/partners/{partner_id:int}/remittances/{currency:str}/new"
PATH = "/remittances/{remittance_id:int}"
FIELDS = {"reference", "remitted_on", "paid", "line"}
LONGEST_WHY = 500
LONGEST_REFERENCE = 64
RemittanceId = FromPath[int]


@dataclass(frozen=True, slots=True)
class Offered:
    """What a partner can pay over now, in one currency: what it has collected, and what earlier ones left open."""

    partner_name: str
    currency: str
    keeps: bool
    collected: Sequence[Collected]
    differences: Sequence[RemittanceView]

    @property
    def everything(self) -> Money:
        """What comes to the bank where all of it is paid over as the card says."""
        each = (one.rest if self.keeps else one.amount for one in self.collected)
        left = (one.missing for one in self.differences)
        return Money.sum((*each, *left), self.currency)


@get(NEW, guards=admit(Permission.BOOK_REMITTANCE), sync_to_thread=True)
def remittance_form(
    request: AnyRequest, database: GivenDatabase, partner_id: FromPath[int], currency: FromPath[str]
) -> Response[bytes]:
    """The form of a remittance that came on paper; its amounts start as the card has them."""
    offered, locale = _offered(database, partner_id, currency), visit_of(request).speaking.formats.locale
    known = {"line": [f"c{one.id}" for one in offered.collected] + [f"d{one.id}" for one in offered.differences]}
    for one in offered.collected:
        commission, tax = (-one.commission, -one.tax) if one.is_back else (one.commission, one.tax)
        known[f"commission-{one.id}"] = [typed_amount(commission, locale)]
        known[f"tax-{one.id}"] = [typed_amount(tax, locale)]
    if offered.everything.minor >= 0:
        known["paid"] = [typed_amount(offered.everything, locale)]
    with database.reading() as session:
        known["remitted_on"] = [today(session).isoformat()]
    return _new_page(request, database, partner_id, currency, Form.starting(request, **known))


@post(NEW, guards=admit(Permission.BOOK_REMITTANCE), sync_to_thread=True)
def record_remittance(
    request: AnyRequest, database: GivenDatabase, partner_id: FromPath[int], currency: FromPath[str], form: SentForm
) -> Response[bytes]:
    """Write down what the partner says it pays over."""
    offered = _offered(database, partner_id, currency)

    def act(session: Session) -> str:
        told = _told(form, offered)
        use_once(session, form.value("once"))
        made = remitting.tell_remittance(session, partner_id, told, actor=actor_of(request))
        return f"/remittances/{made.id}"

    def again(form: Form) -> Response[bytes]:
        return _new_page(request, database, partner_id, currency, form)

    return carry_out(request, database, form, act, there=money_path(partner_id), again=again)


@get(PATH, guards=admit(Permission.SEE_PLACEMENTS), sync_to_thread=True)
def show_remittance(request: AnyRequest, database: GivenDatabase, remittance_id: RemittanceId) -> Response[bytes]:
    """Its lines as stated and by the card, and what became of it."""
    return _show(request, database, remittance_id, Form.starting(request))


@post(f"{PATH}/withdraw", guards=admit(Permission.BOOK_REMITTANCE), sync_to_thread=True)
def withdraw_remittance(
    request: AnyRequest, database: GivenDatabase, remittance_id: RemittanceId, form: SentForm
) -> Response[bytes]:
    """Take it back: its collections can be remitted again."""

    def act(session: Session) -> None:
        remitting.withdraw_remittance(session, remittance_id, why=_why(form), actor=actor_of(request))

    return _done(request, database, remittance_id, form, act)


@post(f"{PATH}/banked", guards=admit(Permission.BOOK_REMITTANCE), sync_to_thread=True)
def bank_remittance(
    request: AnyRequest, database: GivenDatabase, remittance_id: RemittanceId, form: SentForm
) -> Response[bytes]:
    """Its money was seen at the bank."""

    def act(session: Session) -> None:
        with form.reading():
            on = form.day("on")
        remitting.bank_remittance(session, remittance_id, on, actor=actor_of(request))

    return _done(request, database, remittance_id, form, act)


@post(f"{PATH}/difference", guards=admit(Permission.BOOK_REMITTANCE), sync_to_thread=True)
def accept_remittance_difference(
    request: AnyRequest, database: GivenDatabase, remittance_id: RemittanceId, form: SentForm
) -> Response[bytes]:
    """Agree with what the partner kept beside its card."""

    def act(session: Session) -> None:
        remitting.accept_difference(session, remittance_id, why=_why(form), actor=actor_of(request))

    return _done(request, database, remittance_id, form, act)


def _done(
    request: AnyRequest, database: Database, remittance_id: int, form: Form, act: Callable[[Session], None]
) -> Response[bytes]:
    with database.reading() as session:
        listing.remittance(session, remittance_id)
    again = partial(_show, request, database, remittance_id)
    return carry_out(request, database, form, act, there=f"/remittances/{remittance_id}", again=again)


def _why(form: Form) -> str:
    with form.reading():
        return form.text("why", longest=LONGEST_WHY, missing=N_("Say why."))


def _told(form: Form, offered: Offered) -> Told:
    """What was typed of a remittance; Invalid."""
    chosen = set(form.values("line"))
    with form.reading():
        reference = form.text("reference", longest=LONGEST_REFERENCE, missing=N_("Enter the partner's reference."))
        remitted_on = form.day("remitted_on")
        paid = form.amount("paid", offered.currency, or_zero=True)
        lines = [_line(form, one, offered) for one in offered.collected if f"c{one.id}" in chosen]
        nothing = Money.zero(offered.currency)
        lines += [
            Line(one.missing, nothing, nothing, corrects_id=one.id)
            for one in offered.differences
            if f"d{one.id}" in chosen
        ]
        if not lines:
            form.refuse("line", N_("Choose what is paid over."))
        elif len(lines) < len(chosen):
            form.refuse("line", N_("One of these was paid over meanwhile. Choose again."))
    return Told(reference, offered.currency, remitted_on, paid, tuple(lines))


def _line(form: Form, one: Collected, offered: Offered) -> Line:
    """What was typed of a collection: what is given back is typed without a sign."""
    if not offered.keeps:
        nothing = Money.zero(offered.currency)
        return Line(one.amount, nothing, nothing, collection_id=one.id)
    commission, tax = (
        form.amount(f"{name}-{one.id}", offered.currency, or_zero=True) for name in ("commission", "tax")
    )
    if one.is_back:
        commission, tax = -commission, -tax
    return Line(one.amount, commission, tax, collection_id=one.id)


def _offered(database: Database, partner_id: int, currency: str) -> Offered:
    with database.reading() as session:
        partner = queries.partner(session, partner_id)
        collected = [collected_view(row) for row in listing.unremitted(session, partner_id) if row.currency == currency]
        left = [row for row in listing.unsettled_differences(session, partner_id) if row.currency == currency]
        is_net = partner.remits is Remits.NET
        return Offered(partner.name, currency, is_net, collected, [remittance_view(row) for row in left])


def _new_page(request: AnyRequest, database: Database, partner_id: int, currency: str, form: Form) -> Response[bytes]:
    offered = _offered(database, partner_id, currency)
    amounts = {f"{name}-{one.id}" for one in offered.collected for name in ("commission", "tax")}
    context = {
        "partner_id": partner_id,
        "offered": offered,
        "longest": LONGEST_REFERENCE,
        "form": form.only_at(FIELDS | amounts if offered.collected or offered.differences else ()),
    }
    return page(request, "backoffice/remittances/new.html", context)


def _show(request: AnyRequest, database: Database, remittance_id: int, form: Form) -> Response[bytes]:
    with database.reading() as session:
        row = listing.remittance(session, remittance_id)
        found = remittance_view(row)
        rows = listing.lines(session, remittance_id)
        context = {
            "remittance": found,
            "lines": line_views(rows, row.currency),
            "stated": _sum(rows, row.currency),
            "today": today(session),
            "longest": LONGEST_WHY,
            "form": form.only_at(_fields(found)),
        }
    return page(request, "backoffice/remittances/show.html", context)


def _sum(rows: Sequence[AnyRow], currency: str) -> Priced:
    each = (
        Priced(Money(row.amount_minor, currency), Money(row.commission_minor, currency), Money(row.tax_minor, currency))
        for row in rows
    )
    return Priced.sum(each, currency)


def _fields(found: RemittanceView) -> set[str]:
    """The fields that its page shows as it stands."""
    if found.is_awaited:
        return {"on", "why"}
    return {"why"} if found.is_open and not found.corrected_by else set()
