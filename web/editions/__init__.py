"""The pages of the editions of a speech and of the changes to a debate."""
