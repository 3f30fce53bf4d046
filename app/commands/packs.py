"""Packs: whether an evidence pack is what was sealed; needs the file and nothing else."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from app.commands.common import print_json
from app.commands.figures import as_json
from domain.evidence.archives import NoArchive
from domain.evidence.verifying import Report, verify

BROKEN, NO_PACK = 1, 2
"""How the command ends where something is off, and where it is no pack at all."""


@click.command("verify-pack")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--sha256", "told", metavar="HASH", help="The manifest's hash as it was told to you: is it this one?")
@as_json
def verify_pack(file: Path, told: str | None, json_wanted: bool) -> None:
    """Check an evidence pack: every file, the manifest, the ledger's chain and its balance.

    Needs no database and no network. Ends with 0 when all is well, with 1 and the place of each finding when anything
    is off, and with 2 where FILE is no pack.
    """
    try:
        with file.open("rb") as content:
            report = verify(content, told_sha256=told)
    except NoArchive as problem:
        if json_wanted:
            print_json({"whole": False, "problem": str(problem)})
        else:
            click.echo(f"This is no evidence pack: {problem}.", err=True)
        raise SystemExit(NO_PACK) from problem
    if json_wanted:
        print_json({"whole": report.is_whole, **asdict(report)})
    else:
        _tell(report, told)
    if not report.is_whole:
        raise SystemExit(BROKEN)


def _tell(report: Report, told: str | None) -> None:
    for flaw in report.flaws:
        click.echo(str(flaw))
    if report.flaws:
        things = "thing is" if len(report.flaws) == 1 else "things are"
        click.echo(f"{len(report.flaws)} {things} off. This is not the pack that was sealed.")
        return
    click.echo(f"Pack {report.pack} of account {report.account}, made at {report.made_at}.")
    click.echo(f"{report.files} files are as they were sealed.")
    click.echo(f"The ledger's {report.entries} entries are chained and come to {report.balance}, as the index says.")
    click.echo(f"SHA-256 of the manifest: {report.manifest_sha256}")
    if told is None:
        click.echo("Compare it with the one that you were told apart from this file, or give it as --sha256.")
