"""Trials: what a policy's draft would have done over a past period, beside what happened; nothing is written."""
