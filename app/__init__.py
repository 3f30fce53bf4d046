"""The composition root: settings, wiring, the worker and the `quittance` command; nothing else imports it."""
