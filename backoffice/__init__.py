"""The staff's site: accounts, payments, what the processor told us, tasks, imports, and who works here."""
