"""The page /me: what a signed-in person wrote, and what others replied; for that person alone."""
