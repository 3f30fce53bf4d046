"""Finding: one question over everything that the back office has, answered in groups, the best first."""
