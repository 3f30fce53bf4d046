"""The chart of accounts: every line that a posting may stand on, its type, and its name for people."""

from dataclasses import dataclass
from enum import StrEnum

from domain.shared.errors import N_


class AccountType(StrEnum):
    """Where a ledger account belongs in the books; debits add to assets and expenses, credits to the others."""

    ASSET = "asset"
    LIABILITY = "liability"
    EQUITY = "equity"
    INCOME = "income"
    EXPENSE = "expense"


class LedgerAccount(StrEnum):
    """A line of the chart of accounts (never a customer's account)."""

    RECEIVABLE = "receivable"
    SALES = "sales"
    TAX_PAYABLE = "tax_payable"
    OPENING_BALANCES = "opening_balances"
    IMPORTED_RECEIPTS = "imported_receipts"
    AWAITING_SETTLEMENT = "receipts_awaiting_settlement"
    CARD_CLEARING = "card_clearing"
    PROCESSOR_FEES = "processor_fees"
    CURRENCY_EXCHANGE = "currency_exchange"
    FOREIGN_RECEIPTS = "foreign_receipts"
    LATE_CHARGE_INCOME = "late_charge_income"
    PROCESSOR_SUSPENSE = "processor_suspense"
    REFUNDS_IN_TRANSIT = "refunds_in_transit"
    REFUNDS_TO_EXPLAIN = "refunds_to_explain"
    PAYOUTS_IN_TRANSIT = "payouts_in_transit"
    BANK = "bank"
    RECEIPTS_TO_BANK = "receipts_to_bank"
    UNIDENTIFIED_RECEIPTS = "unidentified_receipts"
    TRANSFERS_IN_TRANSIT = "transfers_in_transit"
    DISCOUNTS_ALLOWED = "discounts_allowed"
    DEBTS_FORGIVEN = "debts_forgiven"
    DUE_FROM_AGENCY = "due_from_agency"
    AGENCY_COMMISSION = "agency_commission"
    INPUT_TAX = "input_tax"
    COMMISSION_ACCRUED = "commission_accrued"
    AGENCY_PAYABLE = "agency_payable"
    COLLECTION_COSTS = "collection_costs"
    BAD_DEBT = "bad_debt"
    BAD_DEBT_ALLOWANCE = "bad_debt_allowance"
    BAD_DEBT_RECOVERED = "bad_debt_recovered"

    @property
    def line(self) -> "ChartLine":
        """What the chart says of this ledger account."""
        return CHART[self]


@dataclass(frozen=True, slots=True)
class ChartLine:
    """One line of the chart: its type, its name for people (a message id) and what stands on it."""

    type: AccountType
    name: str
    meaning: str


CHART: dict[LedgerAccount, ChartLine] = {
    LedgerAccount.RECEIVABLE: ChartLine(
        AccountType.ASSET, N_("Receivable"), N_("What customers owe; each posting names its account.")
    ),
    LedgerAccount.SALES: ChartLine(AccountType.INCOME, N_("Sales"), N_("Invoiced amounts without tax.")),
    LedgerAccount.TAX_PAYABLE: ChartLine(
        AccountType.LIABILITY, N_("Tax payable"), N_("Tax on issued invoices, as issued.")
    ),
    LedgerAccount.OPENING_BALANCES: ChartLine(
        AccountType.EQUITY, N_("Opening balances"), N_("What was owed when the books were opened here.")
    ),
    LedgerAccount.IMPORTED_RECEIPTS: ChartLine(
        AccountType.ASSET, N_("Imported receipts"), N_("Money that another system received before the import.")
    ),
    LedgerAccount.AWAITING_SETTLEMENT: ChartLine(
        AccountType.ASSET,
        N_("Receipts awaiting settlement"),
        N_("Paid by the customer, not yet in the processor's balance."),
    ),
    LedgerAccount.CARD_CLEARING: ChartLine(
        AccountType.ASSET, N_("Card clearing"), N_("Our balance at the payment processor.")
    ),
    LedgerAccount.PROCESSOR_FEES: ChartLine(
        AccountType.EXPENSE, N_("Processor fees"), N_("What the payment processor charges.")
    ),
    LedgerAccount.CURRENCY_EXCHANGE: ChartLine(
        AccountType.ASSET,
        N_("Currency exchange"),
        N_("Both sides of receipts that the processor settled in another currency."),
    ),
    LedgerAccount.FOREIGN_RECEIPTS: ChartLine(
        AccountType.LIABILITY,
        N_("Foreign receipts"),
        N_("Payments that another system took on the same processor account."),
    ),
    LedgerAccount.LATE_CHARGE_INCOME: ChartLine(
        AccountType.INCOME, N_("Late-charge income"), N_("Interest, late fees and recovery costs charged.")
    ),
    LedgerAccount.PROCESSOR_SUSPENSE: ChartLine(
        AccountType.ASSET,
        N_("Processor suspense"),
        N_("Movements at the processor of a kind that we do not know yet; a person has to look."),
    ),
    LedgerAccount.REFUNDS_IN_TRANSIT: ChartLine(
        AccountType.LIABILITY,
        N_("Refunds in transit"),
        N_("Granted to the customer, not yet taken from the processor's balance or the bank."),
    ),
    LedgerAccount.REFUNDS_TO_EXPLAIN: ChartLine(
        AccountType.ASSET,
        N_("Refunds to explain"),
        N_("Refunded at the processor by somebody outside Quittance, until staff name the source."),
    ),
    LedgerAccount.PAYOUTS_IN_TRANSIT: ChartLine(
        AccountType.ASSET, N_("Payouts in transit"), N_("Sent by the processor, not yet at our bank.")
    ),
    LedgerAccount.BANK: ChartLine(
        AccountType.ASSET, N_("Bank"), N_("What bank statements and payouts show for what customers paid.")
    ),
    LedgerAccount.RECEIPTS_TO_BANK: ChartLine(
        AccountType.ASSET, N_("Receipts to bank"), N_("Cheques, cash and transfers recorded, not yet seen at the bank.")
    ),
    LedgerAccount.UNIDENTIFIED_RECEIPTS: ChartLine(
        AccountType.LIABILITY,
        N_("Unidentified receipts"),
        N_("Money at the bank, and nobody knows yet whose."),
    ),
    LedgerAccount.TRANSFERS_IN_TRANSIT: ChartLine(
        AccountType.LIABILITY, N_("Transfers in transit"), N_("Credit on its way from one account to another.")
    ),
    LedgerAccount.DISCOUNTS_ALLOWED: ChartLine(
        AccountType.EXPENSE, N_("Discounts allowed"), N_("What customers saved by paying early, without its tax.")
    ),
    LedgerAccount.DEBTS_FORGIVEN: ChartLine(
        AccountType.EXPENSE,
        N_("Debts forgiven"),
        N_("What was given up where customers settled a debt for less, without its tax."),
    ),
    LedgerAccount.DUE_FROM_AGENCY: ChartLine(
        AccountType.ASSET, N_("Due from agencies"), N_("Collected for us by agencies, and not yet paid over.")
    ),
    LedgerAccount.AGENCY_COMMISSION: ChartLine(
        AccountType.EXPENSE,
        N_("Agency commission"),
        N_("What agencies and attorneys take for collecting, without tax."),
    ),
    LedgerAccount.INPUT_TAX: ChartLine(
        AccountType.ASSET, N_("Input tax"), N_("Tax on commission, to be had back from the tax office.")
    ),
    LedgerAccount.COMMISSION_ACCRUED: ChartLine(
        AccountType.LIABILITY,
        N_("Commission accrued"),
        N_("Commission on what customers paid to us while an agency had the debt, not yet invoiced."),
    ),
    LedgerAccount.AGENCY_PAYABLE: ChartLine(
        AccountType.LIABILITY, N_("Payable to agencies"), N_("Commission and costs invoiced to us, not yet paid.")
    ),
    LedgerAccount.COLLECTION_COSTS: ChartLine(
        AccountType.EXPENSE, N_("Collection costs"), N_("What agencies and attorneys spent for us, and court fees.")
    ),
    LedgerAccount.BAD_DEBT: ChartLine(
        AccountType.EXPENSE, N_("Bad debt"), N_("What was written off, in the books alone or for good.")
    ),
    LedgerAccount.BAD_DEBT_ALLOWANCE: ChartLine(
        AccountType.LIABILITY,
        N_("Allowance for bad debt"),
        N_("Written off in the books while the customer still owes it; it stands against the receivable."),
    ),
    LedgerAccount.BAD_DEBT_RECOVERED: ChartLine(
        AccountType.INCOME, N_("Bad debt recovered"), N_("What came in after it was written off in the books.")
    ),
}
