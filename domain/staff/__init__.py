"""Staff: who works in the back office, their roles, secrets and authority."""
