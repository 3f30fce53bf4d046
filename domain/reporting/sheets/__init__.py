"""Sheets: reports as plain values: how one is asked for, made, kept, written to files; and which ones there are."""
