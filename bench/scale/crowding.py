"""Crowding: a database full of customers, invoices, payments and acts, put straight into the tables.

Chains of hashes are not made: the books are as large as real ones, and nobody checks them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Engine, text

EACH: Final = 10
"""Invoices of a customer, one every 36 days, the older ones paid."""
WAITING: Final = 100
"""Lines of the bank that nobody has decided on, every second one with an invoice's number, every fifth spelt wrong."""

ACCOUNTS: Final = """
INSERT INTO account (id, number, name, legal_form, currency, language, time_zone, country, email, phone, address,
    terms_days, search_text, created_at)
SELECT id, number, name, CASE WHEN id % 9 = 0 THEN 'sole_trader' ELSE 'company' END,
    CASE WHEN id % 10 = 0 THEN 'EUR' ELSE 'GBP' END, (ARRAY['en', 'es', 'fr', 'de'])[1 + id % 4], 'Europe/London',
    (ARRAY['GB', 'ES', 'FR', 'DE', 'IE'])[1 + id % 5], email, '+44 20 7946 ' || lpad((id % 10000)::text, 4, '0'),
    id || ' Quay Street', 30, lower(name || ' ' || number || ' ' || email), :at
FROM (
    SELECT id, 'C-' || lpad(id::text, 6, '0') AS number,
        first[1 + id % 25] || ' ' || second[1 + (id / 25) % 20] || ' ' || third[1 + (id / 500) % 8] || ' ' || id
            AS name,
        'accounts@customer' || id || '.example' AS email
    FROM generate_series(1, :accounts) AS id, (SELECT
        ARRAY['Harbour', 'North', 'Willow', 'Granite', 'Silver', 'Copper', 'Anchor', 'Beacon', 'Cedar', 'Dover',
            'Elm', 'Falcon', 'Garnet', 'Heron', 'Ivory', 'Juniper', 'Kestrel', 'Linden', 'Meadow', 'Norfolk',
            'Oak', 'Pearl', 'Quarry', 'Raven', 'Saxon'] AS first,
        ARRAY['Bakery', 'Foods', 'Joinery', 'Marine', 'Textiles', 'Motors', 'Printing', 'Dental', 'Gardens', 'Catering',
            'Plumbing', 'Optics', 'Timber', 'Travel', 'Fitness', 'Security', 'Studios', 'Labs', 'Leather', 'Cycles']
            AS second,
        ARRAY['Ltd', 'LLP', 'and Sons', 'Group', 'Partners', 'Works', 'Trading', 'Company'] AS third) AS words
) AS made
"""
INVOICES: Final = """
INSERT INTO invoice (id, account_id, kind, number, status, issued_on, due_on, currency, amount_minor, tax_minor,
    open_minor, delivered_on, recorded_at)
SELECT id, account_id, 'invoice', 'INV-' || lpad(id::text, 8, '0'), 'issued', issued_on, issued_on + 30,
    CASE WHEN account_id % 10 = 0 THEN 'EUR' ELSE 'GBP' END, amount, amount / 6,
    CASE WHEN nth < 7 OR (nth < 9 AND account_id % 3 > 0) THEN 0 ELSE amount END, issued_on - (id % 5)::integer, :at
FROM (
    SELECT (a - 1) * :each + nth AS id, a AS account_id, nth, 5000 + (a * 7919 + nth * 104729) % 490000 AS amount,
        CAST(:today AS date) - ((:each - nth) * 36 + a % 30)::integer AS issued_on
    FROM generate_series(1, :accounts) AS a, generate_series(1, :each) AS nth
) AS made
"""
CREDITS: Final = """
INSERT INTO credit_item (id, account_id, kind, source, currency, amount_minor, unapplied_minor, effective_on,
    recorded_at)
SELECT id, account_id, 'payment', 'payment:' || id, currency, amount_minor, 0,
    LEAST(due_on + (account_id % 40)::integer - 5, CAST(:today AS date)), :at
FROM invoice WHERE open_minor = 0
"""
PAYMENTS: Final = """
INSERT INTO payment (id, public_id, account_id, method, status, currency, amount_minor, created_at, occurred_at,
    effective_on, recorded_at, receipt_number, means)
SELECT id, 'p' || lpad(id::text, 25, '0'), account_id, (ARRAY['imported', 'transfer', 'cheque'])[1 + id % 3],
    'succeeded', currency, amount_minor, effective_on, effective_on, effective_on, effective_on,
    'R-' || lpad(id::text, 8, '0'), 'Visa 4242'
FROM credit_item
"""
LINES: Final = (
    "INSERT INTO payment_line (payment_id, invoice_id, amount_minor) SELECT id, id, amount_minor FROM payment"
)
ALLOCATIONS: Final = """
INSERT INTO allocation (account_id, credit_item_id, invoice_id, amount_minor, effective_on, recorded_at)
SELECT account_id, id, id, amount_minor, effective_on, :at FROM credit_item
"""
STREAMS: Final = """
INSERT INTO ledger_stream (id, key, account_id, currency, head_seq, head_hash, balance)
SELECT account_id, 'account:' || account_id, account_id, min(currency), :each + count(*) FILTER (WHERE open_minor = 0),
    sha256('x'), sum(open_minor)
FROM invoice GROUP BY account_id
"""
ENTRIES: Final = """
INSERT INTO journal_entry (id, stream_id, seq, kind, source, effective_on, recorded_at, account_id, prev_hash, hash)
SELECT row_number() OVER (ORDER BY account_id, day, paid), account_id,
    row_number() OVER (PARTITION BY account_id ORDER BY day, paid), kind, source, day, :at, account_id, sha256('x'),
    sha256('y')
FROM (
    SELECT account_id, issued_on AS day, 0 AS paid, 'invoice_issued' AS kind, 'invoice:' || id AS source FROM invoice
    UNION ALL
    SELECT account_id, effective_on, 1, 'card_payment', 'payment:' || id FROM credit_item
) AS made
"""
POSTINGS: Final = """
INSERT INTO posting (entry_id, line, ledger_account, account_id, currency, amount)
SELECT e.id, leg, CASE WHEN leg = 1 THEN 'receivable' WHEN e.kind = 'card_payment' THEN 'bank' ELSE 'sales' END,
    CASE WHEN leg = 1 THEN e.account_id END, i.currency,
    i.amount_minor * (CASE WHEN (leg = 1) = (e.kind = 'invoice_issued') THEN 1 ELSE -1 END)
FROM journal_entry e JOIN invoice i ON i.id = split_part(e.source, ':', 2)::bigint, generate_series(1, 2) AS leg
"""
SEAL: Final = """
INSERT INTO seal (number, at, leaf_count, root, prev_hash, hash)
VALUES (1, :at, :accounts, sha256('r'), sha256('p'), sha256('h'))
"""
LEAVES: Final = """
INSERT INTO seal_leaf (stream, seq, seal_number, hash) SELECT key, head_seq, 1, head_hash FROM ledger_stream
"""
BALANCES: Final = """
INSERT INTO sealed_balance (ledger_account, currency, seal_number, balance)
SELECT ledger_account, currency, 1, sum(amount) FROM posting GROUP BY ledger_account, currency
"""
STAGES: Final = """
INSERT INTO dunning_stage (invoice_id, account_id, day, reached_on, looked_on, escalated_on)
SELECT id, account_id, 7, due_on + 7, due_on + 7, CASE WHEN account_id % 5 = 0 THEN due_on + 8 END
FROM invoice WHERE open_minor > 0 AND due_on < CAST(:today AS date) - 8
"""
TASKS: Final = """
INSERT INTO task (kind, subject_kind, subject_id, account_id, worth_minor, currency, detail, opened_at, rank)
SELECT (ARRAY['escalation', 'trace', 'complaint'])[1 + account_id % 3], 'account', account_id::text, account_id,
    sum(open_minor), min(currency), '{}', :at, (account_id * 7919) % 1000000
FROM invoice WHERE open_minor > 0 AND account_id % 5 = 0 GROUP BY account_id
"""
ACTS: Final = """
INSERT INTO audit_entry (id, at, act, actor_kind, actor_id, subject_kind, subject_id, account_id, digest, hash)
SELECT id, CAST(:at AS timestamp) - make_interval(mins => (:invoices - id)::integer),
    (ARRAY['invoice.issued', 'document.opened'])[1 + id % 2],
    (ARRAY['staff', 'login', 'worker'])[1 + id % 3], CASE WHEN id % 3 < 2 THEN 1 + id % 40 END, 'invoice', id::text,
    1 + (id - 1) / :each, sha256('x'), sha256('y')
FROM generate_series(1, :invoices) AS id
"""
PAYLOADS: Final = """
INSERT INTO audit_payload (id, salt, payload, sealed)
SELECT id, sha256('s'), '{"address":"192.0.2.1"}', true FROM audit_entry
"""
BANK: Final = """
INSERT INTO bank_account (id, name, identifier, currency, created_at)
VALUES (1, 'Main account', 'GB29NWBK60161331926819', 'GBP', :at)
"""
FILE: Final = """
INSERT INTO bank_import (id, bank_account_id, document_id, format, external_id, line_count, new_count, imported_at)
VALUES (1, 1, 1, 'camt053', 'crowd', :waiting, :waiting, :at)
"""
BANK_LINES: Final = """
INSERT INTO bank_line (bank_account_id, import_id, identity, booked_on, value_on, currency, amount_minor, "references",
    text, counterparty_name, counterparty_account, bank_ref, code, returned, reason, state)
SELECT 1, 1, 'crowd-' || id, :today, :today, 'GBP', amount_minor, '[]',
    CASE WHEN account_id % 2 = 0 THEN 'INVOICE ' || number ELSE 'YOUR DELIVERY' END,
    CASE WHEN account_id % 5 = 0 THEN overlay(upper(name) PLACING 'X' FROM 4 FOR 1) ELSE upper(name) END,
    '', '', '', false, '', 'open'
FROM (
    SELECT i.id, i.account_id, i.number, i.amount_minor, a.name FROM invoice i JOIN account a ON a.id = i.account_id
    WHERE i.open_minor > 0 AND i.id % :each = 0 AND i.currency = 'GBP' AND a.id % 7 = 0 ORDER BY i.id LIMIT :waiting
) AS paid
"""
STEPS: Final = (
    ACCOUNTS, INVOICES, CREDITS, PAYMENTS, LINES, ALLOCATIONS, STREAMS, ENTRIES, POSTINGS, SEAL, LEAVES, BALANCES,
    STAGES, TASKS, ACTS, PAYLOADS, BANK, FILE, BANK_LINES,
)  # fmt: skip
NUMBERED: Final = (
    "account",
    "invoice",
    "credit_item",
    "payment",
    "ledger_stream",
    "journal_entry",
    "audit_entry",
    "bank_account",
    "bank_import",
)
"""Tables whose rows were numbered here, so that the next one gets a number of its own."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many customers there are."""

    accounts: int

    @property
    def invoices(self) -> int:
        """How many invoices they have."""
        return self.accounts * EACH


def crowd(engine: Engine, size: Crowd) -> None:
    """Fill an empty PostgreSQL database, and let its planner count the rows."""
    with engine.begin() as connection:
        connection.execute(text("SET session_replication_role = replica"))
        for step in STEPS:
            _run(connection, step, size)
        for table in NUMBERED:
            connection.execute(
                text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
            )
        connection.execute(text("SET session_replication_role = origin"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def _run(connection: Connection, statement: str, size: Crowd) -> None:
    today, at = connection.execute(text("SELECT current_date, localtimestamp")).one()
    values = {
        "accounts": size.accounts,
        "invoices": size.invoices,
        "each": EACH,
        "waiting": WAITING,
        "today": today,
        "at": at,
    }
    wanted = text(statement)
    connection.execute(wanted, {name: values[name] for name in wanted.compile().params})
