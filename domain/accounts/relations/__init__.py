"""Relations: who stands behind an account, and which other accounts belong to it."""
