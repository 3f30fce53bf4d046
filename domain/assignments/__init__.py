"""Assignments: who looks after which account: by rules, by hand, and who stands in for whom."""
