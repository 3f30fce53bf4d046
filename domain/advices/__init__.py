"""Advices: what payers tell us beforehand of a transfer, so that it settles what they mean."""
