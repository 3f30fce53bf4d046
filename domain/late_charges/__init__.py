"""Late charges: interest and recovery costs of what is overdue, charged by the terms, with their working; waivers."""
