"""Receipts: cheques, cash and transfers, recorded by staff or found at the bank; banked, or returned."""
