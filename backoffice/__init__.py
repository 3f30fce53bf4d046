"""The staff's site: accounts, payments, the Stripe inbox, tasks and imports."""
