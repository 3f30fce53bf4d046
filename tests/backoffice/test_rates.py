"""Reference rates on the screen: missing, typed, complete."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from domain.late_charges.days import ask_for_rates
from domain.policies.profiles import profile
from domain.policies.reference_rates import entered, missing_today
from domain.staff.model import Role
from domain.tasks.model import Task
from tests.backoffice.conftest import Office
from tests.support.policies import a_policy

TYPED = {"reference": "boe", "from_on": "2025-12-18", "rate": "3,75", "source": "Bank of England"}


def test_a_missing_rate_is_said_typed_and_vouched_for(office: Office) -> None:
    with office.db.transaction() as session:
        a_policy(session, profile("uk_statutory").sections)
        ask_for_rates(session, [])
    client = office.browser(Role.MANAGER)
    with office.db.reading() as session:
        task = client.get(f"/tasks/{session.scalars(select(Task.id)).one()}")

    before = task.follow("Enter the rate")
    typed = client.follow(before.submit("Enter it", TYPED))
    done = client.follow(typed.submit("It is complete", reference="boe", through_on="2026-03-16"))

    assert "Bank of England base rate, 31 Dec 2025" in task.words
    assert "Bank of England base rate: the rate of 31 Dec 2025 is missing" in before.words
    assert "3.75%" in typed.words
    assert "of 31 Dec 2025 is missing" in typed.words
    assert "of 31 Dec 2025 is missing" not in done.words
    assert "Complete through 16 Mar 2026" in done.words
    with office.db.reading() as session:
        assert missing_today(session) == []
        assert session.scalars(select(Task.done_at)).one() is not None


def test_who_entered_a_rate_and_which_of_two_counts_is_said(office: Office) -> None:
    client = office.browser(Role.MANAGER)

    client.get("/rates").submit("Enter it", TYPED | {"rate": "4.75"})
    client.get("/rates").submit("Enter it", TYPED)
    client.get("/rates").submit("It is complete", reference="boe", through_on="2026-03-16")
    page = client.get("/rates")

    rows = [[" ".join(cell.split()) for cell in row.itertext() if cell.strip()] for row in page.all("tr")]
    rates = [(row[1], row[-2], row[-1]) for row in rows if row[0] == "18 Dec 2025"]
    assert rates == [("3.75%", "Manager Jones", "counts"), ("4.75%", "Manager Jones", "replaced")]
    assert "Manager Jones said so on 16 Mar 2026" in page.words


def test_a_file_is_entered_whole_and_says_what_it_came_to(office: Office) -> None:
    page = office.browser(Role.MANAGER).get("/rates")
    raw = Path("docs/examples/reference-rates.csv").read_bytes()

    done = office.browser(Role.MANAGER).follow(page.submit("Enter the file", files={"file": ("rates.csv", raw)}))
    again = office.browser(Role.MANAGER).follow(done.submit("Enter the file", files={"file": ("rates.csv", raw)}))

    assert "71 rates entered, 0 known already" in done.words
    assert "0 rates entered, 71 known already" in again.words
    assert "Bank of England: Official Bank Rate history" in done.words
    with office.db.reading() as session:
        assert {row.actor_id for row in entered(session)} == {office.person(Role.MANAGER)}


def test_what_is_wrong_with_a_file_stands_by_row_beside_its_form(office: Office) -> None:
    page = office.browser(Role.MANAGER).get("/rates")
    raw = b"reference,from,percent,source,complete_through\nboe,2025-12-18,much,BoE,\nlibor,2026-01-01,1,x,\n"

    refused = page.submit("Enter the file", files={"file": ("rates.csv", raw)})
    unnamed = page.submit("Enter the file", files={"file": ("rates.csv", b"a,b\n1,2\n")})
    nothing = page.submit("Enter the file")

    rows = [" ".join(row.itertext()).split() for row in refused.all("tr")]
    assert (refused.status, len(refused.all("p", id="file-error"))) == (422, 1)
    assert [row[0] for row in rows if row[0].isdigit()] == ["2", "3"]
    assert "“much” is not a rate in per cent, such as 3.75." in refused.words
    assert "“libor” is none of" in refused.words
    assert "The file needs the columns" in unnamed.words
    assert "Choose a file of rates." in nothing.words
    with office.db.reading() as session:
        assert entered(session) == []


def test_a_half_year_without_a_rate_that_nothing_follows_is_said_more_softly(office: Office) -> None:
    page = office.browser(Role.MANAGER).get("/rates")

    assert "The rate of 31 Dec 2025, which rules this half-year, is not known." in page.words
    assert "Late interest that follows it waits." not in page.words


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"rate": "much"}, "rate"),
        ({"rate": "75"}, "rate"),
        ({"rate": "-3"}, "rate"),
        ({"source": ""}, "source"),
        ({"from_on": "x"}, "from_on"),
    ],
)
def test_a_rate_that_cannot_be_is_refused_beside_its_field_and_nothing_is_lost(
    office: Office, changed: dict[str, str], field: str
) -> None:
    page = office.browser(Role.MANAGER).get("/rates").submit("Enter it", TYPED | changed)

    assert page.status == 422
    assert page.all("p", id=f"{field}-error")
    assert (page.all("input", name="source")[0].get("value") or "") == (TYPED | changed)["source"]


def test_nobody_says_that_the_future_is_complete(office: Office) -> None:
    page = office.browser(Role.MANAGER).get("/rates").submit("It is complete", reference="boe", through_on="2026-03-17")

    assert page.status == 422
    assert "Nobody can know yet" in page.words


def test_who_may_only_look_sees_no_form(office: Office) -> None:
    assert not office.browser(Role.AUDITOR).get("/rates").all("form", action="/rates")
