"""Scale: every page of both sites over the books of 100,000 customers with 1,000,000 invoices."""
