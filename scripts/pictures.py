"""Pictures: the demo's main pages at phone and desk width, notices and agreements in every language, for the manual."""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Browser, Page

from scripts.agreement_pictures import take_agreements
from scripts.demo import ROOT, Demo, chromium, demo, home
from scripts.evidence_pictures import take_evidence
from scripts.notice_pictures import take_notices

PICTURES: Final = ROOT / "docs" / "pictures"
WIDTHS: Final = {"phone": (390, 844), "desk": (1280, 900)}
COLOURS: Final = 128
"""A page has few: with so many, a picture takes a third of the space and looks the same."""
CUSTOMER: Final = "ana@harbourcafe.example"
AGENT: Final = "nadia@tynewharf.example"
OFFICE_PAGES = (
    "worklist?whose=all",
    "worklist/ranking",
    "approvals",
    "practice",
    "accounts",
    "assignments",
    "bulk/new?account=21&account=22",
    "payments",
    "refunds",
    "disputes",
    "chargebacks",
    "evidence",
    "bank",
    "bank/sure",
    "bank/statements",
    "receipts",
    "clearing",
    "collections",
    "credit-applications",
    "credit-holds",
    "notices",
    "promises",
    "plans",
    "settlements",
    "handoffs",
    "partners",
    "reports/behaviour",
    "policies",
    "policies/acceptances",
    "rates",
    "reports",
    "reports/ageing",
    "reports/cash",
    "reports/schedules",
    "audit",
    "settings",
    "staff",
    "permissions",
    "inbox",
    "imports",
)


def main(given: Path | None) -> None:
    """Take every picture, from a demo made for the purpose, or from the data that lie in `given`."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        take_notices(browser, PICTURES)
        take_agreements(PICTURES)
    with home(given) as folder, demo(folder) as here, chromium() as browser:
        take_evidence(folder, PICTURES)
        for width in WIDTHS:
            _portal(browser, here, width)
            _office(browser, here, width)
            _partners(browser, here, width)
    for picture in PICTURES.glob("*.png"):
        _press(picture)


def _portal(browser: Browser, here: Demo, width: str) -> None:
    page = _page(browser, width)
    page.goto(f"{here.portal}/sign-in")
    _shoot(page, "sign-in", width)
    account = here.customer(page, CUSTOMER)
    _shoot(page, "home", width)
    page.goto(f"{account}/invoices")
    _shoot(page, "invoices", width)
    page.locator("main table a[href*='/invoices/']").first.click()
    _shoot(page, "invoice", width)
    page.goto(f"{account}/statement")
    _shoot(page, "statement", width)
    page.goto(f"{account}/payments")
    _shoot(page, "payments", width)
    page.locator("main table a[href*='/payments/']").first.click()
    _shoot(page, "receipt", width)
    page.goto(f"{account}/terms")
    _shoot(page, "terms", width)
    page.goto(f"{account}/disputes")
    page.locator("main a[href*='/disputes/']").first.click()
    _shoot(page, "dispute", width)
    page.goto(f"{account}/apply-for-credit")
    _shoot(page, "apply-for-credit", width)
    page.goto(f"{account}/evidence")
    _shoot(page, "evidence", width)
    page.goto(f"{account}/ways-to-pay")
    _shoot(page, "ways-to-pay", width)
    page.goto(f"{account}/autopay")
    _shoot(page, "autopay", width)
    page.goto(account)
    page.locator("form.balance__pay button").click()
    _shoot(page, "pay", width)
    page.goto(here.mail)
    _shoot(page, "mail", width)
    page.context.close()


def _office(browser: Browser, here: Demo, width: str) -> None:
    page = _page(browser, width)
    here.officer(page)
    for name in OFFICE_PAGES:
        answer = page.goto(f"{here.office}/{name}")
        assert answer is not None
        assert answer.ok, (answer.status, name)
        _shoot(page, f"office-{name.partition('?')[0].replace('/', '-')}", width)
    for name in ("chargebacks", "refunds", "bank", "disputes", "credit-applications", "evidence", "approvals"):
        page.goto(f"{here.office}/{name}")
        page.locator(f"main :is(tbody, li, article) a[href^='/{name}/']").first.click()
        _shoot(page, f"office-{name.removesuffix('s')}-one", width)
    page.goto(f"{here.office}/accounts?q=Harbour")
    if "/accounts?" in page.url:
        page.locator("main tbody a[href^='/accounts/']").first.click()
    _shoot(page, "office-account", width)
    account = page.url
    for name in ("terms", "credit-limit", "behaviour", "stops"):
        page.goto(f"{account}/{name}")
        _shoot(page, f"office-account-{name}", width)
    page.goto(f"{here.office}/search?q=harbour")
    _shoot(page, "office-search", width)
    page.goto(f"{here.office}/policies")
    page.get_by_role("link", name="Trade terms").first.click()
    _shoot(page, "office-policy", width)
    page.goto(f"{page.url}/review")
    _shoot(page, "office-policy-review", width)
    page.context.close()


def _partners(browser: Browser, here: Demo, width: str) -> None:
    page = _page(browser, width)
    here.partner(page, AGENT)
    _shoot(page, "partners", width)
    page.locator("main a[href*='/placements/']").first.click()
    _shoot(page, "partners-placement", width)
    page.goto(f"{here.partners}/remittances")
    _shoot(page, "partners-remittances", width)
    page.context.close()


def _page(browser: Browser, width: str) -> Page:
    across, down = WIDTHS[width]
    scale = 2 if width == "phone" else 1
    context = browser.new_context(
        viewport={"width": across, "height": down},
        device_scale_factor=scale,
        locale="en-GB",
        timezone_id="Europe/London",
    )
    return context.new_page()


def _shoot(page: Page, name: str, width: str) -> None:
    page.wait_for_load_state()
    page.screenshot(path=PICTURES / f"{name}-{width}.png")


def _press(picture: Path) -> None:
    """Write the picture anew with only as many colours as it needs."""
    with Image.open(picture) as drawn:
        few = drawn.convert("RGB").quantize(COLOURS)
    pressed = BytesIO()
    few.save(pressed, "PNG", optimize=True)
    if pressed.tell() < picture.stat().st_size:
        picture.write_bytes(pressed.getvalue())


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else None)
