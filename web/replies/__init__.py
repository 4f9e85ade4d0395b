"""Package web.replies."""
