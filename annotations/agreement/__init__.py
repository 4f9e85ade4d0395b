"""The agreement of people who annotated the same debates blind."""
