"""QR codes: a picture within the page that breaks none of our rules for pages."""

from __future__ import annotations

from xml.etree import ElementTree

from web.qr import qr_code


def test_a_code_is_an_svg_without_script_style_or_address() -> None:
    picture = ElementTree.fromstring(qr_code("otpauth://totp/Northgate"))

    assert picture.tag == "svg"
    assert picture.get("viewBox")
    assert {name for part in picture.iter() for name in part.attrib} <= {"viewBox", "class", "stroke", "d"}


def test_another_content_is_another_picture() -> None:
    assert qr_code("RF55Q000611") == qr_code(b"RF55Q000611")
    assert qr_code("RF55Q000611") != qr_code("RF28Q000612")
