"""Looking at pages with axe: what is wrong is found, whichever way; what is right is not complained about."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from e2e.support.accessible import complaints

PAGE = """<!doctype html><html lang="en"><title>Trial</title><body style="background: #fff; color: #000">
<main><h1>Trial</h1>{}</main></body></html>"""


@pytest.mark.parametrize("thorough", [False, True])
def test_words_that_stand_out_too_little_are_found_beside_others(page: Page, thorough: bool) -> None:
    grey = "#99a" if thorough else "#9a9"
    page.set_content(PAGE.format(f"<p>Black</p><p>Black, too</p><p><b style='color: {grey}'>Grey</b></p>"))

    assert "color-contrast" in complaints(page, thorough=thorough)


def test_the_same_letters_on_another_ground_are_looked_at_anew(page: Page) -> None:
    page.set_content(PAGE.format("<p style='color: #123'>Dark on light</p>"))
    assert complaints(page, thorough=False) == ""

    page.set_content(PAGE.format("<div style='background: #222'><p style='color: #123'>Dark on dark</p></div>"))

    assert "color-contrast" in complaints(page, thorough=False)


def test_letters_that_are_disabled_do_not_speak_for_those_that_are_not(page: Page) -> None:
    button = "<button style='color: #bbb; background: #eee' {}>Press</button>"
    page.set_content(PAGE.format(button.format("disabled")))
    assert complaints(page, thorough=False) == ""

    page.set_content(PAGE.format(button.format("type=button")))

    assert "color-contrast" in complaints(page, thorough=False)


def test_other_faults_are_found_on_every_page(page: Page) -> None:
    for _ in range(2):
        page.set_content(PAGE.format("<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>"))

        assert "image-alt" in complaints(page, thorough=False)
