"""Package web.middleware."""
