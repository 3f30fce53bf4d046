"""What the documents list, held against what there is: commands, the chart of accounts, the packages of the domain."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from app.cli import COMMANDS, main
from domain.ledger.chart import CHART

ROOT = Path(__file__).resolve().parents[1]


def rows(page: str, head: str) -> list[list[str]]:
    """The rows of the table that begins with this line."""
    lines = (ROOT / "docs" / page).read_text().partition(f"{head}\n")[2].splitlines()[1:]
    end = next(number for number, line in enumerate(lines) if not line.startswith("|"))
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[:end]]


def every_command() -> Iterator[str]:
    """Each command; of a group its members, and the group itself where it does something alone."""
    context = click.Context(main)
    for name in COMMANDS:
        command = main.get_command(context, name)
        if not isinstance(command, click.Group) or command.invoke_without_command:
            yield name
        if isinstance(command, click.Group):
            yield from (f"{name} {member}" for member in command.commands)


def test_operations_lists_every_command() -> None:
    listed = [
        name for row in rows("operations.md", "| Command | What it does |") for name in re.findall("`([^`]+)`", row[0])
    ]

    assert {name for name in listed if "--" not in name} == set(every_command())


def test_money_has_every_line_of_the_chart_with_its_type() -> None:
    listed = {row[0].strip("`"): row[1] for row in rows("money.md", "| Ledger account | Type | What stands on it |")}

    assert listed == {account.value: line.type.value for account, line in CHART.items()}


def test_architecture_has_every_package_of_the_domain_in_the_order_that_is_enforced() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract.get("containers") == ["domain"])
    there = {path.parent.name for path in (ROOT / "domain").glob("*/__init__.py")}
    enforced = [there & set(re.findall(r"\w+", layer)) for layer in layers]

    listed = [set(re.findall(r"`(\w+)`", row[1])) for row in rows("architecture.md", "| Layer | Packages |")]

    assert listed == [layer for layer in enforced if layer]


@pytest.mark.parametrize("page", sorted(path.name for path in (ROOT / "docs").glob("*.md")))
def test_every_link_leads_somewhere(page: str) -> None:
    links = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", (ROOT / "docs" / page).read_text())

    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []
