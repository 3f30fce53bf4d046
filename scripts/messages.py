"""Messages: collect every text for people from code and templates, and bring the catalogs in web/locale up to date."""

import subprocess
import sys
from pathlib import Path

from scripts.steps import CACHE, ROOT

PYBABEL = str(Path(sys.prefix) / "bin" / "pybabel")
TEMPLATE = str(CACHE / "quittance.pot")
CATALOGS = ["-i", TEMPLATE, "-d", "web/locale", "-D", "quittance"]


def main() -> None:
    """Extract, then merge into each catalog; what is new has an empty translation until somebody writes it."""
    extract = ["extract", "-F", "pyproject.toml", "-k", "N_", "-k", "NN_:1,2", "--no-location", "--sort-output"]
    _pybabel(*extract, "--omit-header", "-o", TEMPLATE, ".")
    _pybabel("update", *CATALOGS, "--no-fuzzy-matching", "--no-wrap", "--omit-header", "--ignore-obsolete")


def _pybabel(*words: str) -> None:
    subprocess.run([PYBABEL, *words], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
