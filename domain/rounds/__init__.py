"""Rounds: one person pays for several accounts in one sitting, one payment each, from a list that is kept."""
