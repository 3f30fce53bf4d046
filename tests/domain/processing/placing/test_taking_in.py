"""Taking in: each record of a partner's file is done for itself and once; what is another's is not there."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from domain.placements.correspondence import files, reading
from domain.placements.model import Closing, Partner, Placement, PlacementStatus
from domain.placements.naming import reference_of
from domain.placements.proposing import approve
from domain.placements.sending import send
from domain.processing.placing.answers import Outcome, counts
from domain.processing.placing.foreseeing import foresee
from domain.processing.placing.taking_in import MOST_RECORDS, Flawed, read
from domain.remittances.model import PlacedCollection, PlacementCost, Remittance
from domain.remittances.remitting import bank_remittance
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database, today
from domain.staff.model import Role
from tests.support.partner_files import a_file, taken, told
from tests.support.placing import a_late_debt, a_partner, proposed

MOVED_ON = "This has moved on meanwhile: {}."
NOT_THERE = "We could not find that placement."


def sent(database: Database, partner_id: int | None = None, amount: str = "1200") -> tuple[int, int]:
    """A debt that was sent to a partner and not taken yet: the partner's id and the placement's."""
    with database.transaction() as session:
        account, _ = a_late_debt(session, amount)
        partner = session.get_one(Partner, partner_id) if partner_id else a_partner(session)
        made = proposed(session, account, partner)
        approve(session, account.id, made.id, role=Role.MANAGER, actor=OPERATOR)
        send(session, account.id, made.id, actor=OPERATOR)
        return partner.id, made.id


def update(placement_id: int, kind: str, day: str = "2026-03-16", **more: str) -> dict[str, Any]:
    """One update of a file."""
    return {"reference": reference_of(placement_id), "update": kind, "happened_on": day, **more}


def status(database: Database, placement_id: int) -> PlacementStatus:
    """How a placement stands."""
    with database.reading() as session:
        return session.get_one(Placement, placement_id).status


def foreseen(database: Database, partner_id: int, content: bytes) -> list[tuple[str, str, str]]:
    """What would become of a file."""
    with database.reading() as session:
        return told(foresee(session, partner_id, read(BytesIO(content))))


def test_each_update_is_done_in_its_turn_and_the_same_file_is_answered_as_before(committed_db: Database) -> None:
    partner_id, placement_id = sent(committed_db)
    content = a_file(
        update(placement_id, "accepted"),
        update(placement_id, "activity", text="Called."),
        update(placement_id, "question", text="Did it come?"),
        update(placement_id, "closed", code="uncollectable"),
    )
    before = foreseen(committed_db, partner_id, content)

    first = taken(committed_db, partner_id, content)
    again = taken(committed_db, partner_id, content)

    assert before == told(first)
    assert {outcome for _, outcome, _ in told(first)} == {"done"}
    assert again == first
    with committed_db.reading() as session:
        placement = session.get_one(Placement, placement_id)
        assert (placement.status, placement.closing) == (PlacementStatus.CLOSED, Closing.UNCOLLECTABLE)
        assert [each.note.words for each in reading.correspondence(session, placement_id)] == [
            "Did it come?",
            "Called.",
        ]
        [file] = files.brought(session, partner_id, limit=10)
        assert (file.name, file.brought_by, len(file.answers)) == ("updates.json", "site", 4)


def test_a_newer_file_that_tells_old_things_again_does_them_once(committed_db: Database) -> None:
    partner_id, placement_id = sent(committed_db)
    old = [update(placement_id, "accepted"), update(placement_id, "activity", text="Called.")]
    taken(committed_db, partner_id, a_file(*old))
    newer = a_file(*old, update(placement_id, "returned", text="We wind up."), made_at="2026-03-20T10:00:00Z")
    newest = a_file(*old, update(placement_id, "returned", text="We wind up."), made_at="2026-03-20T11:00:00Z")

    first, second = taken(committed_db, partner_id, newer), taken(committed_db, partner_id, newest)

    assert [outcome for _, outcome, _ in told(first)] == ["known", "known", "done"]
    assert [outcome for _, outcome, _ in told(second)] == ["known", "known", "known"]
    assert status(committed_db, placement_id) is PlacementStatus.RETURNED
    with committed_db.reading() as session:
        assert len(reading.correspondence(session, placement_id)) == 1


def test_what_is_refused_stops_no_other_and_another_s_is_not_there(committed_db: Database) -> None:
    partner_id, placement_id = sent(committed_db)
    _, other = sent(committed_db)
    with committed_db.transaction() as session:
        not_sent = proposed(session, a_late_debt(session)[0], session.get_one(Partner, partner_id)).id
    content = a_file(
        update(other, "accepted"),
        update(999_999, "accepted"),
        update(not_sent, "activity", text="Called."),
        {**update(placement_id, "activity", text="Called."), "reference": f"ho-{placement_id}"},
        update(placement_id, "returned", text="No."),
        update(placement_id, "accepted"),
        update(placement_id, "activity", "2026-01-01", text="Called."),
    )
    before = foreseen(committed_db, partner_id, content)

    answers = told(taken(committed_db, partner_id, content))

    refused = [("refused", NOT_THERE)] * 4 + [("refused", MOVED_ON.format("Sent, waits for the partner"))]
    assert [each[1:] for each in answers[:5]] == refused
    assert [each[1:] for each in before[:5]] == refused
    assert answers[5:] == [
        ("accepted", "done", ""),
        ("activity", "refused", "That was before the debt was sent."),
    ]
    assert (status(committed_db, other), status(committed_db, placement_id)) == (
        PlacementStatus.SENT,
        PlacementStatus.ACTIVE,
    )


def test_what_our_books_do_not_bear_out_is_not_closed(committed_db: Database) -> None:
    partner_id, placement_id = sent(committed_db)

    answers = taken(
        committed_db,
        partner_id,
        a_file(update(placement_id, "accepted"), update(placement_id, "closed", code="paid")),
    )

    assert counts(answers) == {Outcome.DONE: 1, Outcome.KNOWN: 0, Outcome.REFUSED: 1}
    assert "is still open: report what was paid, and it closes by itself." in told(answers)[1][2]
    with committed_db.reading() as session:
        [file] = files.brought(session, partner_id, limit=10)
        assert [each["outcome"] for each in file.answers] == ["done", "refused"]
    assert taken(committed_db, partner_id, a_file(update(placement_id, "accepted"))) != answers


def test_a_refused_placement_is_refused_once(committed_db: Database) -> None:
    partner_id, placement_id = sent(committed_db)
    no = update(placement_id, "refused", text="We act for them.")

    first = taken(committed_db, partner_id, a_file(no))
    second = taken(committed_db, partner_id, a_file(no, made_at="2026-03-20T10:00:00Z"))

    assert [told(first)[0][1], told(second)[0][1]] == ["done", "known"]
    assert status(committed_db, placement_id) is PlacementStatus.REFUSED


@pytest.mark.parametrize(
    ("content", "words", "has_flaws"),
    [
        (b"{", "cannot be taken in", True),
        (a_file(update(1, "taken")), "cannot be taken in", True),
        (a_file(*[update(1, "activity", text=str(at)) for at in range(MOST_RECORDS + 1)]), "at most", False),
        (
            a_file(kind="placements").replace(b'"placements": []', b'"placements": [{}]'),
            "cannot be taken in",
            True,
        ),
    ],
)
def test_what_is_no_file_of_ours_is_named_as_the_validator_does(content: bytes, words: str, has_flaws: bool) -> None:
    with pytest.raises(Flawed) as refused:
        read(BytesIO(content))

    assert words in str(refused.value)
    assert bool(refused.value.flaws) == has_flaws


def test_money_is_booked_once_taken_back_once_and_remitted_as_it_was_told(committed_db: Database) -> None:
    partner_id, placement_id = sent(committed_db)
    first = update(placement_id, "payment", partner_reference="P-1", amount="200.00", currency="GBP")
    second = update(placement_id, "payment", partner_reference="P-2", amount="100.00", currency="GBP")
    back = update(placement_id, "bounced", partner_reference="P-1")
    spent = update(placement_id, "cost", partner_reference="C-1", amount="36.50", currency="GBP", text="Search.")
    other = {**second, "amount": "101.00"}
    content = a_file(update(placement_id, "accepted"), first, second, back, spent)
    before = foreseen(committed_db, partner_id, content)

    at_first = taken(committed_db, partner_id, content)
    again = taken(committed_db, partner_id, a_file(first, second, back, spent, made_at="2026-03-20T10:00:00Z"))
    changed = taken(committed_db, partner_id, a_file(other, made_at="2026-03-20T11:00:00Z"))

    assert before == told(at_first)
    assert [outcome for _, outcome, _ in told(at_first)] == ["done"] * 5
    assert [outcome for _, outcome, _ in told(again)] == ["known"] * 4
    assert told(changed) == [("payment", "refused", "Payment P-2 is known already, with other figures.")]
    with committed_db.reading() as session:
        rows = session.scalars(select(PlacedCollection).order_by(PlacedCollection.id)).all()
        assert [(row.reference, row.amount_minor) for row in rows] == [
            ("P-1", 200_00),
            ("P-2", 100_00),
            ("P-1", -200_00),
        ]
        assert [cost.amount_minor for cost in session.scalars(select(PlacementCost))] == [36_50]


def a_remittance(placement_id: int, *, paid: str, way: str = "net", **more: str) -> dict[str, Any]:
    """A remittance of the payments P-1 of £200 and P-2 of £100, with 35 per cent commission and 20 per cent tax."""
    lines = [
        ("P-1", "200.00", "70.00", "14.00"),
        ("P-2", "100.00", "35.00", "7.00"),
    ]
    return {
        "reference": "R-1",
        "way": way,
        "remitted_on": "2026-03-16",
        "currency": "GBP",
        "paid": paid,
        "lines": [
            {
                "about": "payment",
                "placement": reference_of(placement_id),
                "partner_reference": reference,
                "amount": amount,
                "commission": commission,
                "tax": tax,
            }
            for reference, amount, commission, tax in lines
        ],
        **more,
    }


def paid_to_the_partner(database: Database) -> tuple[int, int]:
    """A partner that was paid P-1 and P-2, and the placement."""
    partner_id, placement_id = sent(database)
    payments = [
        update(placement_id, "payment", partner_reference=reference, amount=amount, currency="GBP")
        for reference, amount in (("P-1", "200.00"), ("P-2", "100.00"))
    ]
    taken(database, partner_id, a_file(update(placement_id, "accepted"), *payments))
    return partner_id, placement_id


def test_a_remittance_is_told_once_and_what_it_is_about_has_to_be_known(committed_db: Database) -> None:
    partner_id, placement_id = paid_to_the_partner(committed_db)
    whole = a_remittance(placement_id, paid="174.00")
    unknown = a_remittance(placement_id, paid="174.00", reference="R-2")
    unknown["lines"][1]["partner_reference"] = "P-3"
    twice = {**whole, "reference": "R-3", "paid": "58.00", "lines": whole["lines"][1:]}
    contents = [a_file(each, kind="remittances") for each in (whole, unknown, twice)]
    before = foreseen(committed_db, partner_id, contents[0])

    at_first = [told(taken(committed_db, partner_id, content))[0] for content in contents]
    again = taken(committed_db, partner_id, a_file(whole, kind="remittances", made_at="2026-03-20T10:00:00Z"))

    assert before == at_first[:1]
    assert at_first == [
        ("remittance", "done", ""),
        ("remittance", "refused", f"We know of no payment P-3 for {reference_of(placement_id)}."),
        ("remittance", "refused", "Payment P-2 stands in another remittance already."),
    ]
    assert [outcome for _, outcome, _ in told(again)] == ["known"]
    with committed_db.reading() as session:
        [remittance] = session.scalars(select(Remittance))
        assert (remittance.reference, remittance.paid_minor, remittance.partner_id) == ("R-1", 174_00, partner_id)


def test_a_remittance_in_another_way_than_agreed_or_of_another_s_payments_is_refused(committed_db: Database) -> None:
    partner_id, placement_id = paid_to_the_partner(committed_db)
    with committed_db.transaction() as session:
        other = a_partner(session).id
    gross = a_remittance(placement_id, paid="300.00", way="gross")
    for line in gross["lines"]:
        line["commission"] = line["tax"] = ""

    wrong_way = taken(committed_db, partner_id, a_file(gross, kind="remittances"))
    not_theirs = taken(committed_db, other, a_file(a_remittance(placement_id, paid="174.00"), kind="remittances"))

    assert told(wrong_way)[0][1:] == ("refused", "What was agreed is another way of paying over than “gross”.")
    assert told(not_theirs)[0][1:] == ("refused", NOT_THERE)


def test_what_went_back_is_taken_off_and_what_was_missing_is_made_good(committed_db: Database) -> None:
    partner_id, placement_id = paid_to_the_partner(committed_db)
    short = a_remittance(placement_id, paid="173.00")
    short["lines"][0]["commission"] = "71.00"
    taken(committed_db, partner_id, a_file(short, kind="remittances"))
    with committed_db.transaction() as session:
        [remittance] = session.scalars(select(Remittance))
        bank_remittance(session, remittance.id, today(session), actor=OPERATOR)
    payment = update(placement_id, "payment", partner_reference="P-4", amount="400.00", currency="GBP")
    back = update(placement_id, "bounced", partner_reference="P-1")
    taken(committed_db, partner_id, a_file(payment, back, made_at="2026-03-20T10:00:00Z"))
    line = {"placement": reference_of(placement_id)}
    next_one = {
        "reference": "R-2",
        "way": "net",
        "remitted_on": "2026-03-16",
        "currency": "GBP",
        "paid": "117.00",
        "lines": [
            {**line, "about": "payment", "partner_reference": "P-4", "amount": "400", "commission": "140", "tax": "28"},
            {**line, "about": "bounced", "partner_reference": "P-1", "amount": "200", "commission": "70", "tax": "14"},
            {"about": "missing", "corrects": "R-1", "amount": "1.00"},
        ],
    }
    unknown = {**next_one, "reference": "R-3", "lines": [{"about": "missing", "corrects": "R-9", "amount": "117.00"}]}

    answers = taken(committed_db, partner_id, a_file(next_one, unknown, kind="remittances"))

    assert told(answers) == [
        ("remittance", "done", ""),
        ("remittance", "refused", "We know of no remittance R-9."),
    ]
    with committed_db.reading() as session:
        assert session.scalars(select(Remittance.paid_minor).where(Remittance.reference == "R-2")).one() == 117_00
