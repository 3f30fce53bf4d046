"""What the worker does with each kind of outbox message and inbox event."""
