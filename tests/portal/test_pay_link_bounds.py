"""Pay links: what their holders do over and over, or to what is not behind them, goes no further."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from domain.policies.sections import Promises, Sections
from domain.promises.model import PromisePart, PromiseStatus, PromiseToPay
from domain.shared.db.session import now, today
from tests.portal.conftest import Portal, sign_in
from tests.portal.linked import Linked, in_days
from tests.support.client import Client, Page
from tests.support.policies import a_policy

Browser = Callable[[], Client]


def promise_of(portal: Portal, client: Client, once: str, *invoices: int, path: str = "/l") -> Page:
    """Promise these invoices, in one press."""
    form = {"promised_on": in_days(portal, 3).isoformat(), "step": "promise", "once": once}
    token = str(client.get(f"{path}/promises/new").all("input", name="csrf_token")[0].get("value"))
    ticked = [str(one) for one in invoices]
    return client.post(f"{path}/promises/new", data={"invoice": ticked, **form, "csrf_token": token})


def test_a_promise_about_more_than_the_link_is_not_undone_with_it(
    portal: Portal, bearer: Client, open_browser: Browser, linked: Linked
) -> None:
    first, second = linked.asked
    maya, account = sign_in(portal, open_browser()), f"/accounts/{linked.account_id}"
    wider = promise_of(portal, maya, "o1", first, linked.other, path=account)

    refused = promise_of(portal, bearer, "o2", first)
    free = promise_of(portal, bearer, "o3", second)
    again = promise_of(portal, bearer, "o4", *linked.asked[1:])

    assert [page.status for page in (wider, refused, free, again)] == [303, 422, 303, 303]
    assert "A day cannot be promised here" in refused.words
    with portal.db.reading() as session:
        stood = session.scalars(select(PromiseToPay.status).order_by(PromiseToPay.id)).all()
    assert stood == [PromiseStatus.OPEN, PromiseStatus.REPLACED, PromiseStatus.OPEN]


def test_how_earlier_promises_went_is_not_told_to_who_presses_all_the_same(
    portal: Portal, bearer: Client, open_browser: Browser, linked: Linked
) -> None:
    with portal.db.transaction() as session:
        a_policy(session, Sections(promises=Promises(most_days=14, most_broken=0)), account_id=linked.account_id)
        broken = PromiseToPay(
            account_id=linked.account_id,
            currency="GBP",
            amount_minor=1,
            promised_on=today(session),
            status=PromiseStatus.BROKEN,
            made_at=now(session),
            ended_at=now(session),
            made_after_id=0,
            judged_upto_id=0,
        )
        session.add(broken)
        session.flush()
        session.add(PromisePart(promise_id=broken.id, invoice_id=linked.other, amount_minor=1))
    maya, account = sign_in(portal, open_browser()), f"/accounts/{linked.account_id}"

    by_link = promise_of(portal, bearer, "o1", linked.asked[0])
    own = promise_of(portal, maya, "o2", linked.asked[0], path=account)

    assert (by_link.status, own.status) == (422, 422)
    assert "Earlier promises" in own.words
    assert "Earlier promises" not in by_link.words


def test_nobody_promises_without_end(portal: Portal, bearer: Client, linked: Linked) -> None:
    statuses = [promise_of(portal, bearer, f"o{n}", linked.asked[0]).status for n in range(21)]

    assert statuses == [303] * 20 + [429]


def test_who_comes_back_again_and_again_does_not_ask_the_processor_each_time(
    portal: Portal, bearer: Client, linked: Linked
) -> None:
    bearer.get(f"/l/pay?invoice={linked.asked[0]}").submit("Go on to your card")
    [checkout] = portal.processor.sessions.values()

    statuses = {bearer.get(f"/l/payments/{checkout.payment_id}/returned").status for _ in range(10)}

    assert statuses == {200}
    assert len(portal.nudges) == 6
