"""Package web.review."""
