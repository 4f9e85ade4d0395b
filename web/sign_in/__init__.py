"""Package web.sign_in."""
