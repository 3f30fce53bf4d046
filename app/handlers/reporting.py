"""Reporting: reports that take long are made here while their page asks again, and each night the day's figures."""

from __future__ import annotations

from app.wired import Wired
from domain.reporting.kept import day_figures
from domain.reporting.sheets import keeping
from domain.reporting.sheets.keeping import MakeReport
from domain.reporting.sheets.registry import report_of
from domain.reporting.trial import keeping as trials
from domain.reporting.trial.keeping import WorkTrial


def make_report(wired: Wired, message: MakeReport) -> None:
    """Make a report that somebody waits for, or the rows behind one of its numbers."""
    keeping.make_and_keep(wired.database, report_of(message.name), message.fields, behind=message.behind)


def work_trial(wired: Wired, message: WorkTrial) -> None:
    """Go on with a trial that somebody waits for."""
    trials.work(wired.database, message)


def keep_figures(wired: Wired) -> int:
    """Keep the figures of yesterday, and of month ends that are missing; how many days."""
    return day_figures.take_due(wired.database)
