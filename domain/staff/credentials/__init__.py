"""Credentials: passkeys, recovery codes, other houses' sign-in, and invitations to join."""
