"""Package web.guidance."""
