"""Forms: values read, errors by field, nothing typed is lost."""

from datetime import date
from io import BytesIO

import pytest

from domain.shared.errors import BeyondAuthority, Invalid, NotAllowed, NotFound, Refused
from domain.shared.money import Money
from tests.support.client import Client
from tests.web.trial_site import Trial
from web.forms import FieldError, Form, FormRefused, Upload
from web.localisation import localisation

SPEAKING = localisation("en", "Europe/London")


def form(**typed: str | list[str]) -> Form:
    return Form(SPEAKING, {name: [value] if isinstance(value, str) else value for name, value in typed.items()})


def test_values_are_read_with_their_types() -> None:
    sent = form(
        name="  Maya \r\nL ", amount="1,234.50", day="2026-11-21", n="7", ids=["3", "1", "3"], how="card", ok="yes"
    )

    with sent.reading():
        assert sent.text("name", missing="Enter your name.") == "Maya \nL"
        assert sent.amount("amount", "GBP") == Money(123450, "GBP")
        assert sent.day("day") == date(2026, 11, 21)
        assert sent.optional_day("nothing") is None
        assert sent.number("n", least=1, most=7) == 7
        assert sent.ids("ids") == (3, 1)
        assert sent.choice("how", {"card": 1, "bank": 2}) == 1
        assert sent.ticked("ok")
        assert not sent.ticked("not")
        assert sent.text("empty", required=False) == ""


@pytest.mark.parametrize("typed", ["21/11/2026", "21.11.2026", "21-11-2026", "21 Nov 2026", "2026-11-21"])
def test_a_day_may_be_typed_in_several_ways(typed: str) -> None:
    assert form(day=typed).day("day") == date(2026, 11, 21)


def test_all_errors_of_a_form_are_found_at_once_in_the_order_of_its_fields() -> None:
    sent = form(amount="much", day="31/02/2026", how="cash", n="99")

    def read_all() -> None:
        with sent.reading():
            sent.text("name", missing="Enter your name.")
            sent.amount("amount", "GBP")
            sent.day("day")
            sent.choice("how", {"card": 1})
            sent.number("n", least=1, most=7)
            sent.ids("ids")
            sent.upload("papers")

    with pytest.raises(FormRefused):
        read_all()

    assert [(error.name, error.words.replace("\xa0", " ")) for error in sent.errors] == [
        ("name", "Enter your name."),
        ("amount", "Enter an amount, such as £12.50."),
        ("day", "Enter a day, such as 21 Nov 2026."),
        ("how", "Choose one of these."),
        ("n", "Enter a whole number from 1 to 7."),
        ("ids", "Tick at least one."),
        ("papers", "Choose a file."),
    ]
    assert sent.value("amount") == "much"


@pytest.mark.parametrize("typed", ["0", "-5", "−5", "0.00"])
def test_an_amount_is_above_zero(typed: str) -> None:
    sent = form(amount=typed)

    sent.amount("amount", "GBP")

    assert sent.error("amount") == "Enter an amount above zero."


@pytest.mark.parametrize("typed", ["a" * 21, "a\x00b", "a\x7fb", "\x1b[31m"])
def test_text_has_a_length_and_no_control_characters(typed: str) -> None:
    sent = form(text=typed)

    assert sent.text("text", missing="Enter a text.", longest=20) == ""
    assert sent.error("text")


@pytest.mark.parametrize("typed", ["1 or 1=1", "٣", "9" * 40, "-1", ""])
def test_ids_are_digits(typed: str) -> None:
    sent = form(ids=typed)

    assert sent.ids("ids") == ()
    assert sent.error("ids") == "Choose from the list."


def test_a_refusal_of_the_domain_stands_beside_its_field() -> None:
    sent = form(amount="12")

    sent.refused(Invalid("At most {most}.", field="amount", most=Money(1000, "GBP")))
    sent.refused(FormRefused("Some of it."))

    assert sent.errors == [FieldError("amount", "At most £10.00.")]


@pytest.mark.parametrize("refused", [NotFound(), NotAllowed("That is for a manager.")])
def test_what_nothing_typed_can_mend_is_no_matter_of_the_form(refused: Refused) -> None:
    sent = form(amount="12")

    with pytest.raises(type(refused)):
        sent.refused(refused)

    assert sent.errors == []


def test_what_is_too_much_for_who_asks_stands_above_the_form_with_who_can() -> None:
    sent = form(amount="12")

    sent.refused(BeyondAuthority("Too much.", who_can=["Manager"], people=[("Maya", "Manager"), ("Jo", "Manager")]))

    assert sent.errors == [FieldError("", "Too much. It can be done by Maya (Manager), Jo (Manager).")]
    assert sent.value("amount") == "12"


def test_a_day_that_no_ledger_has_is_refused() -> None:
    sent = form(day="0026-11-21")

    sent.day("day")

    assert sent.error("day")


def test_an_amount_may_be_zero_where_the_form_says_so() -> None:
    sent = form(none="0", less="-1")

    assert sent.amount("none", "GBP", or_zero=True) == Money.zero("GBP")
    assert sent.error("none") == ""
    assert sent.amount("less", "GBP", or_zero=True) == Money(-100, "GBP")
    assert sent.error("less") == "Enter an amount that is not negative."


def test_a_file_comes_with_its_name_and_bytes() -> None:
    upload = Upload("a.csv", "text/csv", BytesIO(b"a,b"))

    assert Form(SPEAKING, {}, {"papers": [upload]}).upload("papers") is upload


def test_a_file_field_that_was_left_empty_is_told_so() -> None:
    sent = Form(SPEAKING, {}, {"papers": [Upload("", "application/octet-stream", BytesIO())]})

    assert sent.upload("papers") is None
    assert sent.error("papers") == "Choose a file."


def test_a_refused_form_shows_what_was_typed_and_what_is_wrong_with_each_field(client: Client, trial: Trial) -> None:
    answer = client.get("/pay").submit("Pay", amount="12 pounds 50", reference="HC-7731", invoice=[])

    assert answer.status == 422
    amount = answer.all("input", id="amount")[0]
    assert (amount.get("value"), amount.get("aria-invalid")) == ("12 pounds 50", "true")
    assert amount.get("aria-describedby") == "amount-unit amount-hint amount-error"
    assert answer.all("input", id="reference")[0].get("value") == "HC-7731"
    assert answer.link("Enter an amount") == "#amount"
    assert answer.words.startswith("Error: Pay")
    assert trial.till.paid == []


def test_what_the_domain_refuses_is_shown_like_what_the_form_refuses(client: Client) -> None:
    page = client.get("/pay")

    too_much = page.submit("Pay", amount="1,000.01", invoice=["1", "2"])
    taken = page.submit("Pay", amount="13", invoice="2")

    assert too_much.link("Enter at most £1,000.00.") == "#amount"
    assert len(too_much.all("input", type="checkbox", checked="")) == 2
    assert (taken.status, "Somebody else is paying this." in taken.words) == (422, True)
