"""Package web.editions."""
