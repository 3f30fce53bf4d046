"""How the outside is reached: each module implements a port that the domain or a site declares."""
