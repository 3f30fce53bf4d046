"""Filenames: harmless, whatever was given."""

import pytest

from domain.shared.filenames import safe_name


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("statement.pdf", "statement.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ana\\list.csv", "list.csv"),
        ("a\r\nSet-Cookie: x.csv", "aSet-Cookie x.csv"),
        ("\u202efdp.exe", "fdp.exe"),
        ('"><script>.pdf', "script.pdf"),
        ("Notice of 27\u00a0Nov\u202f2026.pdf", "Notice of 27 Nov 2026.pdf"),
        ("..", "file"),
        ("", "file"),
        ("Café menú.pdf", "Café menú.pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("y" * 300, "y" * 120),
    ],
)
def test_a_download_has_a_harmless_name(given: str, safe: str) -> None:
    assert safe_name(given) == safe
