"""Notices: decide on those that are due now, or show who would get what and when, and who would not, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy.orm import Session

from app.commands.common import books, print_json
from app.commands.figures import as_json
from app.handlers.courtesies import send_due
from app.handlers.dunning import decide_due
from domain.dunning.courtesy_foreseeing import ForeseenCourtesy, foresee_courtesies
from domain.dunning.foreseeing import Foreseen, foresee
from domain.dunning.pausing import paused
from domain.notices.model import HELD_BACK_NAMES
from domain.notices.reach.reaching import Reached
from domain.policies.contacting import CHANNEL_NAMES, WORDING_NAMES
from domain.shared.db.session import Database, now

WORDING_WORDS = {wording.value: words for wording, words in WORDING_NAMES.items()}
CHANNEL_WORDS = {channel.value: words for channel, words in CHANNEL_NAMES.items()}
HELD_BACK_WORDS = {why.value: words for why, words in HELD_BACK_NAMES.items()}


@click.command("notices")
@click.option("--dry-run", is_flag=True, help="Show who would get what, and who would not and why; decide nothing.")
@as_json
def notices(dry_run: bool, json_wanted: bool) -> None:
    """Decide on the notices that are due and whose hour it is; the worker does the same all day.

    They are sent by the worker (`quittance worker --once` does both). docs/notices.md describes the rules and the JSON.
    """
    with books() as database:
        if not dry_run:
            _decide(database, json_wanted=json_wanted)
            return
        with database.reading() as session:
            report = _report(session)
    if json_wanted:
        print_json(report)
    else:
        _tell(report)


def _decide(database: Database, *, json_wanted: bool) -> None:
    turn = decide_due(database)
    told = send_due(database)
    failed = turn.failed.failures + told.failures
    if json_wanted:
        print_json(
            {
                "reminders": turn.notices,
                "held_back": turn.held_back,
                "escalated": turn.escalated,
                "courtesies": told.done,
                "failed": failed,
            }
        )
    else:
        click.echo(
            f"{turn.notices:,} reminders, {turn.held_back:,} accounts held back, {turn.escalated:,} decisions asked "
            f"for, {told.done:,} courtesies; {failed:,} accounts failed."
        )
    if failed:
        raise SystemExit(1)


def _report(session: Session) -> Mapping[str, Any]:
    """Who would get what now; under a pause of all reminders the courtesies alone."""
    pause = paused(session)
    reminders = [] if pause else [_reminder(each) for each in foresee(session)]
    return {
        "at": now(session).isoformat(),
        "dry_run": True,
        "paused": pause is not None,
        "notices": [*reminders, *(_courtesy(each) for each in foresee_courtesies(session))],
    }


def _reminder(each: Foreseen) -> Mapping[str, Any]:
    plan = each.plan
    return {
        **_whom(each, plan.reached),
        "wording": plan.what.wording.value,
        "step": plan.step.day,
        "approval": plan.step.approve,
        "total": str(plan.total.decimal),
        "currency": plan.total.currency,
        "invoices": [
            {
                "id": part.invoice_id,
                "asked": str(part.asked.decimal),
                "left_out": str(part.left_out.decimal),
                "why": part.why and part.why.value,
            }
            for part in plan.parts
        ],
    }


def _courtesy(each: ForeseenCourtesy) -> Mapping[str, Any]:
    return {
        **_whom(each, each.reached),
        "wording": each.due.wording.value,
        "step": None,
        "approval": False,
        "total": str(each.total.decimal),
        "currency": each.total.currency,
        "invoices": [{"id": invoice_id} for invoice_id in each.due.invoice_ids],
    }


def _whom(each: Foreseen | ForeseenCourtesy, reached: Reached | None) -> Mapping[str, Any]:
    return {
        "account": each.account_number,
        "name": each.account_name,
        "channel": reached and reached.channel.value,
        "to": reached and reached.address,
        "at": each.at and each.at.isoformat(),
        "held_back": each.why and each.why.value,
    }


def _tell(report: Mapping[str, Any]) -> None:
    if report["paused"]:
        click.echo("Reminders are paused: none would go.")
    found: Sequence[Mapping[str, Any]] = report["notices"]
    if not found:
        click.echo("Nothing is due now.")
        return
    table = Table("Account", "Notice", "By", "To", "When", title=f"Due at {report['at'][:16].replace('T', ' ')} UTC")
    table.add_column("Amount", justify="right")
    for each in found:
        table.add_row(
            f"{each['account']} {each['name']}",
            WORDING_WORDS[each["wording"]],
            CHANNEL_WORDS.get(each["channel"], ""),
            (each["to"] or "").replace("\n", ", "),
            _when(each, report["at"]),
            f"{each['total']} {each['currency']}",
        )
    Console().print(table)
    held = Counter(HELD_BACK_WORDS[each["held_back"]] for each in found if each["held_back"])
    for words, count in held.most_common():
        click.echo(f"{count:,} held back: {words}.")


def _when(each: Mapping[str, Any], at: str) -> str:
    if each["held_back"]:
        return f"not: {HELD_BACK_WORDS[each['held_back']]}"
    if each["approval"]:
        return "once approved"
    return "now" if each["at"] == at else each["at"][:16].replace("T", " ")
