"""The page to sign in, and the actor of each request."""
