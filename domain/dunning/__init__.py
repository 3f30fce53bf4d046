"""Dunning: which notice is due for what, whether it is still true when it is decided, and who did not get one."""
