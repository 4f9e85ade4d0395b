"""Vectors of many texts, each worked out once: what embeddings.db knows is not worked out again."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from annotations.suggesters.embedding_model import MODEL_SHA256, SIZE, Embed, Vector
from db.embeddings import keep, known

Watched = Callable[[Sequence[str]], Iterable[str]]
BATCH = 200  # texts between two savings, so that what is interrupted goes on where it was


def vectors(conn: sqlite3.Connection, embed: Embed, texts: Sequence[str], watched: Watched = iter) -> Vector:
    """A row for each text; `watched` goes through those that are new, and may show how far it is."""
    stored = dict(zip(texts, known(conn, MODEL_SHA256, texts), strict=True))
    new: list[tuple[str, bytes]] = []
    for text in watched([text for text, vector in stored.items() if vector is None]):
        vector = embed(text).astype(np.float32).tobytes()
        stored[text] = vector
        new.append((text, vector))
        if len(new) == BATCH:
            keep(conn, MODEL_SHA256, new)
            new = []
    keep(conn, MODEL_SHA256, new)
    return np.frombuffer(b"".join(stored[text] or b"" for text in texts), np.float32).reshape(len(texts), SIZE)
