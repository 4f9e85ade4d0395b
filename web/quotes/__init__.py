"""Package web.quotes."""
