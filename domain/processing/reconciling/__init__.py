"""Reconciling: whatever the processor holds is brought to what it says of it now; nothing else posts its money."""
