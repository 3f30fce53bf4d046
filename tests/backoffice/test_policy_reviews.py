"""The page that a manager opens each quarter: what a policy brought, the trial of a change, and what was decided."""

from __future__ import annotations

from datetime import UTC, datetime

from domain.notices.model import NoticeStatus
from domain.policies import drafting
from domain.policies.sections import Sections
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import today
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.audited import last_payload
from tests.support.builders import an_account, an_invoice, money
from tests.support.client import Page
from tests.support.credit import a_cheque
from tests.support.outside import MemoryStore
from tests.support.placing import a_late_debt, a_partner, placed
from tests.support.planning import PLANS, a_running_plan
from tests.support.policies import a_policy
from tests.support.reminding import a_sequence, days_pass, notices
from tests.support.terms import TWO_TEN


def a_quarter(office: Office, clock: MovableClock) -> int:
    """The id of a policy under which reminders were sent, in the quarter before this one."""
    clock.move_to(datetime(2026, 2, 2, 9, tzinfo=UTC))
    with office.db.transaction() as session:
        policy_id = a_sequence(session).policy_id
        for number in range(6):
            account = an_account(session, email=f"c{number}@harbour.example")
            an_invoice(session, account, "100", issued_on=today(session), due_on=today(session))
    days_pass(office.db, clock, 8)
    with office.db.transaction() as session:
        for notice in notices(session):
            notice.status = NoticeStatus.SENT
    clock.move_to(datetime(2026, 4, 7, 9, tzinfo=UTC))
    return policy_id


def behind(page: Page) -> list[str]:
    """Where the rows behind its numbers are."""
    hrefs = [link.get("href") or "" for link in page.all("a")]
    return [href for href in hrefs if "/rows?" in href]


def test_a_quarter_is_shown_beside_the_one_before_with_its_rows(office: Office, clock: MovableClock) -> None:
    policy_id = a_quarter(office, clock)

    page = office.browser(Role.MANAGER).get(f"/policies/{policy_id}").follow("Review it")

    assert "First reminder, day 7, Email" in page.words
    assert "What stands out" in page.words
    rows = office.browser(Role.MANAGER).get(behind(page)[0])
    assert rows.status == 200
    text = page.response.text
    assert text.index("What stands out") < text.index("First reminder, day 7, Email")
    assert "three whole months, beside the three before" in page.words
    quiet = office.browser(Role.MANAGER).get(f"/policies/{policy_id}/review?quarter=2025-10-01")
    assert "Nothing was done under this policy in this quarter." in quiet.words
    for end in ("csv", "xlsx", "pdf"):
        assert office.browser(Role.AUDITOR).get(f"/reports/review.{end}?policy={policy_id}").status == 200


def test_the_quarter_that_runs_stands_beside_as_many_days_of_the_one_before(
    office: Office, clock: MovableClock
) -> None:
    policy_id = a_quarter(office, clock)

    early = office.browser(Role.MANAGER).get(f"/policies/{policy_id}/review?quarter=2026-04-01")
    clock.move_to(datetime(2026, 5, 31, 9, tzinfo=UTC))
    later = office.browser(Role.MANAGER).get(f"/policies/{policy_id}/review?quarter=2026-04-01")

    assert "1 Jan 2026 to 7 Jan 2026" in early.words.replace("\xa0", " ")
    assert "not used in these days" not in early.words
    assert "1 Jan 2026 to 2 Mar 2026" in later.words.replace("\xa0", " ")
    assert "First reminder, day 7, Email: not used in these days, 6 times in those before." in later.words


def test_each_part_of_a_policy_opens_what_is_behind_it(office: Office, clock: MovableClock) -> None:
    with office.db.transaction() as session:
        version = a_policy(session, Sections(early_discount=TWO_TEN, plans=PLANS))
        account = an_account(session)
        invoice = an_invoice(session, account, "100")
        a_cheque(session, account, "98", wanted={invoice.id: money("98")})
        _, _, _, plan = a_running_plan(session, MemoryStore(), "90")
        debtor, _ = a_late_debt(session)
        placement = placed(session, debtor, a_partner(session))
        placement.version_id = version.id
        plan.version_id = version.id
        policy_id = version.policy_id
        first = today(session).replace(day=1)
        first = first.replace(month=(first.month - 1) // 3 * 3 + 1)

    page = office.browser(Role.MANAGER).get(f"/policies/{policy_id}/review?quarter={first}")

    for words in ("2% within 10 days", "1 to 3 instalments", "Partners"):
        assert words in page.words
    links = set(behind(page))
    assert len(links) == 3
    for href in links:
        rows = office.browser(Role.MANAGER).get(href)
        assert len(rows.all("tr")) == 2


def test_what_was_decided_is_kept_and_shown(office: Office, clock: MovableClock) -> None:
    policy_id = a_quarter(office, clock)
    with office.db.transaction() as session:
        drafting.begin(session, policy_id, actor=OPERATOR)
    page = office.browser(Role.MANAGER).get(f"/policies/{policy_id}/review")

    wordless = page.submit("Keep it", words="", next_on="2026-07-01")
    past = page.submit("Keep it", words="A second reminder sooner.", next_on="2026-04-07")
    kept = page.submit("Keep it", words="A second reminder sooner.", next_on="2026-07-01")
    shown = office.browser(Role.AUDITOR).get(kept.location)

    assert (wordless.status, past.status, kept.status) == (422, 422, 303)
    assert "Say what was decided." in wordless.words
    assert "Choose a day ahead." in past.words
    assert (past.all("textarea", name="words")[0].text or "").strip() == "A second reminder sooner."
    assert "A second reminder sooner." in shown.words
    assert "Keep it" not in shown.words
    with office.db.reading() as session:
        after = last_payload(session, "policy.reviewed")["after"]
        assert (after["from"], after["to"], after["next_on"]) == ("2026-01-01", "2026-03-31", "2026-07-01")
    assert page.follow("Try it on this quarter").status == 200


def test_only_who_may_see_reviews_does(office: Office, clock: MovableClock) -> None:
    policy_id = a_quarter(office, clock)

    assert office.browser(Role.COLLECTOR).get(f"/policies/{policy_id}/review").status == 403
    assert office.browser(Role.COLLECTOR).get(f"/reports/review?policy={policy_id}").status == 403
    assert office.browser(Role.MANAGER).get("/policies/999/review").status == 404
