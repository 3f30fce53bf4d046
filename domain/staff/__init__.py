"""Staff: who works in the back office, their roles and secrets."""
