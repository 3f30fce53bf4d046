"""The partners' site: what agencies and attorneys see of the debts that were handed to them, and tell us of them."""
