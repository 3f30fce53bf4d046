"""OpenID: the house's identity provider, asked over HTTPS."""
