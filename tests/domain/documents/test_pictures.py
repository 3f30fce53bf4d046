"""Pictures are made anew: upright, without what travels in them, and never with too many pixels."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from domain.documents import pictures
from domain.documents.kinds import MediaType
from domain.documents.pictures import LONGEST_SIDE, redraw
from domain.shared.errors import Invalid
from tests.support.files import a_photo


@pytest.mark.parametrize(("form", "kind"), [("JPEG", MediaType.JPEG), ("PNG", MediaType.PNG)])
def test_nothing_travels_in_it_and_it_stands_upright(form: str, kind: MediaType) -> None:
    redrawn = redraw(BytesIO(a_photo(40, 20, form=form)), kind, field="files")

    with Image.open(redrawn.file) as made:
        assert (made.format, made.size) == (form, (20, 40))
        assert (redrawn.width, redrawn.height) == made.size
        assert dict(made.getexif()) == {}
        assert set(made.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    redrawn.file.close()


def test_a_large_one_is_kept_smaller() -> None:
    redrawn = redraw(BytesIO(a_photo(LONGEST_SIDE * 2, 600)), MediaType.JPEG, field="files")

    assert (redrawn.width, redrawn.height) == (300, LONGEST_SIDE)
    redrawn.file.close()


def test_what_is_clear_stays_clear_and_every_mode_is_understood() -> None:
    for mode in ("1", "L", "LA", "P", "RGBA", "I;16"):
        made = BytesIO()
        Image.new(mode, (8, 8)).save(made, "PNG")

        redrawn = redraw(made, MediaType.PNG, field="files")

        with Image.open(redrawn.file) as kept:
            assert kept.mode == ("RGBA" if mode in {"LA", "RGBA"} else "RGB")
        redrawn.file.close()


def test_too_many_pixels_are_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_PIXELS", 799)

    with pytest.raises(Invalid, match="too many pixels"):
        redraw(BytesIO(a_photo(40, 20)), MediaType.JPEG, field="files")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\xff" * 8 + b"\x08\x06\x00\x00\x00", MediaType.PNG),
        (a_photo()[:300], MediaType.JPEG),
        (a_photo(form="PNG"), MediaType.JPEG),
    ],
)
def test_what_is_broken_or_another_kind_is_refused(content: bytes, kind: MediaType) -> None:
    with pytest.raises(Invalid) as refused:
        redraw(BytesIO(content), kind, field="files")

    assert refused.value.field == "files"
