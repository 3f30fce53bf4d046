"""Test messages go where they were asked to, and every administrator hears of another bank account."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import pytest

from adapters.sms.folder import FolderTexter
from app.handlers.settings_mail import NobodyCarriesTexts, send_test, warn_of_bank
from app.wired import Wired
from domain.preferences import setting
from domain.preferences.setting import WarnOfBank
from domain.preferences.trying import TestMessage, Way
from domain.preferences.values import Bounds, Name
from domain.shared.actor import OPERATOR, Actor
from domain.staff.adding import add
from domain.staff.model import Role
from tests.support.outside import MemoryMail

BOUNDS = Bounds(("en", "es"), can_text=True)


def somebody(wired: Wired, role: Role, email: str) -> int:
    """A member of staff."""
    with wired.database.transaction() as session:
        password = "correct horse battery staple"
        return add(session, email=email, name="Ana", role=role, password=password, actor=OPERATOR)[0].id


def sent(wired: Wired) -> list[tuple[str, str, str]]:
    """What was mailed: to whom, about what, and the text."""
    return [(email.to, email.subject, email.text) for email in cast("MemoryMail", wired.mailer).sent]


def test_every_administrator_and_nobody_else_is_told_of_another_bank_account(wired: Wired) -> None:
    ana, _ = somebody(wired, Role.ADMINISTRATOR, "ana@b.example"), somebody(wired, Role.MANAGER, "max@b.example")
    somebody(wired, Role.ADMINISTRATOR, "eve@b.example")
    with wired.database.transaction() as session:
        bank = {"holder": "Quay", "iban": "GB82WEST12345698765432"}
        setting.change(session, {Name.BANK: bank}, BOUNDS, actor=Actor.staff(ana))
        first = setting.history(session, Name.BANK)[0].id
        setting.give_back(session, Name.BANK, actor=Actor.staff(ana))
        second = setting.history(session, Name.BANK)[0].id

    warn_of_bank(wired, WarnOfBank(first))
    warn_of_bank(wired, WarnOfBank(second))

    told = sent(wired)
    assert [to for to, *_ in told] == ["ana@b.example", "eve@b.example"] * 2
    assert "GB82 WEST 1234 5698 7654 32" in told[0][2]
    assert "The account that the installation was set up with holds again." in told[2][2]


def test_a_test_mail_arrives_and_one_who_left_gets_none(wired: Wired) -> None:
    ana = somebody(wired, Role.ADMINISTRATOR, "ana@b.example")

    send_test(wired, TestMessage("mark", ana, Way.EMAIL, "ana@b.example"))
    send_test(wired, TestMessage("mark", 999, Way.EMAIL, "gone@b.example"))

    ((to, subject, _),) = sent(wired)
    assert (to, subject) == ("ana@b.example", "Test of mail from Your business")


def test_a_test_text_arrives_or_says_that_nobody_carries_it(wired: Wired) -> None:
    ana = somebody(wired, Role.ADMINISTRATOR, "ana@b.example")
    message = TestMessage("mark", ana, Way.SMS, "+441632960999")
    texter = FolderTexter(wired.settings.home / "texts")

    send_test(replace(wired, texter=texter), message)

    (text,) = texter.list_texts(5)
    assert (text.to, text.body) == ("+441632960999", "Your business: this is a test. It has arrived.")
    with pytest.raises(NobodyCarriesTexts):
        send_test(wired, message)
