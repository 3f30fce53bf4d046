"""Bank files: reads what banks hand out (CAMT.053, MT940, OFX, tables) into the values that banking knows."""
