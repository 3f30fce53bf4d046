"""Pictures: made anew from their pixels alone, upright, so that nothing travels in them and a browser may show them."""

from __future__ import annotations

import threading
import warnings
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, Final, cast

from PIL import Image, ImageOps

from domain.documents.kinds import MediaType
from domain.shared.errors import N_, Invalid

MOST_PIXELS: Final = 50_000_000
"""Of a photograph; today's telephones make 48 million."""
MOST_PIXELS_UNSCALED: Final = 25_000_000
"""Of a PNG, which cannot be read smaller than it is; a page scanned at 400 dots an inch has 15 million."""
LONGEST_SIDE: Final = 4000
"""Pixels of the longer side as it is kept: enough to read the small print of a page."""
QUALITY: Final = 85
IN_MEMORY: Final = 1024 * 1024
FORMATS: Final = {MediaType.PNG: "PNG", MediaType.JPEG: "JPEG"}
SCALED_AS_THEY_ARE: Final = frozenset({"RGB", "RGBA", "L", "CMYK"})
"""Modes of pixels that can be made smaller without being turned into others first, a JPEG while it is read."""
NO_PICTURE = N_("This picture is damaged: it cannot be opened.")
_one_at_a_time = threading.Lock()
"""A picture is opened only when no other is: its pixels are by far the most that an upload ever takes."""


@dataclass(frozen=True, slots=True)
class Redrawn:
    """A picture made anew: its file, from the beginning, and its size in pixels."""

    file: BinaryIO
    width: int
    height: int


def redraw(file: BinaryIO, media_type: MediaType, *, field: str) -> Redrawn:
    """The picture from its pixels alone: no place, camera, comment or thumbnail; turned as it was meant to be seen.

    Invalid, beside `field`, for what is no picture after all, or would have too many pixels.
    """
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(file, formats=[FORMATS[media_type]]) as picture:
                _check_pixels(picture, media_type, field)
                return _written(_upright(picture), media_type)
        except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as problem:
            raise Invalid(NO_PICTURE, field=field) from problem


def _check_pixels(picture: Image.Image, media_type: MediaType, field: str) -> None:
    most = MOST_PIXELS if media_type is MediaType.JPEG else MOST_PIXELS_UNSCALED
    if picture.width * picture.height > most:
        raise Invalid(N_("This picture has too many pixels. Send a smaller one."), field=field)


def _upright(picture: Image.Image) -> Image.Image:
    """Its pixels, no more of them than are kept, in colours that every browser knows."""
    scale = min(1.0, LONGEST_SIDE / max(picture.size))
    picture.draft(None, (int(picture.width * scale), int(picture.height * scale)))
    has_alpha = picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info
    wanted = "RGBA" if has_alpha else "RGB"
    if picture.mode not in SCALED_AS_THEY_ARE:
        picture = picture.convert(wanted)
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=None)
    plain = picture if picture.mode == wanted else picture.convert(wanted)
    ImageOps.exif_transpose(plain, in_place=True)
    plain.info = {}
    return plain


def _written(picture: Image.Image, media_type: MediaType) -> Redrawn:
    made = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - whoever takes the picture closes it
    if media_type is MediaType.JPEG:
        picture.convert("RGB").save(made, "JPEG", quality=QUALITY)
    else:
        picture.save(made, "PNG")
    made.seek(0)
    return Redrawn(cast("BinaryIO", made), picture.width, picture.height)
