"""Accessible: has axe look at a page, at the contrast of each way in which words are coloured only once."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
"""All rules there are."""
OF_LAYOUT = ["target-size", "scrollable-region-focusable"]
"""The rules whose answer depends on how wide the window is, besides contrast, which depends on the colours."""
LOOK = """
async ([only, seen, thorough]) => {
  if (typeof axe !== "object") return null;
  const ground = (element) => {
    const said = [];
    for (let at = element; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.backgroundColor !== "rgba(0, 0, 0, 0)") said.push(style.backgroundColor);
      if (style.backgroundImage !== "none") said.push(style.backgroundImage);
      if (style.opacity !== "1") said.push("opacity " + style.opacity);
    }
    return said.join(" on ");
  };
  const colouring = (element) => {
    const style = getComputedStyle(element);
    const letters = [style.color, style.fontSize, style.fontWeight, style.textShadow, style.position].join(" ");
    const control = element.closest("label")?.control ?? element;
    const exempt = control.closest(":disabled, [aria-disabled=true]") ? "disabled " : "";
    return exempt + letters + " on " + ground(element);
  };
  const has_words = (element) =>
    element.matches("input, select, textarea") ||
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const is_seen = (element) => {
    const place = element.getBoundingClientRect();
    return place.width > 1 && place.height > 1 && element.checkVisibility({ visibilityProperty: true });
  };
  const known = new Set(seen), fresh = new Map();
  const worded = [...document.body.querySelectorAll("*")].filter((one) => has_words(one) && is_seen(one));
  for (const element of worded) {
    const key = colouring(element);
    if (!known.has(key) && !fresh.has(key)) fresh.set(key, element);
  }
  const only_violations = { resultTypes: ["violations"] };
  const rules = only.type === "tag" ? { "color-contrast": { enabled: thorough } } : {};
  const found = (await axe.run(document, { ...only_violations, runOnly: only, rules })).violations;
  if (!thorough && fresh.size) {
    const these = { include: [...fresh.values()] };
    found.push(...(await axe.run(these, { ...only_violations, runOnly: ["color-contrast"] })).violations);
  }
  return [found, [...fresh.keys()]];
}
"""
"""Most of axe's time goes into contrast, which is the same for the same letters on the same ground: unless it is to be
`thorough`, one element of each colouring that was not `seen` before is enough."""

_colourings: set[str] = set()
"""Those that this run has had axe look at."""


def complaints(page: Page, *, thorough: bool, all_rules: bool = True) -> str:
    """What axe, which is itself a script, has to say against the page as it stands; nothing where all is well.

    A page that was looked at by all rules need only be held to those of layout and colour once it is wider or darker.
    """
    of_layout = [*OF_LAYOUT, *(["color-contrast"] if thorough else [])]
    only = {"type": "tag", "values": TAGS} if all_rules else {"type": "rule", "values": of_layout}
    said = _look(page, only, thorough=thorough)
    if said is None:
        page.evaluate(AXE_SCRIPT)
        said = _look(page, only, thorough=thorough)
    found, coloured = said
    _colourings.update(coloured)
    return str(AxeResults({"violations": found}).generate_report()) if found else ""


def _look(page: Page, only: dict[str, Any], *, thorough: bool) -> Any:
    """What axe found and in which colours, or None on a page that has no axe yet."""
    return page.evaluate(LOOK, [only, sorted(_colourings), thorough])
