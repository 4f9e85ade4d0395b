"""Package web.log."""
