"""Registry: every report there is, by its name; a page, a file or a schedule asks here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping

from domain.reporting.ageing_sheet import AGEING
from domain.reporting.behaviour_sheet import BEHAVIOUR
from domain.reporting.brought.discounts import DISCOUNTS
from domain.reporting.brought.promises import PROMISES
from domain.reporting.brought.reminders_sheet import REMINDERS
from domain.reporting.brought.stages_sheet import RECOVERY
from domain.reporting.dispute_sheet import DISPUTES
from domain.reporting.figures_sheet import FIGURES
from domain.reporting.forecasting.sheet import CASH
from domain.reporting.handoff_sheet import HANDOFFS
from domain.reporting.late_sheet import DEBTORS, LATE_BY
from domain.reporting.plan_sheet import PLANS
from domain.reporting.reviewing.sheet import REVIEW
from domain.reporting.sheets.report import Report
from domain.shared.errors import N_, NotFound

REPORTS: Mapping[str, Report] = {
    report.name: report
    for report in (
        AGEING,
        FIGURES,
        DEBTORS,
        LATE_BY,
        CASH,
        PROMISES,
        DISCOUNTS,
        DISPUTES,
        REMINDERS,
        PLANS,
        BEHAVIOUR,
        RECOVERY,
        HANDOFFS,
        REVIEW,
    )
}
"""All reports in the order in which they are listed."""


def report_of(name: str) -> Report:
    """The report of this name; NotFound where there is none."""
    if name not in REPORTS:
        raise NotFound(N_("There is no such report."))
    return REPORTS[name]
