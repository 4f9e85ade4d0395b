"""Package web.verify."""
