"""Refunds: asked for and posted at once, sent or paid from the bank, and brought to their end."""
