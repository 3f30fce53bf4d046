"""Reviewing: what a policy's steps, discounts, plans and partners brought and cost in a quarter, in one place."""
