"""Plan shapes: the shape of a plan read out of a form, and held against the fence and somebody's authority."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.plans.negotiating import MOST_PARTS, Ask
from domain.plans.schedule import Shape, days_of, span_months
from domain.policies import authority
from domain.policies.acts import Act
from domain.policies.sections import FREQUENCY_NAMES, Frequency
from domain.processing.plans.previewing import Preview, preview
from domain.shared.clock import day_in
from domain.shared.db.session import now
from domain.shared.errors import N_, BeyondAuthority, Refused
from domain.shared.money import Money
from domain.shared.words import Words
from domain.staff.model import Role
from web.amounts import typed_amount
from web.forms import Form
from web.visit import AnyRequest, visit_of

FREQUENCIES = {frequency.value: frequency for frequency in Frequency}
SHAPE_FIELDS = ("down", "count", "frequency", "first_on")
"""The fields of a shape in a form."""
FREQUENCY_OPTIONS = [(frequency.value, words) for frequency, words in FREQUENCY_NAMES.items()]


@dataclass(frozen=True, slots=True)
class Looked:
    """A proposal as it would be today, how many months it takes, and who can agree to what is beyond the fence.

    `able` is empty where whoever looks can agree alone; `wrong` says why it cannot be made any more.
    """

    shape: Shape
    seen: Preview | None
    months: int
    is_alone: bool
    able: Sequence[str]
    wrong: Words | None

    @property
    def says(self) -> Sequence[Words]:
        """What of it is beyond the fence."""
        return [each.words for each in self.seen.beyond] if self.seen else []


def shape_fields(request: AnyRequest, shape: Shape, currency: str) -> dict[str, str]:
    """What the fields of the form say for a shape."""
    down = Money(shape.down_minor, currency)
    return {
        "count": str(shape.count),
        "frequency": shape.frequency.value,
        "first_on": shape.first_on.isoformat(),
        "down": typed_amount(down, visit_of(request).speaking.formats.locale) if down else "",
    }


def read_shape(form: Form, currency: str) -> Shape:
    """The shape that a form says; to be called inside `form.reading()`."""
    down = form.amount("down", currency, or_zero=True) if form.value("down").strip() else Money.zero(currency)
    return Shape(
        count=form.number("count", least=1, most=MOST_PARTS),
        frequency=form.choice("frequency", FREQUENCIES, missing=N_("Choose how often.")),
        first_on=form.day("first_on", missing=N_("Enter the day of the first instalment.")),
        down_minor=down.minor,
    )


def look(session: Session, account_id: int, ask: Ask, role: Role, *, changes: int | None = None) -> Looked:
    """Hold a proposal against the fence and the authority of a role; one that cannot be made says why."""
    shape = ask.shape
    day = day_in(now(session), accounts.account(session, account_id).time_zone)
    months = span_months(days_of(shape.frequency, shape.first_on, shape.count)[-1], day)
    try:
        seen = preview(session, account_id, ask, changes=changes)
    except Refused as refused:
        return Looked(shape, None, months, is_alone=False, able=(), wrong=Words(refused.text, refused.params))
    if not seen.beyond:
        return Looked(shape, seen, months, is_alone=True, able=(), wrong=None)
    try:
        authority.check(session, role, Act.PLAN, months, account_id=account_id)
    except BeyondAuthority as refused:
        able = [name for name, _ in refused.people] or list(refused.who_can)
        return Looked(shape, seen, months, is_alone=False, able=able, wrong=None)
    return Looked(shape, seen, months, is_alone=True, able=(), wrong=None)
