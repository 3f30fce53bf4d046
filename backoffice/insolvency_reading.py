"""Reading: a rate and a chosen dividend out of the forms of a proceeding."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from domain.insolvencies.queries import NO_SUCH_DIVIDEND
from domain.shared.errors import N_, NotFound
from web.forms import Form


def rate(form: Form, name: str) -> Decimal | None:
    """So many hundredths, typed with a point or a comma; None where nothing was typed."""
    typed = form.value(name).strip()[:20].replace(",", ".")
    if not typed:
        return None
    try:
        found = Decimal(typed)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        form.refuse(name, N_("Enter a rate from 0 to 100, with four places at most."))
        return None
    return found


def dividend_of(form: Form) -> int:
    """The dividend that a form is about; NotFound for what is none."""
    typed = form.value("dividend")
    if not typed.isascii() or not typed.isdigit() or len(typed) > 15:
        raise NotFound(NO_SUCH_DIVIDEND)
    return int(typed)
