"""Static files: named by content, cached for ever, and nothing but what was built."""

import gzip
import json
from pathlib import Path

import pytest

from tests.support.client import Client
from web.assets import Assets, AssetsMissing


def test_files_that_were_not_built_say_how_to_build_them(tmp_path: Path) -> None:
    with pytest.raises(AssetsMissing, match="make assets"):
        Assets.load(tmp_path)


def test_a_source_name_leads_to_the_built_one(tmp_path: Path) -> None:
    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "a-123.css").write_text("a{}")
    (tmp_path / "manifest.json").write_text(json.dumps({"css/a.css": "css/a-123.css"}))

    assets = Assets.load(tmp_path)

    assert assets.url("css/a.css") == "/static/css/a-123.css"
    with pytest.raises(KeyError):
        assets.url("css/b.css")


def test_a_page_loads_its_stylesheet_from_here_and_may_keep_it_for_ever(stranger: Client) -> None:
    sheet = stranger.get("/sign-in").all("link", rel="stylesheet")[0].get("href") or ""

    answer = stranger.get(sheet)

    assert answer.status == 200
    assert answer.headers["content-type"] == "text/css"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "gzip"
    assert "@layer" in answer.response.text


def test_who_takes_no_gzip_gets_the_same_bytes_plain(stranger: Client) -> None:
    sheet = stranger.get("/sign-in").all("link", rel="stylesheet")[0].get("href") or ""

    plain = stranger.get(sheet, headers={"accept-encoding": "identity"})

    assert "content-encoding" not in plain.headers
    assert plain.response.content == stranger.get(sheet).response.content
    assert len(gzip.compress(plain.response.content)) < len(plain.response.content)


@pytest.mark.parametrize("path", ["/static/manifest.json", "/static/../settings.py", "/static/", "/static/css/x.css"])
def test_nothing_else_is_served(stranger: Client, path: str) -> None:
    assert stranger.get(path).status == 404


def test_files_are_only_read(stranger: Client) -> None:
    assert stranger.post("/static/css/x.css").status == 405
