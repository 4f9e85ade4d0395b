"""Accounts, sessions and tokens, in accounts.db, which is never served."""
