"""The checker itself: what it must not let through."""

import pytest

from tests.support.html import parse

PAGE = '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>A page</title></head><body>{}</body></html>'


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("<p><div></div></p>", "unexpected-end-tag"),
        ('<p id="a"></p><p id="a"></p>', "the id 'a' occurs 2 times"),
        ('<input name="a" type="text">', "has no label"),
        ("<script>alert(1)</script>", "<script> within the page"),
        ("<style>a{}</style>", "<style> within the page"),
        ('<p style="color:red"></p>', "<p style>"),
        ('<p onclick="x()"></p>', "<p onclick>"),
        ('<p hx-get="/a"></p>', "write data-hx-get"),
        ("<a>nowhere</a>", "leads nowhere"),
        ('<a href="#gone">gone</a>', "leads to nothing"),
        ('<a href="javascript:x()">x</a>', "a script in an address"),
        ('<p class="{{ kind }}"></p>', "template syntax"),
        ('<p aria-describedby="gone"></p>', "names nothing"),
        ("<button>Go</button>", "does not say what it does"),
        ('<img src="/a.png">', "has no alt"),
        ('<form method="post"></form>', "has no action"),
        ('<form action="/a" method="post"></form>', "posts without csrf_field()"),
        ('<form action="/a"><input type="hidden" name="csrf_token"></form>', "would put its token into the address"),
        ("<h1>a</h1><h1>b</h1>", "2 <h1> elements"),
    ],
)
def test_what_we_promise_not_to_send_is_complained_about(body: str, complaint: str) -> None:
    with pytest.raises(AssertionError) as refused:
        parse(PAGE.format(body))

    assert complaint in str(refused.value)


def test_what_we_do_send_is_not() -> None:
    form = '<form action="/a"><label>B<input name="b"></label><button type="submit">C</button></form>'
    body = f"<main><h1>A</h1>{form}</main>"

    assert parse(PAGE.format(body)).find(".//h1") is not None


def test_a_row_alone_is_a_fragment_that_htmx_may_swap() -> None:
    assert parse("<tr><td>a</td></tr>") is not None
