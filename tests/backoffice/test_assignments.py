"""The pages about who looks after what: rules told before they are kept, absences, teams, and one account by hand."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.handlers.assigning import take_due
from domain.assignments.applying import ApplyRules, apply_after
from domain.assignments.assigning import assign
from domain.assignments.fitting import Choice
from domain.assignments.model import ABSENCES, RuleKind
from domain.assignments.ruling import add, rules
from domain.digests.choosing import wants
from domain.outbox.model import OUTBOX
from domain.shared.actor import OPERATOR, WORKER
from domain.staff.changing import disable
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.assigning import a_colleague, kept_by
from tests.support.builders import an_account, an_invoice, money
from tests.support.client import Client, Page
from tests.support.routes import token

CHECK = "See what it would change"
KEEP = "Keep this rule"


def apply(office: Office) -> int:
    """Go through all accounts."""
    with office.db.transaction() as session:
        return apply_after(session, 0, actor=WORKER)[0]


def kept(office: Office) -> dict[int, int]:
    """Whose each account is."""
    with office.db.reading() as session:
        return kept_by(session)


def lines(page: Page) -> list[str]:
    """The rows of the tables of a page, the words of each cell apart."""
    return [" ".join(" ".join(" ".join(cell.itertext()).split()) for cell in row) for row in page.all("tr")]


def ruled(office: Office) -> list[tuple[RuleKind, int]]:
    """The rules in their order."""
    with office.db.reading() as session:
        return [(row.kind, row.staff_id) for row in rules(session)]


def test_a_rule_is_told_before_it_is_kept(office: Office, manager: Client) -> None:
    with office.db.transaction() as session:
        eva = a_colleague(session).id
        account, other = an_account(session, name="Ábel Ltd").id, an_account(session, name="Zoe Ltd").id

    told = manager.get("/assignments/rules/new").submit(CHECK, low="a", high="M", staff_id=str(eva))
    assert "Names from A to M" in told.words
    assert "Nobody Eva Lind 1" in lines(told)
    assert ruled(office) == []

    saved = manager.follow(told.submit(KEEP))

    assert "Names from A to M" in saved.words
    assert "The rules are being applied" in saved.words
    assert ruled(office) == [(RuleKind.ALPHABET, eva)]
    with office.db.reading() as session:
        assert session.scalars(select(OUTBOX.c.kind)).all() == [ApplyRules.kind]
    apply(office)
    assert kept(office) == {account: eva}
    assert other not in kept(office)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"kind": "size", "least": "1000", "currency": "gbp"}, "£1,000.00 or more is open"),
        ({"kind": "country", "country": "ES"}, "Country: Spain"),
        ({"kind": "language", "language": "es"}, "Language: Español"),
        ({"kind": "everything"}, "Whatever no other rule takes"),
        ({"kind": "alphabet", "low": "mc"}, "Names that begin with MC"),
    ],
)
def test_each_kind_of_rule_can_be_made(office: Office, manager: Client, typed: dict[str, str], says: str) -> None:
    with office.db.transaction() as session:
        eva = a_colleague(session).id
        an_invoice(session, an_account(session, name="McGee", country="ES", language="es"), "1000")

    told = manager.get("/assignments/rules/new").submit(CHECK, typed, staff_id=str(eva))
    saved = manager.follow(told.submit(KEEP))

    assert "Nobody Eva Lind 1" in lines(told)
    assert says in saved.words
    apply(office)
    assert list(kept(office).values()) == [eva]


@pytest.mark.parametrize(
    ("typed", "says", "field"),
    [
        ({"kind": "alphabet", "low": "", "high": ""}, "Enter one letter or more", "low"),
        ({"kind": "size", "least": "much", "currency": "GBP"}, "Enter an amount", "least"),
        ({"kind": "size", "least": "5", "currency": "XXQ"}, "is not a currency", "currency"),
        ({"kind": "country"}, "Choose the country.", "country"),
        ({"kind": "language"}, "Choose the language.", "language"),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field(
    office: Office, manager: Client, typed: dict[str, str], says: str, field: str
) -> None:
    with office.db.transaction() as session:
        a_colleague(session)
    form = manager.get("/assignments/rules/new")

    page = form.submit(CHECK, typed)

    assert page.status == 422
    assert says in page.words
    assert page.all("a", href=f"#{field}")
    assert ruled(office) == []


def test_a_rule_is_moved_and_ended_after_a_look(office: Office, manager: Client) -> None:
    with office.db.transaction() as session:
        eva, tom = a_colleague(session).id, a_colleague(session, "Tom Roe").id
        account = an_account(session, name="Abel").id
        first = add(session, Choice(RuleKind.EVERYTHING), eva, actor=OPERATOR)
        add(session, Choice(RuleKind.COUNTRY, value="ES"), tom, actor=OPERATOR)
        add(session, Choice(RuleKind.ALPHABET, low="a", high="c"), tom, actor=OPERATOR)
    apply(office)

    told = manager.get(f"/assignments/rules/{first}").submit("See what the move would change", place="2")
    assert "Eva Lind Tom Roe 1" in lines(told)
    assert kept(office) == {account: eva}
    moved = manager.follow(told.submit("Move it there"))
    assert moved.words.index("Country: Spain") < moved.words.index("Whatever no other rule takes")
    apply(office)
    assert kept(office) == {account: tom}

    last = manager.get(f"/assignments/rules/{first}").submit("See what its end would change")
    assert "No account changes hands." in last.words
    manager.follow(last.submit("End this rule"))
    assert ruled(office) == [(RuleKind.COUNTRY, tom), (RuleKind.ALPHABET, tom)]
    assert manager.get(f"/assignments/rules/{first}").status == 404
    assert manager.get(f"/accounts/{account}/timeline").words.count("Looked after by") == 2


def test_who_looks_after_what_is_one_table(office: Office, manager: Client) -> None:
    with office.db.transaction() as session:
        eva, tom, gone = (a_colleague(session, name).id for name in ("Eva Lind", "Tom Roe", "Una Gone"))
        accounts = [an_account(session, name=f"Customer {number}") for number in range(4)]
        for account in accounts:
            an_invoice(session, account, "100")
        euro = an_account(session, name="Euro", currency="EUR")
        an_invoice(session, euro, "7")
        assign(session, [accounts[0].id, euro.id], eva, actor=OPERATOR)
        assign(session, [accounts[1].id], gone, actor=OPERATOR)
        disable(session, gone, actor=OPERATOR)

    page = manager.get("/assignments")

    assert "Eva Lind 2 2 €7.00 £100.00" in lines(page)
    assert "Tom Roe 0 0 –" in lines(page)
    assert "Una Gone looks after accounts no more 1 1 £100.00" in lines(page)
    assert "Nobody to be given to somebody 2 0 £200.00" in lines(page)
    hers = page.follow("Eva Lind")
    assert "Customer 0" in hers.words
    assert "Customer 1" not in hers.words
    assert "£100.00" in hers.words
    nobodys = manager.get("/assignments/accounts?of=nobody")
    assert "Looked after by nobody" in nobodys.words
    assert "Customer 3" in nobodys.words
    assert manager.get("/assignments/accounts?of=99999").status == 404
    assert manager.get("/assignments/accounts?of=x").status == 404

    take_due(office.db)
    assert "Una Gone" not in manager.get("/assignments").words
    assert tom not in kept(office).values()


def test_long_lists_of_accounts_go_on(office: Office, manager: Client) -> None:
    with office.db.transaction() as session:
        for number in range(52):
            an_account(session, name=f"Customer {number:02}")

    first = manager.get("/assignments/accounts?of=nobody")
    second = first.follow("More accounts")

    assert "Customer 49" in first.words
    assert "Customer 50" not in first.words
    assert "Customer 51" in second.words
    assert "Customer 49" not in second.words


def test_one_account_is_given_by_hand_and_back_to_the_rules(office: Office, manager: Client) -> None:
    with office.db.transaction() as session:
        eva, tom = a_colleague(session).id, a_colleague(session, "Tom Roe").id
        account = an_account(session).id
        add(session, Choice(RuleKind.EVERYTHING), eva, actor=OPERATOR)
    apply(office)

    page = manager.get(f"/accounts/{account}/keeper")
    assert "Eva Lind does, since" in page.words
    assert page.submit("Give it by hand", staff_id="0").status == 422
    page.submit("Give it by hand", staff_id=str(tom))
    assert kept(office) == {account: tom}
    assert "Looked after by Tom Roe given by hand" in manager.get(f"/accounts/{account}").words
    again = manager.get(f"/accounts/{account}/keeper")
    assert "It was given by hand" in again.words
    again.submit("Give it back to the rules")
    assert kept(office) == {account: eva}
    assert manager.get("/accounts/99999/keeper").status == 404


def test_anybody_writes_down_their_own_absence_and_ends_it(office: Office) -> None:
    mine = office.person(Role.COLLECTOR)
    browser = office.browser(Role.COLLECTOR)
    with office.db.transaction() as session:
        tom = a_colleague(session, "Tom Roe").id
        account = an_account(session).id
        assign(session, [account], mine, actor=OPERATOR)

    form = browser.get("/absences")
    wrong = form.submit("Write it down", first_on="2026-03-20", last_on="2026-03-18", stand_in_id=str(tom))
    assert wrong.status == 422
    assert "The last day comes after the first." in wrong.words
    assert wrong.all("input", name="first_on")[0].get("value") == "2026-03-20"
    assert form.submit("Write it down", first_on="2026-03-16", last_on="2026-03-18").status == 422
    shown = browser.follow(
        form.submit("Write it down", first_on="2026-03-16", last_on="2026-03-18", stand_in_id=str(tom))
    )

    assert lines(shown)[1].startswith("You away now 16 Mar 2026 18 Mar 2026 Tom Roe Back already")
    assert "stands in" in office.browser(Role.MANAGER).get(f"/accounts/{account}/keeper").words
    assert "away: Tom Roe stands in" in office.browser(Role.MANAGER).get("/assignments").words
    assert "Collector Jones from 16 Mar 2026" in office.browser(Role.AUDITOR).get("/assignments").words
    ended = browser.follow(shown.submit("Back already Collector Jones, 16 Mar 2026"))
    assert "Nobody is away, as far as it concerns you." in ended.words


def test_an_absence_of_somebody_else_is_for_who_assigns_work(office: Office, manager: Client) -> None:
    handler, collector = office.person(Role.DISPUTE_HANDLER), office.person(Role.COLLECTOR)
    form = manager.get("/absences")
    days = {"first_on": "2026-03-17", "last_on": "2026-03-18"}
    shown = manager.follow(form.submit("Write it down", days, staff_id=str(handler), stand_in_id=str(collector)))
    assert "Dispute Handler Jones" in shown.words
    with office.db.reading() as session:
        absence = session.scalars(select(ABSENCES.c.id)).one()

    other = office.browser(Role.COLLECTOR)
    page = other.get("/absences")
    assert "Dispute Handler Jones 17 Mar 2026 18 Mar 2026 You" in [line.strip() for line in lines(page)]
    later = {"first_on": "2026-03-24", "last_on": "2026-03-25"}
    assert page.submit("Write it down", later, staff_id=str(handler), stand_in_id=str(handler)).status == 303
    with office.db.reading() as session:
        assert session.scalars(select(ABSENCES.c.staff_id).order_by(ABSENCES.c.id)).all() == [handler, collector]
    assert other.post(f"/absences/{absence}/end", data={"csrf_token": token(other)}).status == 403
    called_off = manager.get("/absences").submit("Call it off Dispute Handler Jones, 17 Mar 2026")
    assert called_off.status == 303
    assert manager.post("/absences/999/end", data={"csrf_token": token(manager)}).status == 404


def test_people_are_put_into_teams(office: Office, manager: Client) -> None:
    collector = office.person(Role.COLLECTOR)

    form = manager.get("/assignments/teams")
    shown = manager.follow(form.submit("Save", staff_id=str(collector), team="North"))
    assert "Collector Jones Credit controller North" in lines(shown)
    assert "There are: North." in shown.words
    assert form.submit("Save", staff_id=str(collector), team="x" * 61).status == 422
    emptied = manager.follow(shown.submit("Save", staff_id=str(collector), team=""))
    assert "Collector Jones Credit controller –" in lines(emptied)
    assert "Put somebody into a team" not in office.browser(Role.COLLECTOR).get("/assignments/teams").words


def test_the_mornings_mail_is_turned_on_and_off(office: Office) -> None:
    mine = office.person(Role.AUDITOR)
    browser = office.browser(Role.AUDITOR)

    on = browser.follow(browser.get("/absences").submit("Send it each working morning"))
    with office.db.reading() as session:
        assert wants(session, mine)
    assert "You get a mail each working morning" in on.words
    browser.follow(on.submit("Stop this mail"))
    with office.db.reading() as session:
        assert not wants(session, mine)


def test_amounts_of_rules_are_read_as_they_are_typed(office: Office, manager: Client) -> None:
    with office.db.transaction() as session:
        eva = a_colleague(session).id

    form = manager.get("/assignments/rules/new")
    form.submit(CHECK, kind="size", least="1,250.50", staff_id=str(eva)).submit(KEEP)

    with office.db.reading() as session:
        (row,) = rules(session)
        assert (row.least_minor, row.currency) == (money("1250.50").minor, "GBP")
