"""Evidence: what is proven about an account, sealed into one file that anybody can verify without us."""
