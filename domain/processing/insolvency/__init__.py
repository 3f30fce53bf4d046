"""Insolvency across packages: the freeze and its end, what we claim, and dividends that come."""
