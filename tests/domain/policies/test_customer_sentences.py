"""Customer sentences: each stands for one that staff read, and none speaks of customers as of somebody else."""

from __future__ import annotations

import ast
from decimal import Decimal
from inspect import getsource
from string import Formatter
from types import ModuleType

from domain.policies import plan_sentences, sentences, told_sentences
from domain.policies.comparing import difference, in_words
from domain.policies.customer_sentences import TO_CUSTOMERS
from domain.policies.sections import Allocation, DueRule, Extensions, LateInterest, Reference, Sections, Terms
from domain.shared.errors import N_

ASIDE = "of which customers are not told"


def told_of() -> set[str]:
    """Every sentence of the sections that customers are told of."""
    return written_in(told_sentences) | written_in(plan_sentences)


def written_in(module: ModuleType) -> set[str]:
    """Every sentence in the source of a module."""
    calls = [node for node in ast.walk(ast.parse(getsource(module))) if isinstance(node, ast.Call)]
    marked = [node.args[0] for node in calls if isinstance(node.func, ast.Name) and node.func.id == N_.__name__]
    return {node.value for node in marked if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_each_stands_for_a_sentence_that_staff_read_and_says_the_same_values() -> None:
    assert TO_CUSTOMERS.keys() <= told_of() | written_in(sentences)
    for ours, theirs in TO_CUSTOMERS.items():
        assert theirs is None or placeholders(theirs) == placeholders(ours)


def test_nothing_that_customers_are_told_speaks_of_customers_or_their_account_as_of_others() -> None:
    told = told_of() | {sentences.OFF[key] for key in sentences.TOLD}
    told |= {sentences.SECTION_NAMES[key] for key in sentences.TOLD}
    read = [TO_CUSTOMERS.get(text, text) or "" for text in told if ASIDE not in text]

    ours = ("ustomer", "ach account", "napplied", "lower bound", "They may")

    assert [text for text in read if any(word in text for word in ours)] == []


def test_the_customer_is_spoken_to_and_staff_are_not() -> None:
    sections = Sections(
        terms=Terms(rule=DueRule.ACCOUNT),
        late_interest=LateInterest(reference=Reference.FIXED, margin=Decimal(8)),
        extensions=Extensions(most_days=14),
        allocation=Allocation(use_credit=True),
    )

    theirs = {
        said.name: [str(words) for words in said.sentences] for said in in_words(sections, "GBP", for_customer=True)
    }
    ours = {said.name for said in in_words(sections, "GBP")}

    assert theirs["Payment terms"] == ["Payment is due as agreed with you."]
    assert "The rate has no lower bound." not in theirs["Late interest"]
    assert theirs["Paying an invoice later"][0].startswith("You may set the due date")
    assert "Extensions by the customer" in ours


def test_a_change_is_told_to_the_customer_too() -> None:
    before = Sections(
        extensions=Extensions(most_days=14), late_interest=LateInterest(margin=Decimal(8), floor=Decimal(5))
    )
    after = Sections(late_interest=LateInterest(margin=Decimal(8)))

    interest, extensions = difference(before, after, "GBP", for_customer=True)

    assert (list(interest.now), [str(words) for words in interest.before]) == (
        [],
        ["The rate is never below 5 per cent a year."],
    )
    assert [str(words) for words in extensions.now] == ["You can no longer set a due date later yourself."]
