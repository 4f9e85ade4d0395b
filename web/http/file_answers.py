"""Answers that are files: texts, JSON and CSV, each with its media type and a name to be saved under."""

import json
import re
from collections.abc import Iterable, Mapping

from db.csv_cells import write_csv
from web.http.datasette_types import Response
from web.http.pages import CACHE_MINUTE

UNSAFE = re.compile(r"[^A-Za-z0-9-]+")


def send_json(data: object, name: str) -> Response:
    """Send data as JSON, which a browser shows."""
    return send_text(write_json(data), "application/json; charset=utf-8", f"{name}.json", shown=True)


def write_json(data: object, levels: int = 2) -> str:
    """Write JSON with each member, and each item of a list in it, on a line of its own.

    So people can read it, and all but the first levels are written by the encoder in C, which knows no indents.

    >>> print(write_json({"title": "Tides", "rows": [{"day": 1}, {"day": 2}], "none": []}))
    {
    "title": "Tides",
    "rows": [
    {"day": 1},
    {"day": 2}
    ],
    "none": []
    }
    """
    if levels and data and isinstance(data, dict):
        members = (
            f"{json.dumps(str(key), ensure_ascii=False)}: {write_json(value, levels - 1)}"
            for key, value in data.items()
        )
        return "{\n" + ",\n".join(members) + "\n}"
    if levels and data and isinstance(data, list | tuple):
        return "[\n" + ",\n".join(write_json(item, 0) for item in data) + "\n]"
    return json.dumps(data, ensure_ascii=False)


def send_csv(columns: Iterable[str], rows: Iterable[Mapping[str, object]], name: str) -> Response:
    """Send rows as CSV with a heading, guarded so that no spreadsheet takes a cell for a formula."""
    columns = list(columns)
    text = write_csv([columns, *([row.get(column) for column in columns] for row in rows)])
    return send_text(text, "text/csv; charset=utf-8", f"{name}.csv")


def send_text(text: str, media: str, name: str, shown: bool = False) -> Response:
    """Send a text as a file to be saved, or to be `shown` by a browser."""
    stem, _, ending = name.rpartition(".")
    safe = f"{UNSAFE.sub('-', stem)[:80] or 'file'}.{ending}"
    headers = {**CACHE_MINUTE, "Content-Disposition": f'{"inline" if shown else "attachment"}; filename="{safe}"'}
    return Response(text, headers=headers, content_type=media)
