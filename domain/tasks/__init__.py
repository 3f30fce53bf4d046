"""Tasks: things that a person has to look at."""
