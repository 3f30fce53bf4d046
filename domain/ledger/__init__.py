"""The ledger: chart of accounts, balanced entries in hash-chained streams, balances, seals and their checks."""
