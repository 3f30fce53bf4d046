"""Chromium for the browser tests: one already here, Debian's package as root, or its files unpacked without root."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from scripts.steps import CACHE, ROOT, StepFailed, run

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
FONTS = ("fonts-dejavu-core", "fonts-liberation")
HOME = CACHE / "chromium"
UNPACKED = HOME / "root"
STEP = "chromium"
START_SECONDS = 60

FONTS_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>/usr/share/fonts</dir><dir>{root}/usr/share/fonts</dir><cachedir>{root}/font-cache</cachedir></fontconfig>
"""
WRAPPER = """#!/bin/sh
export LD_LIBRARY_PATH="{libraries}" FONTCONFIG_FILE="{root}/fonts.conf"
exec "{root}/usr/lib/chromium/chromium" "$@"
"""


def find_or_install(note: Path) -> None:
    """Find a Chromium that really starts, installing one if need be, and write its path into `note`."""
    ways: tuple[Callable[[], Path | None], ...] = (_already_here, _by_package, _unpacked_package, _by_playwright)
    tried = []
    for way in ways:
        try:
            executable = way()
            if executable is None:
                continue
            _prove(executable)
        except StepFailed as problem:
            tried.append(f"{way.__name__.strip('_').replace('_', ' ')}: {problem}")
            continue
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(f"{executable}\n")
        return
    raise StepFailed("no Chromium could be found or installed:\n    " + "\n    ".join(tried))


def _already_here() -> Path | None:
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    return Path(found) if found else None


def _by_package() -> Path | None:
    """Debian's package; the lists are fetched anew once, as a fresh machine has none or old ones."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    install = ["apt-get", "install", "-q", "-y", "--no-install-recommends", "chromium", *FONTS]
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        run(STEP, install, env=quiet)
    except StepFailed:
        run(STEP, ["apt-get", "update", "-q"], env=quiet)
        run(STEP, install, env=quiet)
    return _already_here()


def _unpacked_package() -> Path | None:
    """The same package and what it leans on, unpacked into our own folder with apt's state kept there too."""
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        return None
    state, archives = HOME / "apt" / "state", HOME / "apt" / "cache"
    for folder in (state / "lists" / "partial", archives / "archives" / "partial"):
        folder.mkdir(parents=True, exist_ok=True)
    apt: list[str | Path] = ["apt-get", "-q", "-o", f"Dir::State={state}", "-o", f"Dir::Cache={archives}"]
    apt += ["-o", "Dir::State::status=/var/lib/dpkg/status", "-o", "Debug::NoLocking=1"]
    run(STEP, [*apt, "update"])
    run(STEP, [*apt, "install", "-y", "--no-install-recommends", "--download-only", "chromium", *FONTS])
    shutil.rmtree(UNPACKED, ignore_errors=True)
    for package in sorted((archives / "archives").glob("*.deb")):
        if not package.name.startswith("libc6_"):  # the machine's own loader wants its own C library
            run(STEP, ["dpkg-deb", "-x", package, UNPACKED])
    shutil.rmtree(HOME / "apt")
    return _wrapper()


def _wrapper() -> Path:
    """A command that starts the unpacked browser with the libraries and fonts beside it."""
    multiarch = f"{platform.machine()}-linux-gnu"
    folders = [UNPACKED / top / multiarch for top in ("usr/lib", "lib")]
    folders += [path for path in (UNPACKED / "usr/lib" / multiarch).glob("*") if path.is_dir()]
    (UNPACKED / "fonts.conf").write_text(FONTS_CONF.format(root=UNPACKED))
    command = HOME / "chromium"
    command.write_text(WRAPPER.format(root=UNPACKED, libraries=":".join(map(str, folders))))
    command.chmod(0o755)
    return command


def _by_playwright() -> Path | None:
    """Playwright's own download, for machines without apt."""
    folder = {"PLAYWRIGHT_BROWSERS_PATH": str(HOME / "playwright")}
    run(STEP, [ROOT / ".venv" / "bin" / "playwright", "install", "chromium"], env=folder)
    found = sorted((HOME / "playwright").glob("chromium-*/*/chrome"))
    return found[-1] if found else None


def _prove(executable: Path) -> None:
    """Start it once; what cannot show an empty page is no browser."""
    command = [str(executable), "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", "about:blank"]
    try:
        shown = subprocess.run(command, capture_output=True, timeout=START_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise StepFailed(f"{executable} does not start: {problem}") from problem
    if b"<html" not in shown.stdout:
        raise StepFailed(f"{executable} does not start: {shown.stderr.decode(errors='replace')[-500:]}")
