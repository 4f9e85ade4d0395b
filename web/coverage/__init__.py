"""The page /coverage: quotes counted by point of guidance."""
