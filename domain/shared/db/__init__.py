"""The database: declarative base and types, engines, triggers that guard rows, claims of work, and sessions."""
