"""Package web.tables."""
