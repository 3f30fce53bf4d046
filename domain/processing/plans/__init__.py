"""What plans cross packages for: the interest that they bear, and signing with it."""
