"""Package web.api."""
