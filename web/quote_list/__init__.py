"""The page /quotes: the quotes that a figure counts, newest first."""
