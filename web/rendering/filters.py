"""Template filters for dates, times, numbers and addresses, and the names that every template knows."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from datasette.utils import path_with_added_args
from jinja2 import ChoiceLoader, FileSystemLoader

from db.citation import format_date
from db.gid import make_fragment
from db.records.source import LICENCE, LICENCE_URL
from web.rendering.citation_formats import cite_debate, cite_person, cite_speech, write_lines
from web.rendering.initials import write_initials
from web.rendering.markdown import render_markdown
from web.rendering.page_head import describe_page
from web.rendering.parties import find_party, strip_article
from web.rendering.redline import render_redline
from web.rendering.table_rows import put_first, render_rows
from web.rendering.wording import format_count, format_number, format_time
from web.urls import STATIC, add_prefix, hash_static_file, path_for, url_for

HOUSES = {"commons": "Commons", "lords": "Lords"}
KINDS = {
    "debates": "Commons Chamber",
    "westminhall": "Westminster Hall",
    "wrans": "Commons written answers",
    "wms": "Commons written statements",
    "lordspages": "Lords Chamber",
    "lordswrans": "Lords written answers",
    "lordswms": "Lords written statements",
    "standing": "Public bill committees",
    "grandcommittee": "Lords Grand Committee",
    "petitions": "Petitions",
    "corrections": "Corrections",
}
PACKAGE = Path(__file__).parents[1]
TEMPLATE_FOLDERS = (PACKAGE / "layout", PACKAGE / "tables", PACKAGE)
WEB = re.compile(r"https?://(?:www\.)?([^/?#\s]+)", re.IGNORECASE)
READINGS = {"said": "said", "implied": "implied", "contradicts": "contradicted"}


def prepare_templates(env: Any, template_dir: str | None = None, prefix: str = "", notice: str = "") -> None:
    """Add our templates, filters and names; templates of the operator's folder go before ours, Datasette's after.

    `notice` is a line for every page, such as "Demo: a fictional House".
    """
    folders = [*([template_dir] if template_dir else []), *map(str, TEMPLATE_FOLDERS)]
    env.loader = ChoiceLoader([FileSystemLoader(folders), env.loader])
    env.filters.update(
        written=format_date,
        clock=format_time,
        number=format_number,
        plural=format_count,
        query=build_query,
        host=find_host,
        web=is_web_address,
        put_first=put_first,
        table_rows=render_rows,
    )
    env.filters.update(citation_lines=write_lines)
    env.filters.update(anchor=make_fragment, redline=render_redline, prose=render_markdown)
    env.filters.update(party=find_party, office=strip_article, initials=write_initials)
    env.globals.update(
        {
            "KINDS": KINDS,
            "HOUSES": HOUSES,
            "READINGS": READINGS,
            "LICENCE": LICENCE,
            "LICENCE_URL": LICENCE_URL,
            "notice": notice,
            "url_for": url_for,
            "path_for": path_for,
            "add_prefix": add_prefix,
            "cite_debate": cite_debate,
            "cite_speech": cite_speech,
            "cite_person": cite_person,
            "describe_page": describe_page,
            "path_with_added_args": path_with_added_args,
            **{path.name.replace(".", "_"): build_static_address(path, prefix) for path in STATIC.glob("*.*")},
        }
    )


def build_static_address(path: Path, prefix: str) -> str:
    """Return the address of a static file, with its hash."""
    return f"{prefix}{path_for('static', file=path.name)}?{hash_static_file(path)}"


def build_query(values: dict[str, object], **changed: object) -> str:
    """Write a query string of the values that are not empty, some of them changed."""
    return "?" + urlencode({key: value for key, value in {**values, **changed}.items() if value})


def find_host(address: str) -> str:
    """Return the site of an address, without www."""
    return match[1] if (match := WEB.match(address)) else ""


def is_web_address(address: str | None) -> bool:
    """Return True if a link may lead to an address from the record: http or https, and no script."""
    return bool(WEB.match(address or ""))
