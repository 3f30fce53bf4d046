"""Reporting: the figures by which a receivables ledger is judged, and what the command line and the API say of them."""
