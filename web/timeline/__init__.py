"""Package web.timeline."""
