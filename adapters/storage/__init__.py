"""Storage: where the bytes of documents lie."""
