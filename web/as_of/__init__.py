"""Package web.as_of."""
