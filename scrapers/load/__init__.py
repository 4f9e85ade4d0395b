"""Loading: from the responses in archive.db to the days in statements.db."""
