"""The `quittance` command: what an operator can do. Only the command that is run is imported."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click
from sqlalchemy.exc import OperationalError

from app.environment import WrongSetting
from domain.shared.errors import Refused

COMMANDS = {
    "demo": ("app.commands.demo:demo", "Show everything at once, on this machine, without any settings."),
    "serve": ("app.commands.serving:serve", "Serve the portal, the back office and the worker."),
    "worker": ("app.commands.serving:work", "Run the worker alone, or only what is due now."),
    "migrate": ("app.commands.schema:migrate_schema", "Bring the database to the newest schema."),
    "staff": ("app.commands.staff:staff", "Give somebody access to the back office."),
    "import": ("app.commands.import_:import_file", "Load a file of invoices, all of it or nothing."),
    "bank": ("app.commands.bank:bank", "Take in statement files of the bank."),
    "ageing": ("app.commands.figures:ageing", "Show what was owed on a day, by how late it was."),
    "figures": ("app.commands.figures:figures", "Show credit sales, DSO, CEI and more of a period."),
    "late-charges": ("app.commands.late_charges:late_charges", "Make today's late charges, or show those of any day."),
    "notices": ("app.commands.notices:notices", "Decide on the notices that are due, or show who would get what."),
    "trial": ("app.commands.trial:trial", "Try a policy's draft on past days, beside what happened."),
    "rates": ("app.commands.rates:rates", "Enter the reference rates that late interest follows."),
    "check-books": ("app.commands.books:check_books", "Prove that the books are whole."),
    "balances": ("app.commands.books:balances", "Show what stands on each ledger account, on any day."),
    "close-books": ("app.commands.books:close_books", "Close the books through a day, for good."),
    "backfill": ("app.commands.backfill:backfill", "Find at the processor what no webhook told us of."),
    "tie-out": ("app.commands.tie_out:tie_out", "Prove that everything at the processor adds up."),
    "journal": ("app.commands.journal:journal", "Write the ledger for hledger or beancount."),
    "seal": ("app.commands.books:seal_books", "Seal what was posted since the last seal."),
    "verify-pack": ("app.commands.packs:verify_pack", "Check an evidence pack, without database or network."),
    "placement": ("app.commands.placement:placement", "Write and check files of debts that are handed over."),
    "health": ("app.commands.health:health", "Ask the sites of this machine whether they are well."),
}
"""Each command: where it is, and what `quittance --help` says of it."""


class Commands(click.Group):
    """The commands in the order of their table; each ends with a sentence when something says no."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One of them."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What `--help` says of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except (WrongSetting, Refused) as problem:
            raise click.ClickException(str(problem)) from problem
        except OperationalError as problem:
            reason = str(problem.orig).partition("\n")[0]
            raise click.ClickException(f"The database does not answer: {reason}") from problem


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Quittance: invoices, statements and payments over one honest ledger.

    `quittance COMMAND --help` explains a command. Settings come from the environment; docs/operations.md lists them.
    """
