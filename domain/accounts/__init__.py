"""Accounts: one customer's receivable relationship with us, the people on it, and the logins that may see it."""
