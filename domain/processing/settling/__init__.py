"""Settling: what money that comes or goes does to offers to settle, and the letter that says that nothing is owed."""
