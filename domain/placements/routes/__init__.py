"""Routes: what each way to go on with a debt is expected to bring, and which one was chosen."""
