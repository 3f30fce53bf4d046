"""Logo: a picture as an SVG that holds it, for typst takes no other bytes with what a letter says."""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO

from PIL import Image

from domain.shared.mail import Picture


def logo_svg(picture: Picture) -> str:
    """The picture, unchanged, within an SVG of its own size in pixels."""
    with Image.open(BytesIO(picture.content)) as opened:
        width, height = opened.size
    held = f"data:{picture.media_type};base64,{b64encode(picture.content).decode()}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="{held}"/></svg>'
    )
