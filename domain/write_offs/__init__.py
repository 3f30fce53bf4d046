"""Write-offs: what is given up for the books alone, or for good, and what comes in all the same."""
