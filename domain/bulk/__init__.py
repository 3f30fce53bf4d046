"""Bulk: one act on many accounts, looked at first, done one by one, with a result for each."""
