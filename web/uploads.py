"""Uploads: the files that came with a form, and what handlers need to take them in."""

from __future__ import annotations

from litestar.di import NamedDependency

from domain.documents.intake import Intake
from domain.documents.kinds import LARGEST
from web.forms import AROUND_A_FILE

MOST_TOGETHER = 5 * LARGEST
"""Bytes of all the files of one form: ten photographs of a telephone."""
MOST_SENT = MOST_TOGETHER + AROUND_A_FILE
"""Bytes of a form with files: what is too large is refused beside its field, and what was typed is kept."""

GivenIntake = NamedDependency[Intake]
"""How a handler asks for what takes files in: `intake: GivenIntake`."""
