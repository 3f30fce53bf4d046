"""The paper of a plan as it would be signed now: archivable, the same each time, with how its interest comes about."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest

from adapters.pdf.typst import TypstRenderer
from domain.accounts.queries import lock
from domain.plans.negotiating import Ask, ask_for
from domain.policies.sections import LateInterest, PlanInterest, Sections
from domain.processing.plans.agreement import agreement_paper
from domain.processing.plans.signing import as_agreed
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.shared.languages import LANGUAGE_NAMES
from tests.support.builders import money
from tests.support.lateness import DUE, Overdue
from tests.support.planning import PLANS, an_asked_plan, monthly, somebody_who_binds
from tests.support.renderers import MemoryRenderer
from web.localisation import SOURCE, localisation, supported


@pytest.fixture(scope="module")
def typst() -> TypstRenderer:
    """The real renderer."""
    return TypstRenderer(lambda language: localisation(supported(language) or SOURCE, "Europe/London"))


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_the_paper_is_archivable_in_every_language_and_the_same_each_time(
    db: Database, typst: TypstRenderer, language: str
) -> None:
    with db.transaction() as session:
        account, _, _, plan = an_asked_plan(session, "300")

        first = agreement_paper(session, typst, account.id, plan.id, language=language)
        again = agreement_paper(session, typst, account.id, plan.id, language=language)
        digest = as_agreed(session, account.id, plan.id).digest

    assert b"pdfaid" in first.content
    assert first == again
    assert (first.digest, first.language) == (digest, language)


def test_the_paper_is_in_the_language_of_the_account_unless_another_is_asked_for(db: Database) -> None:
    renderer = MemoryRenderer()
    with db.transaction() as session:
        account, _, _, plan = an_asked_plan(session, "300")
        account.language = "fr"
        session.flush()

        paper = agreement_paper(session, renderer, account.id, plan.id)

    assert (paper.language, renderer.last["title"]) == ("fr", f"Plan de paiement {plan.id}")


def test_how_the_interest_comes_about_stands_in_the_paper(db: Database, clock: MovableClock) -> None:
    plans = msgspec.structs.replace(PLANS, interest=PlanInterest.CONTINUED)
    given = Overdue(db, clock, Sections(late_interest=LateInterest(margin=Decimal("36.5")), plans=plans))
    given.go_to(DUE + timedelta(days=10))
    renderer = MemoryRenderer()

    with db.transaction() as session:
        account = lock(session, given.account_id)
        actor = somebody_who_binds(session, account)
        assert actor.id is not None
        ask = Ask((given.invoice_id,), monthly(session, 2))
        plan = ask_for(session, account.id, ask, login_id=actor.id, actor=actor)
        agreement_paper(session, renderer, account.id, plan.id)
        agreed = as_agreed(session, account.id, plan.id)

    # 0.1 % a day: 40 days on 1,000, then 31 days on 500.
    assert agreed.interest == money("55.50")
    workings = renderer.last["workings"]
    assert isinstance(workings, list)
    [working] = workings
    rows = [(row["days"], row["principal"], row["interest"]) for row in working["rows"]]
    assert rows == [("40", "£1,000.00", "£40.00"), ("31", "£500.00", "£15.50")]
    assert (working["accrued"], working["charged_before"], working["charged_now"]) == ("£55.50", None, "£55.50")
