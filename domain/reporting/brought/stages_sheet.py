"""Recovery sheet: what entered each stage, what was collected in it, gross and net, and the invoices behind it."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.reporting.brought.rates import percent
from domain.reporting.brought.spans import Stage
from domain.reporting.brought.stages import Costs, Entered, costs, entered
from domain.reporting.sheets.asking import Asked, When
from domain.reporting.sheets.report import Group, Report
from domain.reporting.sheets.values import Cell, Column, Kind, Row, Section, Sheet, cells, cut
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words

NAME = "recovery"
ENTERED = "entered"
STAGE_NAMES = {
    Stage.REMINDED: N_("Reminders"),
    Stage.PLAN: N_("Payment plan"),
    Stage.SETTLEMENT: N_("Settlement for less"),
    Stage.PARTNER: N_("Agency or attorney"),
    Stage.COURT: N_("Court"),
    Stage.WRITTEN_OFF: N_("Written off"),
}
COLUMNS = (
    Column("stage", Words(N_("Stage"))),
    Column(ENTERED, Words(N_("Invoices that entered it")), Kind.COUNT),
    Column("amount", Words(N_("Open then")), Kind.MONEY),
    Column("came", Words(N_("Collected in it")), Kind.MONEY),
    Column("gross", Words(N_("Collected, of what entered")), Kind.PERCENT),
    Column("commission", Words(N_("Commission")), Kind.MONEY),
    Column("costs", Words(N_("Costs")), Kind.MONEY),
    Column("left", Words(N_("Left for us")), Kind.MONEY),
    Column("net", Words(N_("Left, of what entered")), Kind.PERCENT),
)
ROW_COLUMNS = (
    Column("account", Words(N_("Account"))),
    Column("invoice", Words(N_("Invoice"))),
    Column("on", Words(N_("Entered on")), Kind.DAY),
    Column("amount", Words(N_("Open then")), Kind.MONEY),
    Column("came", Words(N_("Collected in it")), Kind.MONEY),
)


def make(session: Session, asked: Asked) -> Sheet:
    """What entered each stage in the period, and what came of it until now."""
    found: dict[Stage, list[Entered]] = defaultdict(list)
    for one in entered(session, asked.since, asked.last):
        found[one.entry.stage].append(one)
    taken = costs(session, asked.since, asked.last)
    section = Section(
        key="stages",
        title=Words(N_("By stage")),
        columns=COLUMNS,
        rows=tuple(_row(stage, found[stage], taken, asked) for stage in Stage if found[stage]),
    )
    return Sheet(
        NAME,
        Words(RECOVERY.words),
        (section,),
        lead=Words(RECOVERY.lead),
        notes=(
            Words(
                N_(
                    "An invoice is in a stage from the day on which it entered it until it enters the next one. "
                    "Commission and costs are those of the handoffs sent and the cases opened in the period."
                )
            ),
        ),
        empty=Words(N_("Nothing entered any stage in this period.")),
    )


def rows(session: Session, asked: Asked, limit: int | None) -> Sheet:
    """The invoices that entered a stage, the largest first."""
    stage = Stage(asked.get("key")) if asked.get("key") in set(Stage) else Stage.REMINDED
    found = sorted(
        entered(session, asked.since, asked.last, stage), key=lambda one: (-one.entered.minor, one.entry.invoice_id)
    )
    labels = accounts.labels(session, [one.account_id for one in found[:limit]])
    made = tuple(
        Row(
            cells(labels[one.account_id].name, one.number, one.entry.on, one.entered, one.came),
            href=f"/accounts/{one.account_id}",
        )
        for one in found[:limit]
    )
    section, _ = cut(Section("invoices", Words(STAGE_NAMES[stage]), ROW_COLUMNS, made), limit)
    return Sheet(
        NAME,
        Words.of(N_("Recovery: {stage}"), stage=Words(STAGE_NAMES[stage])),
        (section,),
        empty=Words(N_("Nothing of this kind happened in the period.")),
        back=asked.only().href(NAME),
        more_than=limit if limit is not None and len(found) > limit else None,
    )


def _row(stage: Stage, found: list[Entered], taken: dict[tuple[Stage, str], Costs], asked: Asked) -> Row:
    currencies = sorted({one.entered.currency for one in found})
    amounts = [Money.sum((one.entered for one in found if one.entered.currency == each), each) for each in currencies]
    came = [Money.sum((one.came for one in found if one.came.currency == each), each) for each in currencies]
    none = [Costs(Money.zero(each), Money.zero(each)) for each in currencies]
    cost = [taken.get((stage, each), nothing) for each, nothing in zip(currencies, none, strict=True)]
    left = [gross - each.commission - each.costs for gross, each in zip(came, cost, strict=True)]
    behind = asked.behind(NAME, ENTERED, key=stage.value)
    return Row(
        cells(
            Words(STAGE_NAMES[stage]),
            Cell(len(found), behind),
            Cell(tuple(amounts), behind),
            Cell(tuple(came), behind),
            Cell(tuple(percent(part.minor, whole.minor) for part, whole in zip(came, amounts, strict=True)), behind),
            Cell(tuple(each.commission for each in cost), behind),
            Cell(tuple(each.costs for each in cost), behind),
            Cell(tuple(left), behind),
            Cell(tuple(percent(part.minor, whole.minor) for part, whole in zip(left, amounts, strict=True)), behind),
        )
    )


RECOVERY = Report(
    name=NAME,
    words=N_("Recovery by stage"),
    lead=N_("What entered each stage of recovery in a period, and what was collected in it until now."),
    group=Group.RECOVERY,
    make=make,
    rows=rows,
    when=When.PERIOD,
    from_words=N_("Entered from"),
    icon="handoff",
)
"""What each stage of recovery collected, gross and net."""
