"""Credit: who gets how much of it: applications, checks, limits, exposure, and holds on new credit."""
