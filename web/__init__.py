"""What both sites share: rendering, forms, fragments, security, and the one function that assembles a site."""
