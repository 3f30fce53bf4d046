"""Channels: the ways in which a notice travels; another way is another file here, and a line in `ways`."""
