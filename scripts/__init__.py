"""What `make` runs: setting up a machine, building what the sites serve, and the house's chores."""
