"""Mailbox: the demo's page of sent mail, on this machine only; in English, like the simulator's pages."""
