"""References: an invoice has one, it survives what people and banks do to it, and nothing else is taken for one."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from stdnum import iso11649

from domain.receivables.references import invoice_of, invoices_in, printed, reference_of

INVOICES = st.integers(0, 10**12)


@given(INVOICES)
def test_every_invoice_has_a_valid_reference_that_leads_back_to_it(invoice: int) -> None:
    reference = reference_of(invoice)

    assert iso11649.is_valid(reference)
    assert invoice_of(reference) == invoice_of(printed(reference)) == invoice_of(printed(reference).lower()) == invoice


def test_it_looks_like_this() -> None:
    assert reference_of(42) == "RF92Q000042"
    assert printed(reference_of(42)) == "RF92 Q000 042"


@given(INVOICES, st.data())
def test_one_mistyped_digit_is_noticed(invoice: int, data: st.DataObject) -> None:
    reference = reference_of(invoice)
    place = data.draw(st.sampled_from([place for place, letter in enumerate(reference) if letter.isdigit()]))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != reference[place]]))

    mistyped = reference[:place] + other + reference[place + 1 :]

    assert invoice_of(mistyped) is None


@given(INVOICES, INVOICES, st.sampled_from(["", "Payment ", "INV 7/"]), st.sampled_from(["", " thank you", ", Maya"]))
def test_they_are_found_among_other_words_in_their_order(first: int, second: int, before: str, after: str) -> None:
    text = f"{before}{printed(first_one := reference_of(first))} and {reference_of(second).lower()}{after}"

    assert first_one in text.replace(" ", "")
    assert invoices_in(text) == list(dict.fromkeys([first, second]))


def test_a_digit_that_follows_is_not_part_of_it() -> None:
    assert invoices_in(f"{reference_of(42)} 120.00 GBP") == [42]


@given(st.text())
def test_other_text_is_no_reference_and_does_not_break_anything(text: str) -> None:
    if re.search(r"RF[\s\d]*Q", text, re.IGNORECASE) is None:
        assert invoices_in(text) == []
    assert invoice_of("RF18539007547034") is None
