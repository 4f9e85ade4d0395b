"""Package web.moments."""
