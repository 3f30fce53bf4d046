"""The audit trail: who did what to what, when and from where; only ever added to, and sealed with the ledger."""
