"""Banking: what bank statements show, and what each of their lines most likely is."""
