"""Brought: what each step of collecting brought and cost: promises, reminders, discounts, stages of recovery."""
