"""Credit: may we ship? How much credit an account has, and what other systems have ordered and not yet billed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import msgspec
from litestar import Response, delete, get, put
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import SecurityRequirement
from litestar.params import FromPath, JSONBody
from sqlalchemy.orm import Session

from app.api.keys import admitted
from app.api.problems import MEDIA_TYPE, Problem
from domain.accounts.queries import NO_SUCH_ACCOUNT
from domain.api_keys.model import Scope
from domain.credit import unbilled
from domain.credit.model import HoldReason
from domain.credit.standing import Hold, Standing, standing_of_number
from domain.shared.db.session import Database
from domain.shared.errors import N_, Invalid, NotFound
from domain.shared.money import Money
from web.visit import AnyRequest

GivenDatabase = NamedDependency[Database]
LONGEST_REFERENCE = 80
Amount = Annotated[str, msgspec.Meta(pattern=r"^-?[0-9]+([.][0-9]+)?$", description="In the account's currency.")]
Given = Annotated[
    str, msgspec.Meta(pattern=r"^[0-9]{1,13}([.][0-9]{1,4})?$", description="Above zero, such as 1250.00.")
]
Currency = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{3}$", description="A code of ISO 4217.")]


class ExposureAnswer(msgspec.Struct, frozen=True):
    """What of the limit is used: open invoices and what is ordered, less credit that was not used."""

    total: Amount
    open: Amount
    unbilled: Amount
    unapplied_credit: Amount


class HoldAnswer(msgspec.Struct, frozen=True):
    """One reason for a hold; while `lifted_until` (that day included) somebody lets new credit through all the same."""

    reason: HoldReason
    since: date
    amount: Amount | None
    lifted_until: date | None


class CreditAnswer(msgspec.Struct, frozen=True):
    """How an account's credit stands; ship where `on_hold` is false and `available` covers it (null: no limit)."""

    account: str
    currency: Currency
    limit: Amount | None
    exposure: ExposureAnswer
    available: Amount | None
    on_hold: bool
    holds: list[HoldAnswer]
    as_of: datetime


class Order(msgspec.Struct, frozen=True):
    """What an order comes to now, tax included."""

    amount: Given
    currency: Currency


def refusals(*statuses: int) -> dict[int, ResponseSpec]:
    """How every route refuses, and with these statuses besides."""
    return {
        status: ResponseSpec(Problem, description="Refused.", media_type=MEDIA_TYPE, generate_examples=False)
        for status in (401, 403, 404, 429, *statuses)
    }


KEYED: list[SecurityRequirement] = [{"key": []}]


@get(
    "/accounts/{number:str}/credit",
    sync_to_thread=True,
    operation_id="credit",
    summary="How much credit an account has",
    responses=refusals(400),
    security=KEYED,
)
def credit(request: AnyRequest, database: GivenDatabase, number: FromPath[str]) -> Response[CreditAnswer]:
    """How much credit the account of this number has right now, and whether new credit is on hold, and why."""
    admitted(request, database, Scope.READ_CREDIT)
    with database.reading() as session:
        found = _standing(session, number)
    return _answer(found)


@put(
    "/accounts/{number:str}/unbilled/{reference:str}",
    sync_to_thread=True,
    operation_id="put_unbilled",
    summary="Say what is ordered and not yet billed",
    responses=refusals(400, 422),
    security=KEYED,
)
def put_unbilled(
    request: AnyRequest,
    database: GivenDatabase,
    number: FromPath[str],
    reference: FromPath[str],
    data: JSONBody[Order],
) -> Response[CreditAnswer]:
    """Say what an order comes to that is not billed yet; said again under the same reference, it is replaced."""
    actor = admitted(request, database, Scope.WRITE_UNBILLED)
    with database.transaction() as session:
        found = _standing(session, number)
        amount = _amount(data)
        said = unbilled.put(session, found.account_id, _reference(reference), amount, actor=actor)
    return _answer(said)


@delete(
    "/accounts/{number:str}/unbilled/{reference:str}",
    sync_to_thread=True,
    status_code=200,
    operation_id="remove_unbilled",
    summary="Take back what was ordered",
    responses=refusals(400, 422),
    security=KEYED,
)
def remove_unbilled(
    request: AnyRequest, database: GivenDatabase, number: FromPath[str], reference: FromPath[str]
) -> Response[CreditAnswer]:
    """The order of this reference is billed now, or is not coming: it no longer counts."""
    actor = admitted(request, database, Scope.WRITE_UNBILLED)
    with database.transaction() as session:
        found = _standing(session, number)
        left = unbilled.remove(session, found.account_id, _reference(reference), actor=actor)
    return _answer(left)


def _standing(session: Session, number: str) -> Standing:
    """The account of this number; what no number can look like is not looked for."""
    if not number.isprintable():
        raise NotFound(NO_SUCH_ACCOUNT)
    return standing_of_number(session, number)


def _reference(given: str) -> str:
    if not given.strip() or len(given) > LONGEST_REFERENCE or not given.isprintable():
        raise Invalid(
            N_("A reference has 1 to {longest} printable characters."), field="reference", longest=LONGEST_REFERENCE
        )
    return given


def _amount(order: Order) -> Money:
    try:
        return Money.of(order.amount, order.currency)
    except ValueError as problem:
        raise Invalid(
            N_("“{value}” is not an amount of {currency}."),
            field="amount",
            value=order.amount,
            currency=order.currency,
        ) from problem


def _answer(found: Standing) -> Response[CreditAnswer]:
    exposure = found.exposure
    return Response(
        CreditAnswer(
            account=found.number,
            currency=exposure.open.currency,
            limit=_text(found.limit),
            exposure=ExposureAnswer(
                total=str(exposure.total.decimal),
                open=str(exposure.open.decimal),
                unbilled=str(exposure.unbilled.decimal),
                unapplied_credit=str(exposure.credit.decimal),
            ),
            available=_text(found.available),
            on_hold=found.on_hold,
            holds=[_hold(hold) for hold in found.holds],
            as_of=found.as_of,
        )
    )


def _hold(hold: Hold) -> HoldAnswer:
    return HoldAnswer(hold.reason, hold.since, _text(hold.amount), hold.lifted_until)


def _text(amount: Money | None) -> str | None:
    return None if amount is None else str(amount.decimal)
