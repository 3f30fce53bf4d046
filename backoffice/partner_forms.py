"""Partner forms: what is said of a partner, and its commission card row by row, as it is typed and as it starts."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from backoffice.policy_rows import filled_rows
from backoffice.policy_values import decimal, decimal_typed, typed_minor
from domain.accounts import checking
from domain.placements.cards import Card, Rate, problems
from domain.placements.enrolling import Described
from domain.placements.model import Partner, PartnerKind, Remits
from domain.policies.problems import Bounds
from domain.shared.errors import N_, Invalid
from web.forms import Form
from web.localisation import LANGUAGES, Localisation

ROW = "rate"
SPARE_ROWS = 3
KINDS = {kind.value: kind for kind in PartnerKind}
WAYS = {way.value: way for way in Remits}
PERCENT = Bounds(Decimal(0), Decimal(100))
LONGEST_LATE = 3650
LONGEST_TERM = 3650
MOST_SETTLED = 99
NOTHING = Decimal(0)


def described(form: Form) -> Described:
    """What was typed of a partner, inside `form.reading()`."""
    return Described(
        name=form.text("name", missing=N_("Enter a name.")),
        kind=form.choice("kind", KINDS),
        email=_email(form),
        contact_name=form.text("contact_name", required=False) or None,
        phone=form.text("phone", required=False, longest=40) or None,
        address=form.text("address", required=False, longest=1_000) or None,
        language=form.choice("language", {tag: tag for tag in LANGUAGES}),
        countries=_countries(form),
        specialities=form.text("specialities", required=False, longest=1_000) or None,
        remits=form.choice("remits", WAYS),
        term_days=form.number("term_days", least=1, most=LONGEST_TERM),
        settle_percent=form.number("settle_percent", least=0, most=MOST_SETTLED),
    )


def card_typed(form: Form, currency: str) -> Card:
    """The card that was typed, inside `form.reading()`; what cannot stand is noted at its field."""
    rows = filled_rows(form, ROW)
    card = Card(
        currency=currency,
        rates=tuple(_rate(form, row, currency) for row in rows),
        legal_percent=_percent(form, "legal_percent"),
        tax_percent=_percent(form, "tax_percent"),
    )
    if not form.errors:
        for problem in problems(card):
            form.refuse(_where(problem.name, rows), problem.text, **problem.params)
    return card


def as_known(partner: Partner) -> Mapping[str, str]:
    """What the form of a partner starts with."""
    return {
        "name": partner.name,
        "kind": partner.kind.value,
        "email": partner.email,
        "contact_name": partner.contact_name or "",
        "phone": partner.phone or "",
        "address": partner.address or "",
        "language": partner.language,
        "countries": ", ".join(partner.countries),
        "specialities": partner.specialities or "",
        "remits": partner.remits.value,
        "term_days": str(partner.term_days),
        "settle_percent": str(partner.settle_percent),
    }


def card_as_known(card: Card, speaking: Localisation) -> Mapping[str, str]:
    """What the form of a card starts with: the card before."""
    known = {
        "legal_percent": decimal_typed(card.legal_percent, speaking) if card.legal_percent else "",
        "tax_percent": decimal_typed(card.tax_percent, speaking) if card.tax_percent else "",
    }
    for index, rate in enumerate(card.rates):
        stem = f"{ROW}-{index}"
        below = rate.below_minor
        known |= {
            f"{stem}-percent": decimal_typed(rate.percent, speaking),
            f"{stem}-late_days": str(rate.late_days) if rate.late_days else "",
            f"{stem}-below_minor": "" if below is None else typed_minor(below, card.currency, speaking),
            f"{stem}-again": "yes" if rate.again else "",
        }
    return known


def _rate(form: Form, row: str, currency: str) -> Rate:
    has_days, has_size = (bool(form.value(f"{row}-{name}").strip()) for name in ("late_days", "below_minor"))
    return Rate(
        percent=decimal(form, f"{row}-percent", PERCENT),
        late_days=form.number(f"{row}-late_days", least=0, most=LONGEST_LATE) if has_days else 0,
        below_minor=form.amount(f"{row}-below_minor", currency).minor if has_size else None,
        again=form.ticked(f"{row}-again"),
    )


def _percent(form: Form, name: str) -> Decimal:
    return decimal(form, name, PERCENT) if form.value(name).strip() else NOTHING


def _where(name: str, rows: list[str]) -> str:
    """The field of the form that a problem of the card is about: empty rows between others are no rows of the card."""
    for index, row in enumerate(rows):
        if name.startswith(f"{ROW}-{index}-"):
            return row + name.removeprefix(f"{ROW}-{index}")
    return name


def _email(form: Form) -> str:
    typed = form.text("email", longest=checking.EMAIL_LENGTH, missing=N_("Enter their email address."))
    try:
        return checking.email_address(typed) if typed else ""
    except Invalid as refused:
        form.refuse("email", refused.text, **refused.params)
        return ""


def _countries(form: Form) -> list[str]:
    codes = form.text("countries", required=False).upper().replace(",", " ").split()
    for code in codes:
        if not checking.is_country(code):
            form.refuse("countries", N_("“{value}” is not a country code."), value=code)
            break
    return sorted(set(codes))
