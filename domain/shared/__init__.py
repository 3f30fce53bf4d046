"""What every package of the domain leans on: money, time, ids, refusals, actors and the database."""
