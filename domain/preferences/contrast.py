"""Contrast: how well text can be read in the colours that pages make of the colour of a business; a pure file.

Pages keep its hue and take the lightness from the table of colours (`web/static/css/tokens.css`), by day and by night.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import atan2, cos, hypot, sin

Linear = tuple[float, float, float]
"""Red, green and blue, each from 0 to 1, as light."""
Shade = tuple[float, float, float | None]
"""Lightness, how much of the colour's own chroma, and a chroma of its own in place of that where it has one."""
DAY: Sequence[tuple[Shade, Shade]] = (
    ((0.43, 1.0, None), (1.0, 0.0, None)),
    ((0.43, 1.0, None), (0.96, 0.0, None)),
    ((0.35, 1.0, None), (0.955, 0.28, None)),
    ((1.0, 0.0, None), (0.43, 1.0, None)),
)
NIGHT: Sequence[tuple[Shade, Shade]] = (
    ((0.83, 1.0, None), (0.225, 0.0, None)),
    ((0.83, 1.0, None), (0.265, 0.0, None)),
    ((0.9, 1.0, None), (0.315, 0.6, None)),
    ((0.2, 0.0, 0.02), (0.83, 1.0, None)),
)
"""What stands on what: links on paper and on what is sunk, what is chosen, and words on a filled button."""


def least_contrast(colour: str) -> float:
    """The least contrast of any text in the colours made of `colour` (# and six digits), by day and by night."""
    _, chroma, hue = _oklch(colour)
    pairs = (*DAY, *NIGHT)
    return min(contrast(_shade(text, chroma, hue), _shade(ground, chroma, hue)) for text, ground in pairs)


def contrast(one: Linear, other: Linear) -> float:
    """The contrast of two colours, from 1 to 21 (WCAG 2.2)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def linear(colour: str) -> Linear:
    """The light of a colour that is written as # and six digits."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return red, green, blue


def _luminance(colour: Linear) -> float:
    return 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]


def _shade(shade: Shade, chroma: float, hue: float) -> Linear:
    lightness, part, own = shade
    return _from_oklch(lightness, chroma * part if own is None else own, hue)


def _oklch(colour: str) -> tuple[float, float, float]:
    """Lightness, chroma and hue (radians) in OKLCH (CSS Color 4, 9.3)."""
    red, green, blue = linear(colour)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return lightness, hypot(a, b), atan2(b, a)


def _from_oklch(lightness: float, chroma: float, hue: float) -> Linear:
    """The light of a colour in OKLCH; what no screen can show is cut off, as browsers do."""
    a, b = chroma * cos(hue), chroma * sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        _cut(4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short),
        _cut(-1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short),
        _cut(-0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short),
    )


def _cut(part: float) -> float:
    return min(1.0, max(0.0, part))
