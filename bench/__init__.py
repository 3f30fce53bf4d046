"""Side-by-side measurements: how much of the bare driver's speed is left once there is a house around it."""
