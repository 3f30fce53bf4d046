"""Files leave as attachments that can do nothing."""

from collections.abc import Iterable
from io import BytesIO

import pytest

from tests.support.client import Client
from web.downloads import _closing, content_disposition, download


def test_a_file_is_kept_and_never_run(client: Client) -> None:
    answer = client.get("/file", headers={"accept": "*/*"})

    assert (
        answer.headers["content-disposition"]
        == "attachment; filename=\"ano x.html\"; filename*=UTF-8''a%C3%B1o%20x.html"
    )
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_plain_name_is_said_once() -> None:
    assert content_disposition("statement.pdf") == 'attachment; filename="statement.pdf"'


def test_a_name_without_any_latin_letter_still_has_one_for_old_browsers() -> None:
    assert content_disposition("请求").startswith('attachment; filename="file"; filename*=UTF-8')


def test_a_long_file_can_leave_piece_by_piece() -> None:
    answer = download((piece for piece in (b"a", b"b")), "a.csv", "text/csv")

    assert answer.headers["content-disposition"] == 'attachment; filename="a.csv"'


@pytest.mark.parametrize("content", [b"a", (piece for piece in (b"a",))])
@pytest.mark.parametrize("media_type", ["text/csv", "text/csv; charset=utf-8"])
def test_the_character_set_of_a_text_is_said_once(content: bytes | Iterable[bytes], media_type: str) -> None:
    """By the response, which adds it to every text."""
    assert download(content, "a.csv", media_type).media_type == "text/csv"


def test_a_file_is_closed_once_it_has_left_or_nobody_wants_the_rest() -> None:
    whole, cut = BytesIO(b"a\nb\n"), BytesIO(b"a\nb\n")

    pieces = list(_closing(whole))
    next(rest := _closing(cut))
    rest.close()

    assert pieces == [b"a\n", b"b\n"]
    assert whole.closed
    assert cut.closed
