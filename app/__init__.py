"""The composition root: puts domain, adapters and sites together, and is imported by nobody."""
