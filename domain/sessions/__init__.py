"""Sessions: signed-in browsers of either site, kept on the server."""
