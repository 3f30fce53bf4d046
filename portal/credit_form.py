"""The form of an application for credit: what it asks, what it starts with, and what was typed as values."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from domain.accounts.checking import is_country
from domain.accounts.model import LegalForm
from domain.credit.applications.applying import FIRST_YEAR, MOST_REFERENCES, Reference, Sent
from domain.credit.applications.model import CreditApplication
from domain.shared.db.rows import AnyRow
from domain.shared.errors import N_, Invalid
from web.forms import Form
from web.visit import AnyRequest, visit_of

LEGAL_FORMS = {
    LegalForm.COMPANY: N_("A company"),
    LegalForm.SOLE_TRADER: N_("A sole trader"),
    LegalForm.PARTNERSHIP: N_("A partnership"),
    LegalForm.NATURAL_PERSON: N_("A private person"),
    LegalForm.PUBLIC_BODY: N_("A public body"),
}
"""What an applicant can be."""
PLACES = range(1, MOST_REFERENCES + 1)
YEAR_DIGITS = 4
FIELDS = (
    "legal_name",
    "legal_form",
    "country",
    "company_number",
    "tax_number",
    "trading_since",
    "wanted",
    "purpose",
    *(f"reference-{place}-{part}" for place in PLACES for part in ("name", "contact")),
)
"""What a draft keeps of the form."""


def starting(request: AnyRequest, draft: CreditApplication | None, account: AnyRow) -> Form:
    """The form with what a draft keeps, else with what the account's row says."""
    if draft is not None:
        return Form.starting(request, **draft.typed)
    known = account.legal_form if account.legal_form in LEGAL_FORMS else LegalForm.COMPANY
    return Form.starting(request, legal_name=account.name, legal_form=known.value, country=account.country or "")


def read(form: Form, currency: str, problems: Callable[[Sent], Iterable[Invalid]]) -> Sent:
    """What was typed, as values; FormRefused with all that is wrong, what `problems` finds of the values included."""
    with form.reading():
        legal_form = form.choice("legal_form", {one.value: one for one in LEGAL_FORMS})
        references = []
        for place in PLACES:
            name, contact = f"reference-{place}-name", f"reference-{place}-contact"
            if form.value(name).strip() or form.value(contact).strip():
                words = N_("Enter who it is, and how we reach them.")
                references.append(Reference(form.text(name, missing=words), form.text(contact, missing=words)))
        sent = Sent(
            legal_name=form.text("legal_name", missing=N_("Enter the name as it is registered.")),
            legal_form=legal_form,
            country=form.text("country", longest=2, missing=N_("Choose a country.")),
            company_number=form.text("company_number", required=False, longest=40),
            tax_number=form.text("tax_number", required=False, longest=40),
            trading_since=_year(form, "trading_since"),
            wanted=form.amount("wanted", currency),
            purpose=form.text("purpose", longest=1000, missing=N_("Say in a few words what you want to buy from us.")),
            references=tuple(references),
        )
        refused = {error.name for error in form.errors}
        for problem in problems(sent):
            if problem.field not in refused:
                form.refused(problem)
    return sent


def countries(request: AnyRequest) -> list[tuple[str, str]]:
    """The countries by their names in the reader's language."""
    territories = visit_of(request).speaking.formats.locale.territories
    return sorted(((code, name) for code, name in territories.items() if is_country(code)), key=lambda each: each[1])


def _year(form: Form, name: str) -> int:
    typed = form.value(name).strip()
    if typed.isascii() and typed.isdigit() and len(typed) == YEAR_DIGITS:
        return int(typed)
    form.refuse(name, N_("Enter the year in which you began to trade, with four digits."))
    return FIRST_YEAR
