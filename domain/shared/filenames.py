"""Filenames: what a download may be called."""

import unicodedata

LONGEST = 120
LONGEST_ENDING = 10


def safe_name(given: str) -> str:
    """`given` without folders, invisible characters or what file systems stumble over; never long, never empty.

    Spaces of every kind, such as the ones between the parts of a date, become plain ones.
    """
    name = unicodedata.normalize("NFC", given).replace("\\", "/").rpartition("/")[2]
    name = "".join(" " if unicodedata.category(letter) == "Zs" else letter for letter in name)
    name = "".join(letter for letter in name if letter.isprintable() and letter not in '<>:"|?*').strip(" .")
    if len(name) > LONGEST:
        stem, dot, ending = name.rpartition(".")
        kept = dot + ending if stem and len(ending) <= LONGEST_ENDING else ""
        name = name[: LONGEST - len(kept)] + kept
    return name or "file"
