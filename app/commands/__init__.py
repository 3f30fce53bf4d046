"""The `quittance` command's groups, one file each."""
