"""Addresses of the specimens that many tests go to."""

DEBATE = "/debate/d-2008-06-22c-101-3"
SPEECH = "d-2008-06-22c-101-5"
AT = f"/speech/{SPEECH}/moment"
FILM = "https://media.example/sitting.webm"
