"""Bank: what lines of a bank statement are, suggested, decided by somebody, and booked once."""
