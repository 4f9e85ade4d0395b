"""Package web.annotate."""
