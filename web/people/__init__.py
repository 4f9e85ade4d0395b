"""Package web.people."""
