"""Acts: what people and machines of the story do, each by the use case that the sites, the worker or an import run."""

from __future__ import annotations

import io
import random
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.demo.cast import ACCOUNTANT, CAST, Customer
from app.demo.company import PASSWORD, STAFF
from app.demo.files import Row, mapping_of, written
from app.demo.stage import Stage
from domain.accounts import logins
from domain.accounts import queries as accounts
from domain.accounts.contacts import ContactDetails, add
from domain.accounts.model import ALL_RIGHTS, LegalForm, Right
from domain.accounts.opening import open_account
from domain.importing import booking, preparing, undoing
from domain.invoicing import credit_notes, issuing
from domain.invoicing.issuing import NewLine
from domain.payments import discount_quotes, sending, starting
from domain.payments import queries as payments
from domain.receivables import queries as receivables
from domain.receivables.model import Invoice, InvoiceKind
from domain.shared.actor import OPERATOR, WORKER, Actor
from domain.shared.money import Money
from domain.staff import adding
from domain.statements import issuing as statements

GOOD_CARD = "4242424242424242"
KEPT_BOOKS = frozenset({Right.VIEW, Right.PAY, Right.DISPUTE})
"""What an accountant may do for a client."""


@dataclass(frozen=True, slots=True)
class Known:
    """A customer who has an account, and the login of their bookkeeper."""

    customer: Customer
    account_id: int
    login_id: int

    def money(self, minor: int) -> Money:
        """An amount in the account's currency."""
        return Money(minor, self.customer.currency)


class Acts:
    """The story's hands: remembers who is who, and does one thing at the time that the stage's clock shows."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.database = stage.database
        self.known: dict[str, Known] = {}
        self.staff: dict[str, Actor] = {}

    def hire(self) -> None:
        """Give everybody who works here access to the back office."""
        for colleague in STAFF:
            with self.database.transaction() as session:
                member, _ = adding.add(
                    session,
                    email=colleague.email,
                    name=colleague.name,
                    role=colleague.role,
                    password=PASSWORD,
                    actor=OPERATOR,
                )
            self.staff[colleague.name.split()[0]] = Actor.staff(member.id)

    def open_account(self, customer: Customer) -> Known:
        """Open an account with its mailbox, its bookkeeper, and its accountant where it has one."""
        street = random.Random(customer.number).choice(("High Street", "Mill Lane", "Station Road", "Quay Street"))
        actor = self.staff["Sam"]
        with self.database.transaction() as session:
            account = open_account(
                session,
                number=customer.number,
                name=customer.name,
                currency=customer.currency,
                legal_form=customer.form,
                language=customer.language,
                time_zone="Europe/Madrid" if customer.country == "ES" else None,
                country=customer.country,
                email=customer.email,
                phone=customer.phone,
                address=f"{len(customer.name)} {street}\n{customer.place}",
                terms_days=customer.terms,
                actor=actor,
            )
            login = logins.grant(
                session, account, email=customer.login, name=customer.contact, rights=ALL_RIGHTS, actor=actor
            )
            person = ContactDetails(customer.contact, _job(customer), customer.login, customer.mobile)
            add(session, account, person, login_id=login.id, actor=actor)
            add(session, account, ContactDetails("Accounts department", None, customer.email), actor=actor)
            if customer.accountant:
                name, email = ACCOUNTANT
                keeper = logins.grant(session, account, email=email, name=name, rights=KEPT_BOOKS, actor=actor)
                add(session, account, ContactDetails(name, "Accountant", email), login_id=keeper.id, actor=actor)
        self.known[customer.number] = Known(customer, account.id, login.id)
        return self.known[customer.number]

    def issue(
        self, known: Known, lines: Sequence[NewLine], *, description: str | None = None, order: str | None = None
    ) -> Invoice:
        """Issue an invoice today."""
        with self.database.transaction() as session:
            account = accounts.lock(session, known.account_id)
            return issuing.issue(
                session, account, lines, description=description, purchase_order=order, actor=self.staff["Sam"]
            )

    def void(self, invoice: Invoice, why: str) -> None:
        """Take back an invoice that should not have been."""
        with self.database.transaction() as session:
            accounts.lock(session, invoice.account_id)
            issuing.void(session, session.get_one(Invoice, invoice.id), why=why, actor=self.staff["Ade"])

    def credit(self, invoice_id: int, amount: Money, reason: str) -> None:
        """Issue a credit note on an invoice."""
        with self.database.transaction() as session:
            invoice = session.get_one(Invoice, invoice_id)
            account = accounts.lock(session, invoice.account_id)
            credit_notes.issue_credit_note(session, account, invoice, amount, reason=reason, actor=self.staff["Ade"])

    def open_amounts(
        self, known: Known, *, due_by: date | None = None, kinds: Collection[InvoiceKind] = tuple(InvoiceKind)
    ) -> dict[int, Money]:
        """What is open on each of the account's invoices that are due by that day, by the invoice's id."""
        with self.database.reading() as session:
            rows = receivables.open_invoices(session, known.account_id)
        return {
            row.id: known.money(row.open_minor)
            for row in rows
            if row.kind in kinds and (due_by is None or row.due_on <= due_by)
        }

    def less_discount(self, known: Known, wanted: Mapping[int, Money]) -> dict[int, Money]:
        """What is enough for each invoice of these (id → all that is open), where paying today saves something."""
        with self.database.reading() as session:
            offers = discount_quotes.offered(session, known.account_id, wanted)
        return {key: offers[key].settles if key in offers else amount for key, amount in wanted.items()}

    def go_to_pay(self, known: Known, wanted: Mapping[int, Money]) -> str:
        """Have the bookkeeper start to pay so much on these invoices; Stripe's name of the page that opens."""
        actor = Actor.login(known.login_id)
        processor = self.stage.wired.processor
        back = f"{self.portal_of(known)}/payments/{{payment}}"
        sending.know_customer(self.database, processor, known.account_id)
        with self.database.transaction() as session:
            started = starting.start(
                session,
                processor,
                known.account_id,
                wanted,
                login_id=known.login_id,
                return_url=f"{back}/returned",
                cancel_url=back,
                language=known.customer.language,
                actor=actor,
            )
        sending.send(self.database, processor, started.attempt_id, actor=actor)
        with self.database.reading() as session:
            return payments.by_public_id(session, started.public_id).checkout_id or ""

    def portal_of(self, known: Known) -> str:
        """Where the account's pages are."""
        return f"{self.stage.wired.settings.portal.public_url}/accounts/{known.account_id}"

    def type_card(self, known: Known, page: str, card: str = GOOD_CARD) -> None:
        """Have the bookkeeper type a card on Stripe's page; what came of it arrives by webhook."""
        self.stage.clock.advance(minutes=2)
        customer = known.customer
        self.stage.simulator.pay_session(page, card, name=customer.contact, email=customer.login, authenticate=True)
        self.stage.clock.advance(seconds=20)
        self.stage.hear()

    def import_rows(self, name: str, rows: Iterable[Row], *, booked_as: str = "sales") -> int:
        """Import a CSV file as the back office does; the batch."""
        actor, store = self.staff["Sam"], self.stage.wired.store
        batch = preparing.prepare(
            self.database, io.BytesIO(written(rows)), name, mapping_of(booked_as), actor=actor, store=store
        )
        with self.database.transaction() as session:
            booking.book(session, batch, actor=actor, is_kept=True)
        return batch

    def undo_import(self, batch: int) -> None:
        """Take an import back."""
        with self.database.transaction() as session:
            undoing.undo(session, batch, actor=self.staff["Sam"])

    def issue_statement(self, known: Known, first: date, last: date) -> None:
        """Issue the statement of a period."""
        everything = self.stage.wired
        with self.database.transaction() as session:
            statements.issue(
                session, everything.store, everything.renderer, known.account_id, first, last, actor=WORKER
            )


def customers(*, new: bool) -> list[Customer]:
    """The customers who were there from the beginning, or those who came later."""
    return [customer for customer in CAST if (customer.habit.name == "NEW") is new]


def _job(customer: Customer) -> str:
    return "Bookkeeper" if customer.form in (LegalForm.COMPANY, LegalForm.PUBLIC_BODY) else "Owner"
