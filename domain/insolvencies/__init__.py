"""Insolvencies: proceedings about a debtor, the claims proved in them, and the dividends they pay."""
