"""API: what other systems ask us, over HTTP and JSON, each with a key of its own."""
