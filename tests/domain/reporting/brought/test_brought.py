"""What promises, reminders, discounts and stages of recovery brought: each number counts the rows that it opens."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from domain.notices.model import NoticeStatus, PayLink
from domain.policies.sections import Sections
from domain.processing.write_offs.deciding import take_back
from domain.promises.changing import end
from domain.promises.model import PromiseStatus
from domain.reporting.brought import discounts, promises, reminders, reminders_sheet, stages, stages_sheet
from domain.reporting.brought.reminders import What
from domain.reporting.brought.spans import Stage
from domain.reporting.dispute_sheet import DISPUTES
from domain.reporting.handoff_sheet import HANDOFFS
from domain.reporting.late_sheet import DEBTORS, LATE_BY
from domain.reporting.plan_sheet import PLANS
from domain.reporting.sheets.asking import Asked, When, period
from domain.reporting.sheets.report import Report
from domain.reporting.sheets.values import Cell, Kind, Sheet
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, now, today
from tests.support.builders import a_receipt, an_account, an_invoice, money
from tests.support.credit import a_cheque
from tests.support.disputing import contest
from tests.support.outside import MemoryStore
from tests.support.placing import handed_over
from tests.support.planning import a_running_plan
from tests.support.policies import a_policy
from tests.support.promising import a_promise
from tests.support.reminding import a_sequence, days_pass, notices
from tests.support.terms import TWO_TEN
from tests.support.writing_off import released, written_off

BEHIND_EACH = (PLANS, DISPUTES, HANDOFFS, DEBTORS, LATE_BY)
"""The other reports with shares."""


def around(session: Session, report: Report, **chosen: object) -> Asked:
    """A period of three months around today, the rest as usual."""
    day = today(session)
    usual = {choice.name: choice.usual for choice in report.choices}
    return period(day - timedelta(days=60), day + timedelta(days=30)).having(**{**usual, **chosen})


def table(sheet: Sheet) -> list[dict[str, Any]]:
    """The rows of its first section, by the keys of its columns."""
    (section,) = sheet.sections
    keys = [column.key for column in section.columns]
    return [dict(zip(keys, (cell.says for cell in row.cells), strict=True)) for row in section.rows]


def opened(session: Session, report: Report, asked: Asked, cell: Cell, what: str, key: str) -> int:
    """How many rows a number opens; it has to say where they are."""
    assert cell.href == asked.behind(report.name, what, key=key)
    assert report.rows is not None
    (section,) = report.rows(session, asked.having(what=what, key=key), None).sections
    return len(section.rows)


def test_promises_are_counted_by_who_took_them_and_by_week(session: Session) -> None:
    _, kept = a_promise(session, "100")
    _, broken = a_promise(session, "300")
    a_promise(session, "50")
    _, withdrawn = a_promise(session, "70")
    for promise, status in (
        (kept, PromiseStatus.KEPT),
        (broken, PromiseStatus.BROKEN),
        (withdrawn, PromiseStatus.WITHDRAWN),
    ):
        end(session, promise, status, actor=OPERATOR, missing=money("1"))
    asked = around(session, promises.PROMISES)

    sheet = promises.make(session, asked)

    (row,) = table(sheet)
    assert (row["due"], row["kept"], row["broken"], row["open"]) == (2, 1, 1, 0)
    assert (row["share"], row["amount_share"]) == (Decimal("50.0"), (Decimal("25.0"),))
    assert (row["promised"], row["kept_amount"]) == ((money("400"),), (money("100"),))
    for place, what in enumerate(promises.What, 1):
        cell = sheet.sections[0].rows[0].cells[place]
        assert opened(session, promises.PROMISES, asked, cell, what.value, promises.THEIRS) == cell.says

    by_week = around(session, promises.PROMISES, by="week")
    (week,) = table(promises.make(session, by_week))
    assert week["about"] == kept.promised_on - timedelta(days=kept.promised_on.weekday())


def test_a_step_counts_what_it_sent_and_what_came_before_the_next_one(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        a_sequence(session)
        account = an_account(session, email="ana@harbour.example")
        day = today(session)
        invoice = an_invoice(session, account, "100", issued_on=day - timedelta(days=30), due_on=day)
        first = day
    days_pass(db, clock, 8)
    with db.transaction() as session:
        (reminder,) = [each for each in notices(session) if each.step_day == 7]
        for each in notices(session):
            each.status = NoticeStatus.SENT
        session.add(
            PayLink(
                notice_id=reminder.id,
                account_id=account.id,
                token_hash="a" * 64,
                made_at=now(session),
                expires_at=now(session),
                first_used_at=now(session),
            )
        )
        a_receipt(session, account, "40", today(session), invoice)
        contest(session, account, invoice, "10")
        asked = period(first, first + timedelta(days=40)).having(within="14")

        sheet = reminders_sheet.make(session, asked)

        found = {row["day"]: row for row in table(sheet)}
        row = found[7]
        assert (row["sent"], row["failed"], row["held"], row["used"], row["disputed"]) == (1, 0, 0, 1, 1)
        assert (row["asked"], row["paid"], row["share"]) == (money("100"), money("40"), Decimal("40.0"))
        assert all(each["paid"] == money("0") for day, each in found.items() if day != 7)
        key = reminders.named(reminders.steps(session, asked.since, asked.last, 14)[-1].key)
        assert reminders.key_of(key) == reminders.steps(session, asked.since, asked.last, 14)[-1].key
        assert reminders.key_of("what.is.this") is None
        place = 3
        for what in What:
            cell = sheet.sections[0].rows[-1].cells[place]
            assert opened(session, reminders_sheet.REMINDERS, asked, cell, what.value, key) == cell.says
            place += 1


def test_each_stage_counts_what_came_while_the_invoice_was_in_it(session: Session) -> None:
    account, _, (invoice,), _ = a_running_plan(session, MemoryStore(), "90")
    a_receipt(session, account, "30", today(session), invoice)
    late = an_account(session)
    placed = an_invoice(session, late, "500")
    handed_over(session, late, placed)
    a_receipt(session, late, "200", today(session), placed)
    asked = around(session, stages_sheet.RECOVERY)

    sheet = stages_sheet.make(session, asked)

    plan, partner = table(sheet)
    assert (plan["entered"], plan["amount"], plan["came"]) == (1, (money("90"),), (money("30"),))
    assert (plan["gross"], plan["net"]) == ((Decimal("33.3"),), (Decimal("33.3"),))
    assert (partner["amount"], partner["came"], partner["gross"]) == (
        (money("500"),),
        (money("200"),),
        (Decimal("40.0"),),
    )
    cell = sheet.sections[0].rows[1].cells[1]
    assert opened(session, stages_sheet.RECOVERY, asked, cell, "entered", Stage.PARTNER.value) == 1
    assert [one.entry.stage for one in stages.entered(session, asked.since, asked.last, Stage.PLAN)] == [Stage.PLAN]


def test_what_is_written_off_is_a_stage_of_its_own_until_it_is_taken_back(session: Session) -> None:
    account = an_account(session)
    in_books, for_good, mistaken = (an_invoice(session, account, amount) for amount in ("70", "20", "10"))
    written_off(session, account, in_books)
    released(session, account, for_good)
    wrong = written_off(session, account, mistaken)
    take_back(session, account.id, wrong.id, why="A mistake.", actor=OPERATOR)
    a_receipt(session, account, "30", today(session), in_books)

    sheet = stages_sheet.make(session, around(session, stages_sheet.RECOVERY))

    (row,) = table(sheet)
    assert (row["entered"], row["amount"], row["came"]) == (2, (money("90"),), (money("30"),))
    cell = sheet.sections[0].rows[0].cells[1]
    asked = around(session, stages_sheet.RECOVERY)
    assert opened(session, stages_sheet.RECOVERY, asked, cell, "entered", Stage.WRITTEN_OFF.value) == 2


def test_a_share_opens_what_it_is_a_share_of(session: Session) -> None:
    a_promise(session, "80", days=1)
    account, _, (invoice,), _ = a_running_plan(session, MemoryStore(), "90")
    a_receipt(session, account, "30", today(session), invoice)
    late = an_account(session)
    placed = an_invoice(session, late, "500", issued_on=today(session) - timedelta(days=40), due_on=today(session))
    contest(session, account, an_invoice(session, account, "50"), "10")
    handed_over(session, late, placed)
    session.flush()

    for report in (*BEHIND_EACH, stages_sheet.RECOVERY, promises.PROMISES):
        asked = report.ending(today(session)) if report.when is When.AS_OF else around(session, report)
        for section in report.make(session, asked).sections:
            wordless = [
                (column.key, cell.says)
                for row in section.rows
                for column, cell in zip(section.columns, row.cells, strict=True)
                if column.kind is Kind.PERCENT and any(line is not None for line in cell.lines) and not cell.href
            ]
            assert wordless == [], report.name


def test_a_discount_that_was_taken_is_told_with_its_yearly_cost(session: Session) -> None:
    version = a_policy(session, Sections(early_discount=TWO_TEN))
    account = an_account(session)
    day = today(session)
    taken, left = (
        an_invoice(session, account, "100", issued_on=day - timedelta(days=10), due_on=day + timedelta(days=20))
        for _ in range(2)
    )
    assert (taken.terms_version_id, left.terms_version_id) == (version.id, version.id)
    a_cheque(session, account, "98", wanted={taken.id: money("98")})
    asked = around(session, discounts.DISCOUNTS)

    sheet = discounts.make(session, asked)

    (row,) = table(sheet)
    assert (row["offered"], row["offered_amount"], row["taken"], row["taken_share"]) == (
        2,
        money("200"),
        1,
        Decimal("50.0"),
    )
    assert (row["discount"], row["sooner"], row["yearly"]) == (money("2"), Decimal("20.0"), Decimal("37.2"))
    cell = sheet.sections[0].rows[0].cells[3]
    assert opened(session, discounts.DISCOUNTS, asked, cell, "taken", f"{version.id}-GBP") == 1


def test_nothing_in_a_period_is_an_empty_sheet_that_says_so(session: Session) -> None:
    for report in (promises.PROMISES, reminders_sheet.REMINDERS, stages_sheet.RECOVERY, discounts.DISCOUNTS):
        sheet = report.make(session, around(session, report))
        assert sheet.is_empty
        assert sheet.empty
