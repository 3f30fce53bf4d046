"""ZIPs: what reading one that is broken, or was made to do harm, may raise."""

from __future__ import annotations

import zlib
from zipfile import BadZipFile, LargeZipFile

UNREADABLE = (BadZipFile, LargeZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)
"""What opening a ZIP, or reading a file in it, may raise; a name that is no UTF-8 is a ValueError."""
