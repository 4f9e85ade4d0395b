"""Package web.home."""
