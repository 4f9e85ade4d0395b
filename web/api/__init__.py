"""The page /api and the OpenAPI description: every address at which a program reads or writes."""
