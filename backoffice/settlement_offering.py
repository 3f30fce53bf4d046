"""Offering to settle: to one account, with what the terms allow, or to a segment by age and size with a preview."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from litestar import Response, get, post
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit, officer_of
from backoffice.frame import entered
from backoffice.given import AccountId
from domain.policies import authority
from domain.policies.acts import Act
from domain.sessions.once import SentAlready, use_once
from domain.settlements import offering, segments
from domain.settlements.model import OfferStatus
from domain.settlements.offering import LONGEST_REASON, Considered, Wanted
from domain.settlements.rules import NO_TERMS
from domain.settlements.segments import MOST, Line, Segment
from domain.shared.db.session import Database, today
from domain.shared.errors import N_, Refused
from domain.shared.ids import new_public_id
from domain.shared.money import Money
from domain.shared.words import Words
from domain.staff.permissions import Permission
from web.acting import carry_out, status_of
from web.amounts import typed_amount
from web.forms import Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.visit import AnyRequest, visit_of

NEW_PATH = "/accounts/{account_id:int}/settlements/new"
SEGMENT_PATH = "/settlements/segment"
ACT = "act"
"""Which button was pressed: `look` or `offer`."""
LATEST_DAYS = 9_999


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one account of a segment: its offer, or why there is none."""

    line: Line
    offer_id: int | None = None
    needs_approval: bool = False
    why: Words | None = None


@get(NEW_PATH, guards=admit(Permission.OFFER_SETTLEMENT), sync_to_thread=True)
def settlement_form(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """Which invoices, for how much, in how many parts; what the terms allow for all that is late stands there."""
    with database.reading() as session:
        entered(session, account_id)
        room = offering.room_of(session, account_id)
    locale = visit_of(request).speaking.formats.locale
    start = Form.starting(
        request,
        invoice=[str(row.id) for row in room.invoices],
        amount=typed_amount(room.least, locale) if room.bracket else "",
        parts=str(room.most_parts),
        expires_on=room.expires_on.isoformat(),
    )
    return _form_page(request, database, account_id, start)


@post(NEW_PATH, guards=admit(Permission.OFFER_SETTLEMENT), sync_to_thread=True)
def offer_settlement(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm
) -> Response[bytes]:
    """Show what it gives up and whether somebody has to approve it, or offer it."""
    with database.reading() as session:
        currency = entered(session, account_id).currency
    role = officer_of(request).role

    def read() -> Wanted:
        with form.reading():
            return Wanted(
                invoice_ids=form.ids("invoice", missing=N_("Choose at least one invoice.")),
                amount=form.amount("amount", currency, missing=N_("Enter what is to be paid.")),
                most_parts=form.number("parts", least=1, most=offering.MOST_PARTS),
                expires_on=form.day("expires_on", missing=N_("Enter the last day of the offer.")),
                reason=form.text("reason", longest=LONGEST_REASON, missing=N_("Say why.")),
            )

    def act(session: Session) -> str:
        wanted = read()
        use_once(session, form.value("once"))
        made = offering.offer(session, account_id, wanted, role=role, actor=actor_of(request))
        return f"/settlements/{made.id}"

    def again(form: Form) -> Response[bytes]:
        return _form_page(request, database, account_id, form)

    if form.value(ACT) == "offer":
        return carry_out(request, database, form, act, there=f"/accounts/{account_id}/settlements", again=again)
    try:
        wanted = read()
        with database.reading() as session:
            considered = offering.consider(session, account_id, wanted, role=role)
    except Refused as refused:
        return _form_page(request, database, account_id, form.refused(refused), status=status_of(refused))
    return _form_page(request, database, account_id, form, considered=considered)


@get(SEGMENT_PATH, guards=admit(Permission.OFFER_SETTLEMENT), sync_to_thread=True)
def segment_form(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """Which debts, by age and size, and what to offer for them."""
    with database.reading() as session:
        expires_on = today(session) + timedelta(days=NO_TERMS.offer_days)
    start = Form.starting(request, late_days="90", percent="20", parts="1", expires_on=expires_on.isoformat())
    return _segment_page(request, database, start)


@post(SEGMENT_PATH, guards=admit(Permission.OFFER_SETTLEMENT), sync_to_thread=True)
def offer_to_segment(request: AnyRequest, database: GivenDatabase, form: SentForm) -> Response[bytes]:
    """Show row by row what each account would be offered; offer it to those that are ticked, and tell what became."""
    currency = database.business.currency
    found: list[Line] | None = None
    try:
        with form.reading():
            segment = _segment(form, currency)
            expires_on = form.day("expires_on", missing=N_("Enter the last day of the offers."))
            reason = form.text("reason", longest=LONGEST_REASON, missing=N_("Say why."))
        with database.reading() as session:
            offering.check_last_day(today(session), expires_on)
            found = segments.lines(session, segment)
        if form.value(ACT) != "offer":
            start = Form.starting(request, **_kept(form), account=[str(each.room.account.id) for each in found])
            return _segment_page(request, database, start, lines=found)
        with form.reading():
            chosen = form.ids("account", missing=N_("Tick at least one account."))
        with database.transaction() as session:
            use_once(session, form.value("once"))
    except SentAlready:
        return see_other(request, "/settlements?show=offered")
    except Refused as refused:
        return _segment_page(request, database, form.refused(refused), lines=found, status=status_of(refused))
    with database.reading() as session:
        found = segments.lines(session, segment, only=chosen)
    batch = new_public_id(database.clock.now())
    results = [_offer_line(request, database, line, expires_on, reason, batch) for line in found]
    return _segment_page(request, database, form, results=results)


def _offer_line(
    request: AnyRequest, database: Database, line: Line, expires_on: date, reason: str, batch: str
) -> Result:
    """Offer to one account, in a transaction of its own: what is refused there holds up no other."""
    if line.amount is None:
        return Result(line, why=Words.of(N_("The terms have no settlement for a debt of this age and size.")))
    role, account_id = officer_of(request).role, line.room.account.id
    try:
        with database.transaction() as session:
            wanted = line.wanted(expires_on, reason)
            made = offering.offer(session, account_id, wanted, role=role, actor=actor_of(request), batch=batch)
            return Result(line, made.id, needs_approval=made.status is OfferStatus.AWAITING_APPROVAL)
    except Refused as refused:
        return Result(line, why=Words.of(refused.text, **refused.params))


def _segment(form: Form, currency: str) -> Segment:
    nothing = Money.zero(currency)
    return Segment(
        late_days=form.number("late_days", least=1, most=LATEST_DAYS),
        least_minor=(form.amount("least", currency) if form.value("least").strip() else nothing).minor,
        most_minor=form.amount("most", currency).minor if form.value("most").strip() else None,
        percent=form.number("percent", least=1, most=99),
        parts=form.number("parts", least=1, most=offering.MOST_PARTS),
    )


def _kept(form: Form) -> dict[str, str]:
    names = ("late_days", "least", "most", "percent", "parts", "expires_on", "reason")
    return {name: form.value(name) for name in names}


def _form_page(
    request: AnyRequest,
    database: Database,
    account_id: int,
    form: Form,
    *,
    considered: Considered | None = None,
    status: int = 200,
) -> Response[bytes]:
    with database.reading() as session:
        room = offering.room_of(session, account_id)
        context = {
            "account": entered(session, account_id),
            "room": room,
            "invoices": [(row, Money(row.open_minor, row.currency)) for row in room.invoices],
            "most_percent": authority.limits_on(session, account_id)[Act.SETTLEMENT][officer_of(request).role],
            "considered": considered,
            "longest": LONGEST_REASON,
            "form": form,
        }
    return page(request, "backoffice/settlements/new.html", context, status=status)


def _segment_page(
    request: AnyRequest,
    database: Database,
    form: Form,
    *,
    lines: list[Line] | None = None,
    results: list[Result] | None = None,
    status: int = 200,
) -> Response[bytes]:
    context = {
        "lines": lines,
        "results": results,
        "most": MOST,
        "currency": database.business.currency,
        "longest": LONGEST_REASON,
        "form": form,
    }
    return page(request, "backoffice/settlements/segment.html", context, status=status)
