"""Uploads: the files that came with a form, and what handlers need to take them in."""

from __future__ import annotations

from collections.abc import Sequence

from litestar.di import NamedDependency

from domain.documents.intake import Intake
from domain.documents.kinds import LARGEST
from web.forms import AROUND_A_FILE, Form, Upload

MOST_TOGETHER = 5 * LARGEST
"""Bytes of all the files of one form: ten photographs of a telephone."""
MOST_SENT = MOST_TOGETHER + AROUND_A_FILE
"""Bytes of a form with files: what is too large is refused beside its field, and what was typed is kept."""

GivenIntake = NamedDependency[Intake]
"""How a handler asks for what takes files in: `intake: GivenIntake`."""


def sent_files(form: Form, name: str) -> Sequence[Upload]:
    """The files that were chosen in a field, in their order; none where it was left empty.

    More than are taken at once are handed on as they are: `Intake.take_all` refuses them in words.
    """
    return form.uploads(name)
