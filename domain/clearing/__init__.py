"""Clearing: our balance at the payment processor, movement by movement, and whether it all adds up."""
