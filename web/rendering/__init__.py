"""Package web.rendering."""
