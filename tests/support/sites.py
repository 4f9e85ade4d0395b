"""The site as tests set it up: as `make serve` does, in process."""

from collections.abc import Mapping
from pathlib import Path
from types import CodeType
from typing import Any

from datasette.app import Datasette
from jinja2.bccache import Bucket, BytecodeCache

from web import serve


class CompiledTemplates(BytecodeCache):
    """Compiled templates by their sources, so that a template is compiled once and not once for each test's site."""

    def __init__(self) -> None:
        self._compiled: dict[tuple[str, str, bool], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._compiled.get(key(bucket))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._compiled[key(bucket)] = bucket.code


def key(bucket: Bucket) -> tuple[str, str, bool]:
    """Return what the code of a template depends on: name, source, and whether it is rendered asynchronously."""
    return bucket.key, bucket.checksum, bucket.environment.is_async


TEMPLATES = CompiledTemplates()


PATIENT = {"sql_time_limit_ms": 20_000, "facet_time_limit_ms": 20_000}  # on a machine that does much besides


def open_site(*databases: Path, metadata: Mapping[str, Any] | None = None, **settings: object) -> Datasette:
    """Open the whole site over databases, in process; `metadata` is the operator's, before the site's own."""
    datasette = serve.open_site(*databases, metadata=metadata, **{**PATIENT, **settings})
    datasette.jinja_env.bytecode_cache = TEMPLATES
    return datasette
