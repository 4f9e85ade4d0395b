"""Accounts, sessions and tokens, in a database of their own that is never served."""
