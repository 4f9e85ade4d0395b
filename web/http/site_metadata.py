"""Metadata of the site and its tables: metadata.json, with the columns of schema.sql."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from db.statements.columns import read_column_descriptions

WEB = Path(__file__).resolve().parents[1]
FOLDERS = (WEB.parent, WEB)  # in a clone it is at the top, in an installed package inside this one
FACETS = ("allow", "facets", "facet_size")
Metadata = dict[str, Any]  # as in metadata.json
INHERITED = ("license", "license_url", "source", "source_url", "about", "about_url")


def read_metadata() -> Metadata:
    """Read metadata.json: titles, licence, facets, canned queries and the settings of the plugin."""
    path = next(path for folder in FOLDERS if (path := folder / "metadata.json").is_file())
    metadata: Metadata = json.loads(path.read_text(encoding="utf-8"))
    return metadata


def copy_metadata(prefix: str, key: str | None = None) -> dict[str, object]:
    """Copy the metadata of the site with the columns of every table; Datasette changes what it is given.

    With a `key`, copy only what Datasette looks up by it: it asks for a key dozens of times in a page, by copies of all
    that it is given. `prefix` goes before the site's own addresses.
    """
    return _copy_objects(_describe_site(prefix) if key in (None, "databases") else _select_key(prefix, str(key)))


@lru_cache(maxsize=128)
def _select_key(prefix: str, key: str) -> dict[str, object]:
    """Select what the site, its database and their tables have under a key."""
    site = _describe_site(prefix)
    [(name, ours)] = site["databases"].items()
    if key == "tables":  # asked for by facets, and by permissions, which are none of ours
        found = {table: _keep(values, *FACETS) for table, values in ours["tables"].items()}
        return {"databases": {name: {"tables": {table: values for table, values in found.items() if values}}}}
    tables = {table: _keep(values, key) for table, values in ours["tables"].items() if key in values}
    return {**_keep(site, key), "databases": {name: {**_keep(ours, key), "tables": tables}}}


def _keep(values: Mapping[str, object], *keys: str) -> dict[str, object]:
    return {key: values[key] for key in keys if key in values}


@lru_cache(maxsize=4)
def _describe_site(prefix: str) -> Metadata:
    """Add columns to each table of metadata.json, and to our database and its tables alone licence and source.

    Datasette looks at a table for those of a row, and gives what is at the top to all databases, somebody else's too.
    """
    metadata = read_metadata()
    _add_prefix(metadata, prefix)
    licence = {name: metadata.pop(name) for name in INHERITED}
    ours = metadata["databases"]["statements"]
    tables = ours["tables"]
    ours.update(licence)
    for table, columns in read_column_descriptions().items():
        tables[table] = {**licence, **tables.get(table, {}), "columns": dict(columns)}
    return metadata


def _add_prefix(metadata: Metadata, prefix: str) -> None:
    """Put the prefix of the site before its addresses: its own, those closed to robots, and those in descriptions."""
    metadata["about_url"] = prefix + metadata["about_url"]
    robots = metadata["plugins"]["datasette-block-robots"]
    robots["disallow"] = [prefix + path for path in robots["disallow"]]
    for query in metadata["databases"]["statements"]["queries"].values():
        query["description_html"] = query["description_html"].replace('href="/', f'href="{prefix}/')


def _copy_objects(value: Mapping[str, object]) -> dict[str, object]:
    return {key: _copy_objects(each) if isinstance(each, dict) else each for key, each in value.items()}
