"""What is written to customers about their payment plans, as they are when it is about to go."""
