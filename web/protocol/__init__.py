"""Package web.protocol."""
