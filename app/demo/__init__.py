"""Demo: a believable company on this machine, told through the use cases, and everything that serves it."""
