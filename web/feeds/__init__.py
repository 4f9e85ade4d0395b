"""Package web.feeds."""
