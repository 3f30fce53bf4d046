"""The command: every refusal is a sentence and a status, every report is JSON that a program can read."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from app.cli import COMMANDS, main
from app.opening import opened_database
from app.settings import read_settings
from domain.payments.model import Payment
from domain.processing.reconciling.movements import reconcile_movement
from domain.shared.db.engine import WRITES
from tests.support.builders import an_account, an_invoice, money
from tests.support.clearing import a_movement
from tests.support.fakes import FakeProcessor
from tests.support.paying import a_debt, open_page

Quittance = Callable[..., Result]


@pytest.fixture
def quittance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Quittance:
    """Run the command with a home of the test's own; it leaves this process's logging as it is."""
    monkeypatch.setattr("app.commands.serving.configure_logging", lambda **_: None)
    monkeypatch.setattr("app.commands.asking.configure_logging", lambda **_: None)
    monkeypatch.setenv("QUITTANCE_HOME", str(tmp_path / "var"))

    def run(*words: str, typed: str | None = None, **environ: str) -> Result:
        settings = {f"QUITTANCE_{name}": value for name, value in environ.items()}
        return CliRunner().invoke(main, words, input=typed, env=settings)

    return run


def edit(*statements: str) -> None:
    """Change the database behind everybody's back."""
    with opened_database(read_settings()) as database:
        engine = database.bind.engine
        with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
            for statement in statements:
                connection.execute(text(statement))


def test_the_help_names_every_command_in_one_line(quittance: Quittance) -> None:
    lines = quittance("--help").output.splitlines()

    for name, (_, words) in COMMANDS.items():
        assert any(line.split() == [name, *words.split()] for line in lines), name


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in {"serve", "worker"}])
def test_every_command_explains_itself(quittance: Quittance, name: str) -> None:
    result = quittance(name, "--help")

    assert result.exit_code == 0
    assert "Usage: " in result.output


@pytest.mark.parametrize("group", ["demo", "staff", "bank", "rates"])
def test_the_help_of_a_group_says_of_each_command_a_whole_sentence(quittance: Quittance, group: str) -> None:
    listed = quittance(group, "--help").output.partition("Commands:\n")[2].splitlines()

    assert listed
    assert all(line.endswith(".") and not line.endswith("..") for line in listed), listed


def test_a_command_that_does_not_exist_is_refused(quittance: Quittance) -> None:
    assert quittance("bake").exit_code == 2


@pytest.mark.parametrize("words", [("check-books",), ("ageing", "--as-of", "2026-03-31", "--json"), ("seal",)])
def test_books_that_are_not_there_are_looked_for_and_not_begun(
    quittance: Quittance, tmp_path: Path, words: tuple[str, ...]
) -> None:
    result = quittance(*words)

    assert result.exit_code == 1
    assert f"There are no books in {tmp_path / 'var' / 'quittance.db'}." in result.output
    assert not (tmp_path / "var" / "quittance.db").exists()


def test_whoever_begins_books_is_told_where(quittance: Quittance, tmp_path: Path) -> None:
    result = quittance("staff", "add", "--email", "a@example.com", "--name", "Ana", "--role", "manager",
                       "--password", "quite unlikely words 17")  # fmt: skip

    assert result.exit_code == 0
    assert f"New books: {tmp_path / 'var' / 'quittance.db'}" in result.stderr


def test_a_home_that_is_a_file_is_refused_before_anything_is_served(quittance: Quittance, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    result = quittance("serve", HOME=str(tmp_path / "file"), **SERVING)

    assert result.exit_code == 1
    assert "QUITTANCE_HOME must be a folder to write in" in result.output


def test_an_old_schema_is_told_with_what_to_do(quittance: Quittance) -> None:
    quittance("migrate")
    edit("UPDATE alembic_version SET version_num = '0000'")

    result = quittance("check-books")

    assert result.exit_code == 1
    assert result.output == "Error: The database does not have the present schema: run `quittance migrate` first.\n"


def test_migrating_twice_says_that_there_is_nothing_to_do(quittance: Quittance, tmp_path: Path) -> None:
    first, second = quittance("migrate"), quittance("migrate")

    books = tmp_path / "var" / "quittance.db"
    assert first.output == f"{books} has the newest schema now.\n"
    assert second.output == f"{books} has the newest schema already.\n"


def test_clean_books_end_with_zero(quittance: Quittance) -> None:
    quittance("migrate")
    plain, as_json = quittance("check-books"), quittance("check-books", "--json")

    assert (plain.exit_code, plain.output) == (0, "The books are in order.\n")
    assert json.loads(as_json.output) == {"clean": True, "findings": []}


def test_edited_books_end_with_one_and_the_place(quittance: Quittance) -> None:
    quittance("staff", "add", "--email", "a@example.com", "--name", "Ana", "--role", "manager",
              "--password", "quite unlikely words 17")  # fmt: skip
    edit("DROP TRIGGER guard_audit_entry_update", "UPDATE audit_entry SET act = 'staff.removed'")

    plain, as_json = quittance("check-books"), quittance("check-books", "--json")

    assert plain.exit_code == as_json.exit_code == 1
    [finding, *_] = json.loads(as_json.output)["findings"]
    assert "audit" in finding["place"]
    assert finding["place"] in plain.output


def test_balances_add_up_to_zero_on_any_day_and_as_known_on_any_day(quittance: Quittance) -> None:
    quittance("migrate")
    with opened_database(read_settings()) as database, database.transaction() as session:
        an_invoice(session, an_account(session), "120", tax="20", issued_on=date(2026, 3, 1))

    now = json.loads(quittance("balances", "--json").output)
    before = json.loads(quittance("balances", "--as-of", "2026-02-28", "--json").output)
    unknown = json.loads(quittance("balances", "--known-on", "2026-02-28", "--json").output)

    assert {line["ledger_account"]: line["balance"] for line in now} == {
        "receivable": "120.00",
        "sales": "-100.00",
        "tax_payable": "-20.00",
    }
    assert before == unknown == []
    assert "receivable" in quittance("balances").output


def test_a_seal_prints_what_to_deposit_elsewhere(quittance: Quittance) -> None:
    quittance("migrate")
    empty = quittance("seal")
    quittance("staff", "add", "--email", "a@example.com", "--name", "Ana", "--role", "manager",
              "--password", "quite unlikely words 17")  # fmt: skip

    made = quittance("seal")

    assert empty.output == "There was nothing to seal.\n"
    number, head = made.output.split()
    assert (number, len(head)) == ("1", 64)


def test_what_was_deposited_proves_that_no_seal_was_made_again(quittance: Quittance, tmp_path: Path) -> None:
    quittance("migrate")
    quittance("close-books", "--through", "2013-06-30")
    ours, others, nonsense = (tmp_path / name for name in ("ours", "others", "nonsense"))
    ours.write_text(quittance("seal").output)
    others.write_text(f"1 {'0' * 64}\n")
    nonsense.write_text("one\n")

    kept, rewritten, unread = (quittance("check-books", "--heads", str(file)) for file in (ours, others, nonsense))

    assert (kept.exit_code, kept.output) == (0, "The books are in order.\n")
    assert rewritten.exit_code == 1
    assert rewritten.output.startswith("seal 1: This seal is not the one that was exported. (expected 0000")
    assert (unread.exit_code, unread.output.partition(":")[0]) == (1, "Error")


def test_figures_of_an_upside_down_period_are_refused_in_a_sentence(quittance: Quittance) -> None:
    result = quittance("figures", "--from", "2026-02-01", "--to", "2026-01-01")

    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert len(result.output.splitlines()) == 1


def test_closing_the_books_twice_is_refused_in_a_sentence(quittance: Quittance) -> None:
    quittance("migrate")
    first = quittance("close-books", "--through", "2013-06-30")
    second = quittance("close-books", "--through", "2013-06-30")

    assert first.output == "The books are closed through 2013-06-30.\n"
    assert (second.exit_code, second.output.partition(":")[0]) == (1, "Error")


def test_a_colleague_is_added_with_a_password_asked_for_and_a_second_factor_shown(quittance: Quittance) -> None:
    typed = "quite unlikely words 17\nquite unlikely words 17\n"

    result = quittance(
        "staff", "add", "--email", "ana@example.com", "--name", "Ana", "--role", "administrator", typed=typed
    )

    assert result.exit_code == 0
    assert "otpauth://totp/" in result.output
    assert "quite unlikely" not in result.output


def test_a_password_that_will_not_do_is_asked_for_again_before_it_is_typed_twice(quittance: Quittance) -> None:
    typed = "short\npassword1234\nquite unlikely words 17\nquite unlikely words 17\n"

    result = quittance("staff", "add", "--email", "a@example.com", "--name", "Ana", "--role", "manager", typed=typed)

    assert result.exit_code == 0
    assert "at least 12 characters." in result.output
    assert "among the first that people try" in result.output
    assert result.output.count("Repeat for confirmation") == 1


def test_who_lost_everything_gets_new_secrets_on_the_machine(quittance: Quittance) -> None:
    words = ("--email", "ana@example.com", "--password", "quite unlikely words 17")
    added = quittance("staff", "add", "--name", "Ana", "--role", "administrator", *words)

    renewed = quittance("staff", "renew", *words)
    nobody = quittance("staff", "renew", "--email", "eva@example.com", "--password", "quite unlikely words 17")

    assert renewed.exit_code == 0
    assert renewed.output.splitlines()[-1] != added.output.splitlines()[-1]
    assert nobody.output == "Error: Nobody works here as eva@example.com.\n"


def test_a_weak_password_is_refused_in_a_sentence(quittance: Quittance) -> None:
    quittance("migrate")
    result = quittance(
        "staff", "add", "--email", "a@example.com", "--name", "Ana", "--role", "manager", "--password", "password1234"
    )

    assert result.exit_code == 2
    assert "Error: Invalid value for '--password': That password is among the first that people try." in result.output


def test_a_wrong_setting_stops_every_command_with_its_sentence(quittance: Quittance) -> None:
    result = quittance("ageing", "--as-of", "2026-03-31", BUSINESS_CURRENCY="pounds")

    assert result.exit_code == 1
    assert result.output == "Error: QUITTANCE_BUSINESS_CURRENCY must be a currency such as GBP, not 'pounds'.\n"


def test_a_database_that_does_not_answer_is_told_in_one_line(quittance: Quittance) -> None:
    result = quittance("check-books", DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")

    assert result.exit_code == 1
    assert result.output.startswith("Error: The database does not answer: ")
    assert len(result.output.splitlines()) == 1


@pytest.mark.parametrize("name", ["tie-out", "backfill"])
def test_without_a_key_stripe_is_not_asked(quittance: Quittance, name: str) -> None:
    result = quittance(name)

    assert (result.exit_code, result.output) == (
        1,
        "Error: No Stripe key is set: QUITTANCE_STRIPE_KEY is needed to ask Stripe.\n",
    )


def test_books_can_be_compared_with_themselves_without_a_key(quittance: Quittance) -> None:
    quittance("migrate")
    result = quittance("tie-out", "--offline")

    assert (result.exit_code, result.output) == (0, "Yes, every cent is accounted for.\n")


def test_a_bank_debit_that_is_not_confirmed_is_below_zero_and_named(quittance: Quittance) -> None:
    quittance("migrate")
    with opened_database(read_settings()) as database:
        debt = a_debt(database, "120")
        started = open_page(database, FakeProcessor(), debt, {debt.invoices[0]: money("120")})
        with database.transaction() as session:
            session.get_one(Payment, started.payment_id).charge_id = "py_1"
            session.flush()
            moved = a_movement(money("120"), database.clock.now(), category="charge", source="py_1")
            reconcile_movement(session, moved)

    result = quittance("tie-out", "--offline")

    assert (
        "On its way: Receipts awaiting settlement, -120.00 GBP: 1 × Payment that is not confirmed yet" in result.output
    )


@pytest.mark.parametrize("name", ["tie-out", "backfill"])
def test_a_simulator_that_does_not_run_is_told_with_what_starts_it(quittance: Quittance, name: str) -> None:
    quittance("migrate")
    result = quittance(name, **SERVING)

    assert result.exit_code == 1
    assert "No simulator answers at http://127.0.0.1:1: it runs while `quittance demo` does." in result.output


def test_sites_that_do_not_run_are_not_well(quittance: Quittance) -> None:
    result = quittance("health", PORTAL_PORT="1", OFFICE_PORT="2", PARTNERS_PORT="3")

    assert result.exit_code == 1
    assert result.output.count("does not answer") == 3


def test_somebody_else_at_the_port_of_a_site_is_not_taken_for_it(quittance: Quittance) -> None:
    class Other(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"Welcome")

    with HTTPServer(("127.0.0.1", 0), Other) as server:
        Thread(target=server.handle_request).start()
        result = quittance("health", PORTAL_PORT=str(server.server_port), OFFICE_PORT="2", PARTNERS_PORT="3")

    assert result.exit_code == 1
    assert "portal: something else answers there" in result.output


SERVING = {
    "SECRET_KEY": "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c",
    "STRIPE_KEY": "sk_test_of_nobody",
    "STRIPE_WEBHOOK_SECRETS": "whsec_of_nobody_in_particular",
    "STRIPE_API_URL": "http://127.0.0.1:1",
    "MAIL_URL": "folder:mail",
}


def test_sqlite_is_served_by_one_process_only(quittance: Quittance) -> None:
    result = quittance("serve", "--workers", "2", **SERVING)

    assert result.exit_code == 1
    assert result.output == "Error: SQLite is served by one process: leave --workers out, or use PostgreSQL.\n"


@pytest.mark.parametrize("name", ["serve", "worker"])
def test_serving_without_a_secret_is_refused_in_a_sentence(quittance: Quittance, name: str) -> None:
    result = quittance(name, **{**SERVING, "STRIPE_KEY": ""})

    assert result.exit_code == 1
    assert result.output.startswith("Error: QUITTANCE_STRIPE_KEY is not set: ")


def test_a_worker_alone_does_what_is_due_and_ends(quittance: Quittance) -> None:
    quittance("migrate")
    assert quittance("worker", "--once", **SERVING).exit_code == 0
