"""The page /undo: take back journal entries of your own."""
