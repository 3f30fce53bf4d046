"""The customers' site: their invoices, statements and payments."""
