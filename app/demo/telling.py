"""Telling: make the demo's data once, with a progress bar; what is broken off leaves nothing behind."""

from __future__ import annotations

import gc
import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import structlog
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from app.demo.acts import Acts
from app.demo.agreeing import plan_agreeing
from app.demo.clear_terms import plan_clear_terms
from app.demo.contending import plan_contending
from app.demo.giving_up import plan_giving_up
from app.demo.going_back import plan_going_back
from app.demo.handing_over import plan_handing_over
from app.demo.incidents import plan_incidents
from app.demo.looking_after import plan_looking_after
from app.demo.new_ways import plan_new_ways
from app.demo.proving import plan_proving
from app.demo.rates import plan_rates
from app.demo.reminding import plan_reminding
from app.demo.samples import FOLDER, write_samples
from app.demo.stage import STATE, stage
from app.demo.story import MONTHS, REMINDED, ZONE, Story, first_of_month
from app.demo.training import plan_training
from app.environment import WrongSetting
from app.kept_settings import KEPT
from app.settings import Settings
from domain.processing.checks import check_books
from domain.shared.clock import MovableClock
from domain.shared.db.migrating import migrate

UNFINISHED = "telling"
"""The folder in which a story is told; it is moved into place when it is whole."""
MARK = "demo"
"""The file by which the demo knows its own data; it says when they were made."""
DATABASE = "quittance.db"
TEXTS = "texts"
PARTS = ("documents", "mail", TEXTS, FOLDER, STATE, MARK, DATABASE)
"""What a story consists of, in the order of moving: with the database everything is there."""
PARTS_OF_THE_STORY = (
    plan_rates,
    plan_clear_terms,
    plan_incidents,
    plan_new_ways,
    plan_going_back,
    plan_agreeing,
    plan_contending,
    plan_handing_over,
    plan_giving_up,
    plan_looking_after,
    plan_reminding,
    plan_proving,
    plan_training,
)


def told_at(home: Path) -> datetime | None:
    """When the demo's data in this folder were made; None where there are none.

    Raises WrongSetting where the folder holds somebody else's books.
    """
    if not (home / DATABASE).exists():
        return None
    if not (home / MARK).exists():
        raise WrongSetting(f"{home} holds books that are not the demo's; choose another QUITTANCE_HOME.")
    return datetime.fromisoformat((home / MARK).read_text().strip())


def forget(home: Path) -> None:
    """Remove the demo's data, whole or half told, and nothing else."""
    told_at(home)
    for name in (*PARTS, KEPT, f"{STATE}-wal", f"{STATE}-shm", f"{DATABASE}-wal", f"{DATABASE}-shm", UNFINISHED):
        path = home / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def tell(settings: Settings, *, months: int = MONTHS, reminded: timedelta = REMINDED) -> datetime:
    """Make a believable company over so many months, ending now, and prove that its books are whole; when that was."""
    forget(settings.home)
    unfinished = settings.home / UNFINISHED
    database = f"sqlite:///{unfinished / DATABASE}"
    inside = replace(settings, home=unfinished, database_url=database, texts_folder=str(unfinished / TEXTS))
    (unfinished / TEXTS).mkdir(parents=True)
    now = datetime.now(UTC)
    try:
        with _quiet(), _seldom_tidied(), _bar(f"Telling {months} months of business") as on_day:
            _tell(inside, now, months, reminded, on_day)
        (unfinished / MARK).write_text(now.isoformat())
        for name in PARTS:
            (unfinished / name).rename(settings.home / name)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return now


def _tell(
    settings: Settings, now: datetime, months: int, reminded: timedelta, on_day: Callable[[int, int], None]
) -> None:
    before = first_of_month(now.date(), months_ago=months + 1)
    clock = MovableClock(datetime(before.year, before.month, 1, tzinfo=UTC))
    with stage(settings, clock) as scene:
        migrate(scene.database.bind.engine)
        story = Story(Acts(scene), now, months=months, reminded=reminded)
        for plan in PARTS_OF_THE_STORY:
            plan(story)
        story.tell(lambda day: on_day(day, story.days))
        unexplained = scene.compare()
        write_samples(story, settings.home, now.astimezone(ZONE).date())
        with scene.database.reading() as session:
            findings = check_books(session)
    if unexplained:
        raise click.ClickException(f"{unexplained} things of the demo do not add up with its Stripe.")
    if findings:
        raise click.ClickException(f"The books of the demo are not in order: {findings[0].place}: {findings[0].words}")


@contextmanager
def _quiet() -> Iterator[None]:
    """Log nothing meanwhile: what goes wrong in the story is meant to."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL), cache_logger_on_first_use=False
    )
    try:
        yield
    finally:
        structlog.reset_defaults()


@contextmanager
def _seldom_tidied() -> Iterator[None]:
    """Look for garbage less often meanwhile: there is little of it, and each search goes through all that is there."""
    before = gc.get_threshold()
    gc.set_threshold(20_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def _bar(title: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar where there is a terminal, otherwise one line at the beginning."""
    console = Console(stderr=True)
    if not console.is_terminal:
        click.echo(f"{title} …", err=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:.0f} %"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        task = bars.add_task(title, total=None)

        def on_day(day: int, days: int) -> None:
            bars.update(task, completed=day, total=days)

        yield on_day
