"""Package web.blind."""
