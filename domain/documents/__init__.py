"""Documents: immutable files by their content, and who may fetch them."""
