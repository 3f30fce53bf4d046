"""Trials in the back office: sums, accounts, and what is behind each number; as a file, too."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from domain.accounts.model import Account, LegalForm
from domain.outbox.model import OutboxMessage
from domain.policies import drafting, groups
from domain.policies.model import PolicyDraft
from domain.policies.sections import Bracket, Sections, Settlements
from domain.reporting.trial import keeping
from domain.reporting.trial.model import TRIALS
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database, today
from tests.backoffice.conftest import Office
from tests.support.builders import an_account, an_invoice
from tests.support.lateness import DAILY, FORTY
from tests.support.planning import PLANS
from tests.support.policies import a_policy

DRAFT = Sections(late_interest=DAILY, recovery_cost=FORTY)


def the_trial(db: Database, sections: Sections = DRAFT, *, accounts: int = 1) -> tuple[int, int, date]:
    """A policy that rules everybody, its draft, and accounts with an invoice of 1,000 that is 60 days late.

    The ids of the policy and of the last account, and today.
    """
    with db.transaction() as session:
        policy_id = a_policy(session, Sections()).policy_id
        drafting.begin(session, policy_id, actor=OPERATOR)
        session.get_one(PolicyDraft, policy_id).sections = sections
        due = today(session) - timedelta(days=60)
        for number in range(accounts):
            account = an_account(session, number=f"T-{number}", name=f"Quay {number}", legal_form=LegalForm.COMPANY)
            an_invoice(session, account, "1000", number=f"F-{number}", issued_on=due, due_on=due)
        return policy_id, account.id, today(session)


def test_the_draft_leads_to_its_trial_with_sums_and_accounts(office: Office) -> None:
    policy_id, account_id, _ = the_trial(office.db)
    browser = office.browser()

    draft, tried = browser.get(f"/policies/{policy_id}/draft"), browser.get(f"/policies/{policy_id}/trial")

    assert f"/policies/{policy_id}/trial" in draft.response.text
    assert tried.status == 200
    sums = [[cell.strip() for cell in row.itertext() if cell.strip()] for row in tried.all("tr")]
    assert ["Recovery costs", "£40.00", "1", "£0.00", "0", "£40.00", "£0.00", "0"] in sums
    assert f"/policies/{policy_id}/trial/accounts/{account_id}?whom=ruled&amp;from=" in tried.response.text


def test_plans_and_settlements_are_tried_in_money_and_by_bracket(office: Office) -> None:
    settlements = Settlements(brackets=(Bracket(late_days=30, most_percent=30),))
    sections = Sections(plans=PLANS, settlements=settlements)
    policy_id, account_id, _ = the_trial(office.db, sections)
    browser = office.browser()

    tried = browser.get(f"/policies/{policy_id}/trial")
    behind = browser.get(f"/policies/{policy_id}/trial/accounts/{account_id}")

    sums = [[cell.strip() for cell in row.itertext() if cell.strip()] for row in tried.all("tr")]
    took = ["Late debt that a plan agreed to alone can take", "£1,000.00", "1", "£0.00", "0", "£1,000.00", "£0.00", "0"]
    assert took in sums
    assert ["£300.00", "1", "£0.00", "£300.00", "£0.00"] in [row[1:] for row in sums]
    assert "Given up at most by settling it by kind" in tried.words
    assert "in up to 12 instalments" in behind.words
    assert "of £1,000.00, at most 30 per cent may be given up" in behind.words


def test_behind_a_number_are_the_invoices_with_their_working(office: Office) -> None:
    policy_id, account_id, _ = the_trial(office.db)

    found = office.browser().get(f"/policies/{policy_id}/trial/accounts/{account_id}")

    words = found.words
    assert "The working of each invoice" in words
    assert "36.5%" in words
    assert 'id="recovery_cost"' in found.response.text


def test_whom_and_which_days_are_chosen(office: Office) -> None:
    policy_id, _, day = the_trial(office.db)
    with office.db.transaction() as session:
        group_id = groups.make(session, "Quays", actor=OPERATOR).id
    browser, path = office.browser(), f"/policies/{policy_id}/trial"

    nobody = browser.get(f"{path}?whom=group-{group_id}")
    before = browser.get(f"{path}?whom=all&from={day - timedelta(days=90)}&to={day - timedelta(days=70)}")
    unknown = browser.get(f"{path}?whom=group-x")
    upside_down = browser.get(f"{path}?from={day}&to={day - timedelta(days=1)}")

    assert "0 accounts were tried" in nobody.words
    assert "One account was tried" in before.words
    assert (unknown.status, upside_down.status) == (404, 422)
    assert "The last day is before the first." in upside_down.words


def test_the_file_has_every_account_and_cannot_run_anything(office: Office) -> None:
    policy_id, account_id, _ = the_trial(office.db, accounts=3)
    with office.db.transaction() as session:
        session.get_one(Account, account_id).name = "=cmd()"

    found = office.browser().get(f"/policies/{policy_id}/trial.csv")

    lines = found.response.text.splitlines()
    assert lines[0].lstrip("\ufeff").startswith("Account,Name,Currency,Late interest: tried,Late interest: in force,")
    assert len(lines) == 4
    assert any("'=cmd()" in line for line in lines)


def test_a_policy_without_a_draft_is_tried_as_it_stands(office: Office) -> None:
    with office.db.transaction() as session:
        policy_id = a_policy(session, DRAFT).policy_id

    found = office.browser().get(f"/policies/{policy_id}/trial")

    assert "What the last version would have done" in found.words


def test_a_sum_opens_the_accounts_that_it_is_made_of(office: Office) -> None:
    policy_id, account_id, _ = the_trial(office.db, accounts=2)
    with office.db.transaction() as session:
        session.get_one(Account, account_id).legal_form = LegalForm.UNKNOWN
    browser = office.browser()

    everything = browser.get(f"/policies/{policy_id}/trial")
    (sum_of_costs,) = [link for link in everything.all("a") if "by=recovery_cost#" in str(link.get("href"))]
    opened = browser.get(str(sum_of_costs.get("href")))

    assert "Quay 1" in everything.words
    assert "Recovery costs: the biggest differences first" in opened.words
    assert "Quay 0" in opened.words
    assert "Quay 1" not in opened.words


def test_a_trial_of_many_is_made_by_the_worker_and_kept(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "SMALL", 2)
    monkeypatch.setattr(keeping, "AT_ONCE", 2)
    policy_id, account_id, _ = the_trial(office.db, accounts=3)
    browser, path = office.browser(), f"/policies/{policy_id}/trial"

    asked = browser.get(path)
    begun = browser.get(path)
    file = browser.get(f"{path}.csv")
    go_on(office)
    half = browser.get(path, headers={"HX-Request": "true"})
    go_on(office)
    there = browser.get(path, headers={"HX-Request": "true"})
    made = browser.get(path)

    assert "It is being worked out on many accounts" in asked.words
    assert "It is being worked out on many accounts" in begun.words
    assert file.response.headers["location"].startswith(path)
    assert "66 per cent of 3 accounts" in half.words
    assert there.response.headers["hx-redirect"].startswith(f"{path}?whom=ruled")
    sums = [[cell.strip() for cell in row.itertext() if cell.strip()] for row in made.all("tr")]
    assert ["Recovery costs", "£120.00", "3", "£0.00", "0", "£120.00", "£0.00", "0"] in sums
    assert "These figures were worked out" in made.words
    assert len(browser.get(f"{path}.csv").response.text.splitlines()) == 4
    behind = f"{path}/accounts/{account_id}"
    account, *_ = [link for link in made.all("a") if str(link.get("href")).partition("?")[0] == behind]
    assert "The working of each invoice" in browser.get(str(account.get("href"))).words


def test_a_draft_that_was_changed_since_makes_it_stale(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "SMALL", 2)
    policy_id, account_id, _ = the_trial(office.db, accounts=3)
    browser, path = office.browser(), f"/policies/{policy_id}/trial"
    browser.get(path)
    go_on(office)

    with office.db.transaction() as session:
        session.get_one(PolicyDraft, policy_id).sections = Sections(recovery_cost=FORTY)
    stale = browser.get(path)
    behind = browser.get(f"{path}/accounts/{account_id}?kept={kept_id(office)}")
    stale.submit("Work it out anew")
    working = browser.get(path)
    go_on(office)
    anew = browser.get(path)

    assert "These figures are from before the draft was changed" in stale.words
    assert 'id="late_interest"' in behind.response.text
    assert "It is being worked out" in working.words
    assert "These figures are from before" in working.words
    assert "These figures are from before" not in anew.words
    assert browser.get(f"{path}/accounts/{account_id}?kept=999999").status == 404


def test_days_that_make_no_sense_are_said_on_the_page_of_the_trial(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "SMALL", 2)
    policy_id, _, day = the_trial(office.db, accounts=3)
    browser, path = office.browser(), f"/policies/{policy_id}/trial"
    browser.get(path)
    go_on(office)

    anew = browser.get(path).submit("Work it out anew", {"from": day.isoformat(), "to": "2026-01-01"})
    unreadable = browser.get(path).submit("Work it out anew", {"from": "soon"})

    assert [page.status for page in (anew, unreadable)] == [303, 303]
    assert "The last day is before the first." in browser.follow(anew).words
    assert "Enter a day, such as" in browser.follow(unreadable).words


def go_on(office: Office) -> None:
    """Do what waits of trials, once."""
    with office.db.transaction() as session:
        message = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == keeping.WorkTrial.kind)).one()
        payload = message.payload
        session.delete(message)
    keeping.work(office.db, keeping.WorkTrial(**payload))


def kept_id(office: Office) -> int:
    """The trial that is kept."""
    with office.db.reading() as session:
        found: int = session.scalars(select(TRIALS.c.id)).one()
    return found
