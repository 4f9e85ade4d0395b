"""Package web.runs."""
