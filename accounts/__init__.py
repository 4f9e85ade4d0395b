"""Who may do what: accounts, sessions and tokens, in a database of their own that is never served."""
