"""Round: any placement file, written as CSV or JSON, is read back equal; and nothing that is read breaks the reader."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.accounts.model import LegalForm
from domain.placements.files import csv_form, json_form
from domain.placements.files.checking import check
from domain.placements.files.remittance_rules import comes_to
from domain.placements.files.remittance_schema import LINE_MUST, LineKind, Remitted, RemittedLine
from domain.placements.files.schema import (
    MUST,
    Contact,
    Debt,
    FileKind,
    Header,
    Placed,
    PlacementFile,
    Role,
    Update,
    UpdateKind,
)
from domain.placements.model import Closing, Remits
from domain.policies.sections import Part

LETTERS = st.characters(blacklist_categories=("Cc", "Cs", "Zl", "Zp"))
AWKWARD = st.sampled_from(["=1+1", "+44 20 7946 0018", "-5", "@SUM(A1)", "'quoted'", "''", "'=x", 'a "b", c', "a;b"])
WORDS = st.one_of(st.text(LETTERS, min_size=1, max_size=40), AWKWARD).map(str.strip).filter(bool)
SEVERAL_LINES = st.lists(WORDS, min_size=1, max_size=3).map("\n".join)
EMAILS = st.sampled_from(["ap@harbour.example", "Ana.Ruiz@Harbour.example"])
DAYS = st.dates(date(2000, 1, 1), date(2026, 11, 1))
MINOR = st.integers(1, 10**12)


def maybe(strategy: st.SearchStrategy[str]) -> st.SearchStrategy[str | None]:
    return st.none() | strategy


def header(kind: FileKind) -> st.SearchStrategy[Header]:
    made_at = st.datetimes(datetime(2026, 11, 2), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
    return st.builds(Header, kind=st.just(kind), creditor=WORDS, partner=WORDS, made_at=made_at)


CONTACTS = st.builds(
    Contact,
    role=st.sampled_from(Role),
    name=WORDS,
    email=maybe(EMAILS),
    phone=maybe(st.just("+44 20 7946 0018")),
    address=maybe(SEVERAL_LINES),
)


@st.composite
def debts(draw: st.DrawFn) -> tuple[Debt, ...]:
    """Debts with numbers of their own."""
    made = []
    for number in draw(st.lists(WORDS, min_size=1, max_size=4, unique=True)):
        part, amount = draw(st.sampled_from(Part)), draw(MINOR)
        bears = part is Part.PRINCIPAL and draw(st.booleans())
        made.append(
            Debt(
                number=number,
                part=part,
                issued_on=draw(DAYS),
                due_on=draw(DAYS),
                amount=Decimal(amount).scaleb(-2),
                open=Decimal(draw(st.integers(1, amount))).scaleb(-2),
                interest_from=draw(DAYS) if bears else None,
                interest_rate=Decimal(draw(st.integers(0, 9_999_999))).scaleb(-4) if bears else None,
                description=draw(maybe(SEVERAL_LINES)),
            )
        )
    return tuple(made)


@st.composite
def placements(draw: st.DrawFn, reference: str) -> Placed:
    """A placement whose sums are right."""
    its = draw(debts())
    parts = {part.value: sum((each.open for each in its if each.part is part), Decimal(0)) for part in Part}
    return Placed(
        reference=reference,
        account_number=draw(WORDS),
        name=draw(WORDS),
        legal_form=draw(st.sampled_from(LegalForm)),
        email=draw(maybe(EMAILS)),
        phone=draw(maybe(WORDS)),
        address=draw(maybe(SEVERAL_LINES)),
        country=draw(maybe(st.sampled_from(["GB", "ES"]))),
        jurisdiction=draw(maybe(st.sampled_from(["GB-EAW", "US-NY", "ES"]))),
        language=draw(st.sampled_from(["en", "pt-BR"])),
        currency=draw(st.sampled_from(["GBP", "EUR", "BHD"])),
        **parts,
        total=sum(parts.values(), Decimal(0)),
        delinquent_on=min(each.due_on for each in its),
        last_payment_on=draw(st.none() | DAYS),
        description=draw(maybe(SEVERAL_LINES)),
        contacts=tuple(draw(st.lists(CONTACTS, max_size=3))),
        debts=its,
    )


@st.composite
def files_of_placements(draw: st.DrawFn) -> PlacementFile:
    references = draw(st.lists(WORDS, min_size=1, max_size=3, unique=True))
    made = tuple(draw(placements(reference)) for reference in references)
    return PlacementFile(draw(header(FileKind.PLACEMENTS)), placements=made)


@st.composite
def files_of_updates(draw: st.DrawFn) -> PlacementFile:
    made = []
    for place, kind in enumerate(draw(st.lists(st.sampled_from(UpdateKind), min_size=1, max_size=5))):
        must = MUST[kind]
        made.append(
            Update(
                reference=f"HO-{place}",
                update=kind,
                happened_on=draw(DAYS),
                partner_reference=draw(WORDS) if "partner_reference" in must else None,
                amount=Decimal(draw(MINOR)).scaleb(-2) if "amount" in must else None,
                currency="GBP" if "currency" in must else None,
                code=draw(st.sampled_from(Closing)) if "code" in must else None,
                text=draw(SEVERAL_LINES) if "text" in must else draw(maybe(SEVERAL_LINES)),
            )
        )
    return PlacementFile(draw(header(FileKind.UPDATES)), updates=tuple(made))


@st.composite
def lines(draw: st.DrawFn, about: LineKind, place: int, way: Remits) -> RemittedLine:
    """A line of which something is left; each is about a payment or a remittance of its own."""
    amount = draw(MINOR)
    keeps = "placement" in LINE_MUST[about] and way is Remits.NET and draw(st.booleans())
    return RemittedLine(
        about=about,
        placement=f"HO-{place}" if "placement" in LINE_MUST[about] else None,
        partner_reference=draw(WORDS) if "placement" in LINE_MUST[about] else None,
        corrects=f"R-{place}" if "corrects" in LINE_MUST[about] else None,
        amount=Decimal(amount).scaleb(-2),
        commission=Decimal(draw(st.integers(0, amount // 2))).scaleb(-2) if keeps else None,
        tax=Decimal(draw(st.integers(0, amount // 2))).scaleb(-2) if keeps else None,
    )


@st.composite
def files_of_remittances(draw: st.DrawFn) -> PlacementFile:
    """Remittances that come to what their lines do, and never to less than nothing."""
    made, place = [], 0
    for reference in draw(st.lists(WORDS, min_size=1, max_size=3, unique=True)):
        way = draw(st.sampled_from(Remits))
        its: list[RemittedLine] = []
        for about in draw(st.lists(st.sampled_from(LineKind), min_size=1, max_size=4)):
            place += 1
            line = draw(lines(about, place, way))
            if sum(map(comes_to, its), comes_to(line)) >= 0:
                its.append(line)
        place += 1
        its = its or [draw(lines(LineKind.PAYMENT, place, way))]
        paid = sum(map(comes_to, its), Decimal(0))
        made.append(
            Remitted(
                reference=reference,
                way=way,
                remitted_on=draw(DAYS),
                currency="GBP",
                paid=paid,
                lines=tuple(its),
            )
        )
    return PlacementFile(draw(header(FileKind.REMITTANCES)), remittances=tuple(made))


FILES = files_of_placements() | files_of_updates() | files_of_remittances()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(file=FILES)
def test_what_is_written_is_valid_and_read_back_equal(file: PlacementFile) -> None:
    for written in (csv_form.written(file), json_form.written(file)):
        found = check(BytesIO(written))

        assert found.flaws == []
        assert found.file == file


@settings(max_examples=60, deadline=None)
@given(file=FILES, place=st.floats(0, 1), junk=st.binary(max_size=6))
def test_what_is_damaged_anywhere_is_read_or_named_and_never_breaks_the_reader(
    file: PlacementFile, place: float, junk: bytes
) -> None:
    for written in (csv_form.written(file), json_form.written(file)):
        at = int(place * len(written))

        found = check(BytesIO(written[:at] + junk + written[at + 1 :]))

        assert (found.file is None) == bool(found.flaws)


@given(text=st.one_of(st.text(max_size=60), AWKWARD))
def test_no_cell_begins_like_a_formula_and_each_is_read_as_it_was(text: str) -> None:
    cell = csv_form.marked(text)

    assert not cell.startswith(csv_form.BEGINS_A_COMMAND)
    assert csv_form.unmarked(cell) == text


@pytest.mark.parametrize("cell", ["'tis", "+44 20 7946 0018", "x=1"])
def test_a_cell_without_the_mark_is_read_as_it_stands(cell: str) -> None:
    assert csv_form.unmarked(cell) == cell
