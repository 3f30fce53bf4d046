"""The business: plain Python and SQLAlchemy, without web, Stripe or templates."""
