"""Worklist: everything that waits for a person as one queue, the most worthwhile first, and why it is there."""
