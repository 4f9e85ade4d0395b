"""Package web.debates."""
