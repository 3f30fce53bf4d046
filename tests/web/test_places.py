"""What the shells show of who is signed in."""

import pytest

from web.places import Who


@pytest.mark.parametrize(
    ("name", "initials"), [("Priya Raman", "PR"), ("priya", "P"), ("Ana de la Cruz", "AC"), ("", "?"), ("  ", "?")]
)
def test_initials_are_of_the_first_and_the_last_word(name: str, initials: str) -> None:
    assert Who(name, "Manager").initials == initials
