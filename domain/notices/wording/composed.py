"""Composed: what a notice says once it is put into words, for any channel to lay out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from domain.policies.contacting import Channel, Wording

PLAIN_SIGNS = str.maketrans({"\N{NO-BREAK SPACE}": " ", "\N{NARROW NO-BREAK SPACE}": " ", "’": "'", "−": "-"})
"""Signs that would more than double the price of a text message, and what says the same."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table of invoices, written the local way; `left_out` is a sentence that says what and why.

    `name` says what it is beside its number: an invoice, or a charge for lateness.
    """

    number: str
    name: str
    issued_on: str
    due_on: str
    days_late: str
    asked: str
    left_out: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody may say on the telephone, and what can be answered."""

    objection: str
    words: str


@dataclass(frozen=True, slots=True)
class Composed:
    """What a notice says. All is text, written the local way; `labels` are the words of the layout in its language.

    `locale` is for an HTML page's `lang`; `text_id` the row of a text that staff wrote. `total`, `act_by` and
    `reference` (for a bank transfer) are None where nothing is asked for, `answers` empty but for a call.
    """

    wording: Wording
    channel: Channel
    language: str
    locale: str
    subject: str
    greeting: str
    paragraphs: tuple[str, ...]
    answers: tuple[Answer, ...]
    rows: tuple[Row, ...]
    total: str | None
    act_by: str | None
    reference: str | None
    link: str | None
    sender: str
    business: str
    labels: Mapping[str, str]
    text_id: int | None

    def plain(self) -> str:
        """All of it as plain text, but for the subject."""
        if self.channel is Channel.SMS:
            return " ".join([*self.paragraphs, self.labels["sms_opt_out"]]).translate(PLAIN_SIGNS)
        if self.channel is Channel.CALL:
            says = self.labels["objection"]
            answers = (f"{says.format(words=each.objection)}\n{each.words}" for each in self.answers)
            return "\n\n".join([*self.paragraphs, *answers])
        blocks = [self.greeting, *self.paragraphs, self._table(), self._way(), self._signature()]
        return "\n\n".join(block for block in blocks if block)

    def _table(self) -> str:
        lines: list[str] = []
        for row in self.rows:
            due = f"{self.labels['due']} {row.due_on}"
            lines.append(f"{row.name} {row.number} · {row.issued_on} · {due} · {row.asked}")
            if row.left_out:
                lines.append(f"  {row.left_out}")
        if self.total:
            lines.append(self._line("total", self.total))
        if self.act_by:
            lines.append(self._line("act_by", self.act_by))
        return "\n".join(lines)

    def _line(self, label: str, value: str) -> str:
        return self.labels["line"].format(what=self.labels[label], value=value)

    def _way(self) -> str:
        return f"{self.labels['by_link']}\n{self.link}" if self.link and self.total else ""

    def _signature(self) -> str:
        return "\n".join(dict.fromkeys((self.labels["sign_off"], self.sender, self.business)))
