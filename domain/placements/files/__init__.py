"""Files: the published file of placements, and of a partner's updates to them; docs/placement-file.md is its manual."""
