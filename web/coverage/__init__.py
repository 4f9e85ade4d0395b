"""Package web.coverage."""
