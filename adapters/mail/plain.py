"""Plain: what a person reads in HTML, as plain text: no marks, no scripts, nothing that is loaded.

Not the standard library's parser: that takes the square of the time on HTML that was made to annoy it.
"""

from __future__ import annotations

import re
from html import unescape

LONGEST = 400_000
TAG = re.compile(r"<(/?)([a-zA-Z!?][^\s<>/]*)[^<>]*>")
SILENT = frozenset({"script", "style", "head", "title", "template"})
NEW_LINE = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "blockquote", "table", "ul", "ol"})
BLANK_LINES = re.compile(r"\n{3,}")


def plain_text(html: str) -> str:
    """The words of `html`, one line a paragraph; of a very long one those at its beginning."""
    pieces: list[str] = []
    silent, end = "", 0
    html = _without_comments(html[:LONGEST])
    for tag in TAG.finditer(html):
        if not silent:
            pieces.append(_words(html[end : tag.start()]))
        end, closes, name = tag.end(), bool(tag[1]), tag[2].lower()
        if silent:
            silent = "" if closes and name == silent else silent
        elif name in SILENT and not closes:
            silent = name
        elif name in NEW_LINE:
            pieces.append("\n")
    if not silent:
        pieces.append(_words(html[end:]))
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def _words(piece: str) -> str:
    """The words of a piece between two tags, one space where there is any, also before and after."""
    text = unescape(piece)
    before, after = text[:1].isspace(), text[-1:].isspace()
    inner = " ".join(text.split())
    return f"{' ' if before else ''}{inner}{' ' if after and inner else ''}"


def _without_comments(html: str) -> str:
    kept: list[str] = []
    at = 0
    while (begins := html.find("<!--", at)) >= 0:
        kept.append(html[at:begins])
        ends = html.find("-->", begins + 4)
        if ends < 0:
            return "".join(kept)
        at = ends + 3
    return "".join([*kept, html[at:]])
