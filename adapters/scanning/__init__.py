"""Scanning: who looks for viruses in what people send."""
