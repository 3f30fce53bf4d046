"""Bank: what reaches the business's own bank account in the story's last weeks, and what staff make of it."""

from __future__ import annotations

import io
import random
from datetime import date, timedelta

from adapters.bank_files.reader import BankFiles
from app.demo.acts import Acts, Known
from app.demo.bank_file import OUR_BANK_ACCOUNT, camt053
from domain.banking import queries
from domain.banking.files import FileLine
from domain.banking.taking_in import take_in
from domain.documents import filing
from domain.documents.model import Category
from domain.processing.bank import setting_aside
from domain.processing.bank.suggesting import accept, accept_all, key_of, suggestions, sure_ones
from domain.receivables.references import printed, reference_of
from domain.shared.money import Money

KEPT_FOR = timedelta(days=34)
"""How long before the story's end the bank's statements are taken in; before that, files of paid invoices were."""
NAME = "Current account"


class Bank:
    """The bank account: lines come to it; each statement tells the new ones, and those of the one before it again."""

    def __init__(self, acts: Acts, last_day: date, seed: int) -> None:
        self.acts = acts
        self.since = last_day - KEPT_FOR
        self._chance = random.Random(f"{seed} bank")
        self._told: list[FileLine] = []
        self._waiting: list[FileLine] = []
        self._balance = Money(4_812_055, "GBP")
        self._count = 0
        self._paid: set[int] = set()

    def comes(self, amount: Money, on: date, name: str, text: str, account: str = "", *, unpaid: str = "") -> None:
        """Money comes in (or, below zero, goes out); `unpaid` is the bank's reason for taking something back."""
        self._count += 1
        ref = f"FT{on:%y%j}{self._count:05d}"
        self._waiting.append(FileLine(on, on, amount, (), text, name, account, ref, "", bool(unpaid), unpaid))

    def transfer(self, known: Known, invoice_id: int, number: str, amount: Money, on: date) -> None:
        """A customer pays an invoice; most give its payment reference, some its number, a few only who they are."""
        self._paid.add(invoice_id)
        told = self._chance.random()
        text = (
            printed(reference_of(invoice_id)) if told < 0.6 else f"Invoice {number}" if told < 0.85 else "Your invoice"
        )
        self.comes(amount, on, known.customer.name, text, iban_of(known))

    def names(self, invoice_id: int) -> bool:
        """Whether a transfer for this invoice has come."""
        return invoice_id in self._paid

    def next_lines(self) -> tuple[list[FileLine], Money]:
        """The lines of the next statement, with those of the last one before them, and its opening balance."""
        again, opening = self._told, self._balance
        self._balance += Money.sum((line.amount for line in again), opening.currency)
        self._told, self._waiting = self._waiting, []
        return [*again, *self._told], opening

    def take_statement_in(self, last: date) -> None:
        """Staff take the bank's file in, as the back office does."""
        wired, actor = self.acts.stage.wired, self.acts.staff["Sam"]
        content, filename = camt053(*self.next_lines(), last), f"statement-{last}.xml"
        with self.acts.database.transaction() as session:
            document = filing.file(
                session,
                wired.store,
                content,
                media_type="application/octet-stream",
                category=Category.BANK_FILE,
                filename=filename,
                account_id=None,
                subject=("staff", actor.id or 0),
                actor=actor,
            )
            told = BankFiles().read(io.BytesIO(content), filename)
            take_in(session, document.id, told, actor=actor, names={OUR_BANK_ACCOUNT: NAME})

    def decide(self) -> None:
        """Staff go through what waits: all sure ones at once, then one by one what is likely, and the rest."""
        actor = self.acts.staff["Sam"]
        with self.acts.database.reading() as session:
            keys = {row.id: key_of(suggestion) for row, suggestion in sure_ones(session)}
        accept_all(self.acts.database, keys, actor=actor)
        with self.acts.database.reading() as session:
            rows = queries.open_lines(session)
        for row in rows:
            with self.acts.database.transaction() as session:
                found = suggestions(session, [row])[row.id]
                if found:
                    accept(session, row.id, key_of(found[0]), actor=actor)
                elif row.amount_minor < 0:
                    setting_aside.ignore(session, row.id, why=row.text, actor=actor)
                else:
                    setting_aside.park(session, row.id, actor=actor)

    def park(self, name: str) -> None:
        """Staff keep what this payer sent as unidentified."""
        with self.acts.database.transaction() as session:
            for row in queries.open_lines(session):
                if row.counterparty_name == name:
                    setting_aside.park(session, row.id, actor=self.acts.staff["Sam"])


def iban_of(known: Known) -> str:
    """The bank account from which a customer pays: well-formed, and nobody's."""
    own = f"NWBK601613{int(known.customer.number[2:]):08d}"
    digits = "".join(str(int(sign, 36)) for sign in f"{own}GB00")
    return f"GB{98 - int(digits) % 97:02d}{own}"
