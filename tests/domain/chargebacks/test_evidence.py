"""What an answer can hold is what the processor takes, and what is too much or missing is said."""

from __future__ import annotations

import pytest
from stripe.params import DisputeUpdateParamsEvidence

from domain.chargebacks import evidence
from domain.chargebacks.states import REASON_NAMES
from domain.shared.errors import Invalid


def test_every_field_is_one_of_the_processors() -> None:
    assert set(evidence.FIELDS) == set(DisputeUpdateParamsEvidence.__annotations__) - {"appeal", "enhanced_evidence"}


def test_what_helps_against_a_reason_is_a_field_and_every_such_reason_is_known() -> None:
    named = {name for names in evidence.HELPS.values() for name in names} | set(evidence.USUAL)

    assert named <= set(evidence.FIELDS)
    assert set(evidence.HELPS) <= set(REASON_NAMES)


@pytest.mark.parametrize("reason", ["fraudulent", "duplicate", "no such reason"])
def test_fields_that_help_and_the_others_are_all_of_them(reason: str) -> None:
    names = [field.name for field in evidence.helping(reason) + evidence.others(reason)]

    assert sorted(names) == sorted(evidence.FIELDS)


def test_what_would_help_and_is_not_there_is_named() -> None:
    before = evidence.lacking("product_not_received", {}, {})
    after = evidence.lacking("product_not_received", {"shipping_date": "2 March 2026"}, {"shipping_documentation": [7]})

    assert "No proof of delivery goes with the answer." in before
    assert set(before) - set(after) == {
        "No proof of delivery goes with the answer.",
        "Nothing says when the goods were sent.",
    }


@pytest.mark.parametrize(
    "texts",
    [{"customer_name": "x" * 501}, {"uncategorized_text": "x" * 20_001}, {"receipt": "a text"}, {"invented": "x"}],
)
def test_a_text_that_the_processor_does_not_take_is_refused_beside_its_field(texts: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refused:
        evidence.tidied(texts)

    assert refused.value.field == next(iter(texts))


def test_texts_and_files_have_limits_together() -> None:
    long = {f"t{number}": "x" * 15_001 for number in range(10)}

    fits = evidence.too_much({"a": "x"}, 4_500_000, 19, is_mastercard=True)
    beyond = evidence.too_much(long, 4_500_001, 50, is_mastercard=False)
    pages = evidence.too_much({}, 0, 20, is_mastercard=True)

    assert fits == []
    assert [str(words) for words in beyond] == [
        "The texts have 150010 characters, 150000 at most.",
        "The files have 4501 kilobytes together, 4500 at most.",
        "The files have 50 pages together, 49 at most.",
    ]
    assert [str(words) for words in pages] == ["The files have 20 pages together, 19 at most."]
