"""Inbox: what the outside told us, kept until it has been understood."""
