"""Saved methods: cards and bank accounts that a payer lets us keep at the processor, and with whose consent."""
