"""Approvals: what is more than somebody may decide alone is kept as a request, and done once a second person agrees."""
