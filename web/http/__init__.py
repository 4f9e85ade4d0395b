"""Package web.http."""
