"""XML pieces: walks the elements of a large XML file without keeping them, and finds texts on paths."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, BinaryIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from adapters.bank_files.checking import refuse
from domain.shared.errors import N_

MOST_ELEMENTS = 50_000
"""Elements between two that are taken and forgotten: more is no statement."""
DEEPEST = 40

WELL_FORMED = N_("an XML file that is whole and well-formed, as the bank gave it")
NO_DTD = N_("an XML file without a document type and entities of its own")
ORDINARY = N_("an XML file built like a bank statement")


def walk(stream: BinaryIO, kept: frozenset[str]) -> Iterator[tuple[str, str, Element]]:
    """Events ("start" or "end"), local names and elements, while nothing but the `kept` ones bounds the memory.

    Whoever is told the end of a kept element takes what it needs, and clears it. BadBankFile for what is no XML, for
    document types (and so entities), and for endless or bottomless files.
    """
    since, depth = 0, 0
    events: Any = iterparse(stream, events=("start", "end"), forbid_dtd=True)
    try:
        for event, element in events:
            name = local(element)
            if event == "start":
                since, depth = since + 1, depth + 1
                if since > MOST_ELEMENTS or depth > DEEPEST:
                    raise refuse(f"<{name}>", ORDINARY)
            else:
                depth -= 1
            yield event, name, element
            if event == "end" and name in kept:
                since = 0
    except ParseError as problem:
        raise refuse(problem, WELL_FORMED) from problem
    except DefusedXmlException as problem:
        raise refuse(type(problem).__name__, NO_DTD) from problem
    except (ValueError, LookupError) as problem:  # an encoding that is none, or not the one declared
        raise refuse(problem, WELL_FORMED) from problem


def local(element: Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def find(element: Element, path: str) -> Element | None:
    """The first element on a path such as `Acct/Id/IBAN`, in the namespace of the element."""
    return element.find(_in_namespace(element.tag, path))


def find_all(element: Element, path: str) -> list[Element]:
    """All elements on a path."""
    return element.findall(_in_namespace(element.tag, path))


def text(element: Element, *paths: str) -> str:
    """The text on the first of some paths that has one; empty where none has."""
    for path in paths:
        found = (element.findtext(_in_namespace(element.tag, path)) or "").strip()
        if found:
            return found
    return ""


def texts(element: Element, path: str) -> list[str]:
    """All texts on a path."""
    return [found.strip() for each in find_all(element, path) if (found := each.text or "").strip()]


def _in_namespace(tag: str, path: str) -> str:
    """The path in the namespace of the element that it starts from: a search for any is three times as dear."""
    return _path(tag[: tag.find("}") + 1], path)


@lru_cache(maxsize=1_000)
def _path(namespace: str, path: str) -> str:
    return "/".join(namespace + part for part in path.split("/"))
