"""The page /q/<id>: one quote, its note and its citations."""
