"""Package web.agreement."""
