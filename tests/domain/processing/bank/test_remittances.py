"""Lines that are remittances of partners: suggested, booked once, linked to what somebody had said, and taken back."""

from __future__ import annotations

import pytest

from domain.banking.model import LineState
from domain.banking.suggestions import Confidence
from domain.processing.bank import linking, undoing
from domain.processing.bank.suggesting import accept
from domain.processing.bank.unlinking import Unlinked
from domain.processing.checks import check_books
from domain.remittances.model import Difference, Remittance, RemittanceStatus
from domain.remittances.remitting import accept_difference, bank_remittance, withdraw_remittance
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database, today
from domain.shared.errors import Conflict, Invalid
from domain.tasks.model import TaskKind
from tests.domain.processing.bank.test_suggesting import keys
from tests.support.bank_files import a_line
from tests.support.banking import CLERK, at_bank, booked_as, lines_of, state_of
from tests.support.remitting import a_placement, collected, remitted
from tests.support.tasks import open_tasks


def told(db: Database, *, kept: str | None = None, reference: str = "FR-R-77") -> int:
    """The id of a remittance of 120 collected; 84 come where the partner kept what its card says."""
    with db.transaction() as session:
        return remitted(session, collected(session, a_placement(session)), kept=kept, reference=reference).id


def line(db: Database, amount: str = "84", text: str = "FR-R-77 remittance", name: str = "") -> int:
    """The id of a line that waits."""
    (line_id,) = lines_of(db, a_line(amount, text, name=name, account="", currency="GBP"))
    return line_id


def stands(db: Database, remittance_id: int) -> Remittance:
    """A remittance as it stands."""
    with db.reading() as session:
        found = session.get_one(Remittance, remittance_id)
        session.expunge(found)
        return found


def differences(db: Database) -> list[str]:
    """The remittances of which a difference waits for somebody."""
    with db.reading() as session:
        found = open_tasks(session)
        return [task.subject_id for task in found if task.kind is TaskKind.REMITTANCE_DIFFERENCE]


@pytest.mark.parametrize(
    ("text", "name", "confidence"),
    [
        ("FR-R-77 remittance", "", Confidence.SURE),
        ("remittance", "FAIR RECOVERY", Confidence.LIKELY),
        ("something", "", Confidence.LIKELY),
    ],
)
def test_a_remittance_is_known_by_its_reference_and_amount(
    db: Database, text: str, name: str, confidence: Confidence
) -> None:
    remittance_id = told(db)

    assert keys(db, line(db, text=text, name=name)) == [(f"remittance:{remittance_id}", confidence)]


def test_two_of_one_amount_are_told_apart_by_their_references_only(db: Database) -> None:
    first, second = told(db), told(db, reference="FR-R-78")

    by_reference, by_amount = keys(db, line(db, text="FR-R-78")), keys(db, line(db, text="thanks"))

    assert by_reference[0] == (f"remittance:{second}", Confidence.SURE)
    assert set(by_amount) == {(f"remittance:{each}", Confidence.POSSIBLE) for each in (first, second)}


def test_to_accept_it_books_it_on_the_day_of_the_line(db: Database) -> None:
    remittance_id, line_id = told(db), line(db)
    with db.transaction() as session:
        accept(session, line_id, f"remittance:{remittance_id}", actor=CLERK, only_sure=True)
        broken = list(check_books(session))

    found = stands(db, remittance_id)
    assert (found.status, found.bank_line_id) == (RemittanceStatus.BANKED, line_id)
    assert booked_as(db, line_id) == [("remittance", "84.00")]
    assert (at_bank(db)[0], broken) == ("84.00", [])
    assert keys(db, line(db, text="FR-R-77 again")) == []


def test_what_was_at_the_bank_on_somebodys_word_is_linked_and_posted_no_more(db: Database) -> None:
    remittance_id, line_id = told(db), line(db)
    with db.transaction() as session:
        bank_remittance(session, remittance_id, today(session), actor=OPERATOR)

    with db.transaction() as session:
        linking.book_remittance(session, line_id, remittance_id, actor=CLERK)
    linked = at_bank(db)[0], stands(db, remittance_id).bank_line_id
    with db.transaction() as session:
        undoing.undo(session, line_id, reason="Another one's", actor=CLERK)
        broken = list(check_books(session))

    found = stands(db, remittance_id)
    assert linked == ("84.00", line_id)
    assert (found.status, found.bank_line_id) == (RemittanceStatus.BANKED, None)
    assert (at_bank(db)[0], broken) == ("84.00", [])


def test_another_amount_or_line_or_a_withdrawn_one_is_refused(db: Database) -> None:
    remittance_id, other = told(db), told(db, reference="FR-R-78")
    right, twice, wrong = line(db), line(db, text="twice"), line(db, amount="85")
    with db.transaction() as session:
        linking.book_remittance(session, right, remittance_id, actor=CLERK)
        withdraw_remittance(session, other, why="Sent twice", actor=OPERATOR)

    tries = ((twice, remittance_id, Conflict), (twice, other, Conflict), (wrong, other, Invalid))
    for line_id, chosen, refusal in tries:
        with pytest.raises(refusal), db.transaction() as session:
            linking.book_remittance(session, line_id, chosen, actor=CLERK)

    assert [state_of(db, each) for each in (twice, wrong)] == [LineState.OPEN, LineState.OPEN]


def test_a_line_that_was_not_it_is_taken_back_and_the_right_one_booked(db: Database) -> None:
    remittance_id = told(db, kept="42")
    wrong, right = line(db, amount="72", text="one"), line(db, amount="72", text="other")
    with db.transaction() as session:
        linking.book_remittance(session, wrong, remittance_id, actor=CLERK)
    missing = stands(db, remittance_id).difference, differences(db)

    with db.transaction() as session:
        (found,) = undoing.undo(session, wrong, reason="Rent", actor=CLERK)
    back, waits = stands(db, remittance_id), differences(db)
    with db.transaction() as session:
        linking.book_remittance(session, right, remittance_id, actor=CLERK)
        broken = list(check_books(session))

    assert missing == (Difference.OPEN, [str(remittance_id)])
    assert [each.awaited for each in [found] if isinstance(each, Unlinked)] == [True]
    assert (back.status, back.banked_on, back.difference, waits) == (
        RemittanceStatus.TOLD,
        None,
        Difference.NONE,
        [],
    )
    assert stands(db, remittance_id).bank_line_id == right
    assert (state_of(db, wrong), at_bank(db)[0], broken) == (LineState.OPEN, "72.00", [])


def test_what_somebody_decided_on_since_is_not_taken_back(db: Database) -> None:
    remittance_id, line_id = told(db, kept="42"), line(db, amount="72")
    with db.transaction() as session:
        linking.book_remittance(session, line_id, remittance_id, actor=CLERK)
        accept_difference(session, remittance_id, why="Agreed", actor=OPERATOR)

    with pytest.raises(Conflict), db.transaction() as session:
        undoing.undo(session, line_id, reason="Rent", actor=CLERK)

    assert state_of(db, line_id) is LineState.BOOKED
