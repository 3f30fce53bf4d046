"""Notes: what staff write down about an account, whom they mention, and the tags they give it."""
