"""The page /agreement: how far blind annotators agree."""
