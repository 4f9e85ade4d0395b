"""Package web.search."""
