"""Strict HTML: what every answer of ours must be, so that browsers, readers and the security policy agree with it."""

import re
from collections import Counter
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib

LABELLED = {"input", "select", "textarea"}
UNLABELLED_TYPES = {"hidden", "submit", "button"}
PARENTS = {"tr": "tbody", "td": "tr", "th": "tr", "tbody": "table", "option": "select"}
LAYOUT = re.compile(r"\{[{%#]|[}%#]\}")


def parse(html: str, *, whole: bool | None = None) -> Element:
    """The document or fragment as a tree; AssertionError with every complaint where it is not as it should be."""
    is_document = html.lstrip().lower().startswith("<!doctype") if whole is None else whole
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree: Element = parser.parse(html) if is_document else parser.parseFragment(html, container=_around(html))
    complaints = [f"{code} at line {place[0]}" for place, code, _ in parser.errors]
    complaints += list(_complaints(tree, whole=is_document))
    assert not complaints, "not the HTML that we promise:\n  " + "\n  ".join(complaints) + "\n" + html[:4000]
    return tree


def _around(html: str) -> str:
    """The element that a fragment will stand in: a row alone is what htmx swaps into a table."""
    first = re.match(r"\s*<(\w+)", html)
    return PARENTS.get(first[1], "div") if first else "div"


def _complaints(tree: Element, *, whole: bool) -> Iterator[str]:
    elements = [element for element in tree.iter() if not callable(element.tag)]
    ids = Counter(element.get("id") for element in elements if element.get("id"))
    yield from (f"the id {id!r} occurs {count} times" for id, count in ids.items() if count > 1)
    named = frozenset(ids)
    for element in elements:
        yield from _forbidden(element)
        if whole:
            yield from _dangling(element, named)
    labels = {element.get("for") for element in elements if element.tag == "label"}
    inside = {id(inner) for element in elements if element.tag == "label" for inner in element.iter()}
    for element in elements:
        if element.tag in LABELLED and element.get("type") not in UNLABELLED_TYPES:
            labelled = element.get("id") in labels or id(element) in inside or element.get("aria-label")
            if not labelled and not element.get("aria-labelledby"):
                yield f"<{element.tag} name={element.get('name')!r}> has no label"
    for form in (element for element in elements if element.tag == "form"):
        yield from _form(form)
    if whole:
        yield from _document(elements)


def _forbidden(element: Element) -> Iterator[str]:
    tag = element.tag
    if tag == "style" or (tag == "script" and not element.get("src")):
        yield f"<{tag}> within the page: the security policy will not run it"
    for name, value in element.attrib.items():
        if name == "style" or name.startswith("on"):
            yield f"<{tag} {name}>: the security policy will not have it"
        if name.startswith("hx-"):
            yield f"<{tag} {name}>: write data-{name}, which is HTML"
        if name in {"href", "src", "action", "formaction"} and value.strip().lower().startswith("javascript:"):
            yield f"<{tag} {name}={value!r}>: a script in an address"
        if LAYOUT.search(value):
            yield f"<{tag} {name}={value!r}>: template syntax that was not run"
    if tag == "a" and not element.get("href"):
        yield "<a> leads nowhere"
    if tag == "img" and element.get("alt") is None:
        yield "<img> has no alt"
    if tag == "button" and element.get("type") is None:
        yield "<button> does not say what it does (type)"


def _dangling(element: Element, ids: frozenset[str | None]) -> Iterator[str]:
    for name in ("aria-labelledby", "aria-describedby", "for"):
        for wanted in (element.get(name) or "").split():
            if wanted not in ids:
                yield f"<{element.tag} {name}={wanted!r}> names nothing on the page"
    href = element.get("href") or ""
    if element.tag == "a" and href.startswith("#") and len(href) > 1 and href[1:] not in ids:
        yield f"<a href={href!r}> leads to nothing on the page"


def _form(form: Element) -> Iterator[str]:
    if not form.get("action"):
        yield "<form> has no action: it would not work without a script"
    fields = {element.get("name") for element in form.iter() if element.tag == "input"}
    method = (form.get("method") or "get").lower()
    if method == "post" and "csrf_token" not in fields:
        yield f"<form action={form.get('action')!r}> posts without csrf_field()"
    if method == "get" and "csrf_token" in fields:
        yield f"<form action={form.get('action')!r}> would put its token into the address"


def _document(elements: list[Element]) -> Iterator[str]:
    tags = Counter(element.tag for element in elements)
    yield from (f"{tags[tag]} <{tag}> elements, not one" for tag in ("h1", "main", "title") if tags[tag] != 1)
    if not next(element for element in elements if element.tag == "html").get("lang"):
        yield "<html> has no lang"
    title = next((element for element in elements if element.tag == "title"), None)
    if title is not None and not (title.text or "").strip(" ·"):
        yield "<title> is empty"
