"""Bank months: 200 lines as a busy account has them, with what each line really is, to be matched and booked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from domain.banking.candidates import Candidates, ExpectedPayout, KnownAccount, OpenInvoice, Receipt
from domain.banking.files import FileLine
from domain.banking.suggestions import Kind
from domain.receivables.references import printed, reference_of
from domain.shared.money import Money
from tests.support.bank_files import a_line, consecutive

FIRST = date(2026, 3, 2)
FIRMS = ("Nordwind", "Acme Trading", "Müller & Söhne", "Café París", "Hafen Logistik", "Old Mill Bakery", "Blue Kite")
FORMS = ("GmbH", "Ltd", "S.L.", "AG", "Inc")


@dataclass(frozen=True, slots=True)
class Month:
    """The lines, what each is (kind and ids; None for what nobody can know), and what they can be taken for."""

    lines: list[FileLine]
    truth: list[tuple[Kind, tuple[int, ...]] | None]
    candidates: Candidates


def a_month(lines: int = 200, seed: int = 1) -> Month:
    """A month of this many lines; the same for the same seed."""
    return _Making(Random(seed)).month(lines)


class _Making:
    """A month while it is made."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.accounts = [
            KnownAccount(
                id=number,
                number=f"C-{2000 + number}",
                name=f"{FIRMS[number % len(FIRMS)]} {_word(number)} {FORMS[number % len(FORMS)]}",
                bank_accounts=frozenset({f"DE{number:020d}"} if number % 3 == 0 else ()),
            )
            for number in range(1, 61)
        ]
        self.invoices: list[OpenInvoice] = []
        self.receipts: list[Receipt] = []
        self.payouts: list[ExpectedPayout] = []

    def month(self, count: int) -> Month:
        """Lines of every kind in turn."""
        kinds = (
            *(self._by_reference,) * 7,
            *(self._by_number,) * 4,
            *(self._by_name,) * 3,
            self._several,
            self._part,
            self._recorded_cheque,
            self._payout,
            self._rent,
            self._unknown,
        )
        made = [kinds[number % len(kinds)]() for number in range(count)]
        lines = consecutive([line for line, _ in made], FIRST)
        candidates = Candidates(self.invoices, self.accounts, self.receipts, (), self.payouts)
        return Month(lines, [truth for _, truth in made], candidates)

    def _by_reference(self) -> tuple[FileLine, tuple[Kind, tuple[int, ...]]]:
        account = self.random.choice(self.accounts)
        invoice = self._invoice(account)
        text = f"Thank you {printed(reference_of(invoice.id))}"
        return self._paid(account, [invoice], text)

    def _by_number(self) -> tuple[FileLine, tuple[Kind, tuple[int, ...]]]:
        account = self.random.choice(self.accounts)
        invoices = [self._invoice(account) for _ in range(self.random.randint(1, 3))]
        return self._paid(account, invoices, "Invoices " + ", ".join(invoice.number for invoice in invoices))

    def _by_name(self) -> tuple[FileLine, tuple[Kind, tuple[int, ...]]]:
        account = self.random.choice(self.accounts)
        return self._paid(account, [self._invoice(account)], "March")

    def _several(self) -> tuple[FileLine, tuple[Kind, tuple[int, ...]]]:
        account = self.random.choice(self.accounts)
        return self._paid(account, [self._invoice(account) for _ in range(3)], "as agreed")

    def _part(self) -> tuple[FileLine, tuple[Kind, tuple[int, ...]]]:
        account = self.random.choice(self.accounts)
        invoice = self._invoice(account)
        line, truth = self._paid(account, [invoice], reference_of(invoice.id))
        return _with(line, line.amount.times(1) - Money(line.amount.minor // 50, "EUR")), truth

    def _recorded_cheque(self) -> tuple[FileLine, tuple[Kind, tuple[int, ...]]]:
        account = self.random.choice(self.accounts)
        receipt = Receipt(len(self.receipts) + 1, account.id, self._amount(), FIRST, str(700_000 + len(self.receipts)))
        self.receipts.append(receipt)
        line = _with(a_line("1.00", f"CHEQUE {receipt.reference}", name="", account=""), receipt.amount)
        return line, (Kind.RECORDED_RECEIPT, (receipt.id,))

    def _payout(self) -> tuple[FileLine, tuple[Kind, tuple[int, ...]]]:
        number = len(self.payouts) + 1
        day = FIRST.toordinal() + 2 * number
        payout = ExpectedPayout(number, self._amount(), date.fromordinal(day), f"po_{number:06d}", ("STRIPE",))
        self.payouts.append(payout)
        return _with(a_line("1.00", "STRIPE", name="STRIPE PAYMENTS", account=""), payout.amount), (
            Kind.PAYOUT,
            (payout.id,),
        )

    def _rent(self) -> tuple[FileLine, None]:
        return a_line("-950.00", "RENT", name="Landlord Ltd", account=""), None

    def _unknown(self) -> tuple[FileLine, None]:
        return _with(a_line("1.00", "transfer", name="Somebody", account=""), self._amount()), None

    def _paid(
        self, account: KnownAccount, invoices: Sequence[OpenInvoice], text: str
    ) -> tuple[FileLine, tuple[Kind, tuple[int, ...]]]:
        total = Money.sum((invoice.open for invoice in invoices), "EUR")
        bank_account = next(iter(account.bank_accounts), "")
        line = a_line("1.00", text, name=account.name.upper()[:27], account=bank_account)
        return _with(line, total), (Kind.INVOICE_PAYMENT, tuple(invoice.id for invoice in invoices))

    def _invoice(self, account: KnownAccount) -> OpenInvoice:
        number = len(self.invoices) + 1
        invoice = OpenInvoice(
            number, account.id, f"INV-2026-{number:04d}", self._amount(), date(2026, 2, 1 + number % 28)
        )
        self.invoices.append(invoice)
        return invoice

    def _amount(self) -> Money:
        """One in eight is a round price, which others have too."""
        if self.random.random() < 0.125:
            return Money(12_000, "EUR")
        return Money(self.random.randint(1_000, 500_000), "EUR")


def _with(line: FileLine, amount: Money) -> FileLine:
    return a_line(
        amount.decimal,
        line.text,
        name=line.counterparty_name,
        account=line.counterparty_account,
        bank_ref=line.bank_ref,
    )


def _word(number: int) -> str:
    """A word of its own for each number, by which names differ."""
    syllables = ("ba", "ki", "lo", "mu", "ne", "ra", "su", "to")
    return "".join(syllables[number // 8**place % 8] for place in range(3)).capitalize()
