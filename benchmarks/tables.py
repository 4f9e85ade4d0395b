"""Benchmark of Datasette's pages of tables: their CPU beside those of a stock Datasette with the same metadata."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from datasette.app import Datasette

from benchmarks.measures import BenchFolder, Measure
from benchmarks.pages import UNCACHED, measure_cpu
from web.http.site_metadata import read_metadata
from web.serve import SETTINGS, open_site

STOCK = "stock"  # a database of this name is none of the plugin's
ROUNDS = 3
TIMES_STOCK, MOST_TIMES = 2, 2.5  # the goal, and the limit
PAGES = (
    *("", "/debates", "/debates?_sort=id", "/speeches", "/speeches?_search=information", "/annotations", "/mentions"),
    *("/debates.json", "/debates.csv", "/speeches.json?_shape=array", "/guidance_points", "/runs"),
)


def measure_tables(folder: BenchFolder) -> Iterator[Measure]:
    """Yield the CPU of each kind of page of tables of statements.db, as a multiple of a stock Datasette's."""
    for page, ours, stock in asyncio.run(_measure_all(folder.statements)):
        name = f"table page /statements{page}, beside a stock Datasette"
        yield Measure(name=name, value=ours / stock, unit="times", goal=TIMES_STOCK, limit=MOST_TIMES)


def open_stock(database: Path, link: Path) -> Datasette:
    """Open a Datasette that the plugin leaves alone, on `link`, a link to the same file, with our settings."""
    link.symlink_to(database)
    metadata: dict[str, Any] = read_metadata()
    metadata["databases"][STOCK] = metadata["databases"].pop("statements")
    return Datasette([str(link)], metadata=metadata, settings=dict(SETTINGS))


async def _measure_all(database: Path) -> list[tuple[str, float, float]]:
    """Return each page, and the least CPU milliseconds of ours and of the stock one, measured in turn."""
    link = database.with_name(f"{STOCK}.db")
    link.unlink(missing_ok=True)
    found, sites = [], (open_site(database), open_stock(database, link))
    try:
        for site in sites:
            await site.invoke_startup()
        apps = [(app.app(), f"/{name}") for app, name in zip(sites, ("statements", STOCK), strict=True)]
        for page in PAGES:
            used = [[(await measure_cpu(app, path + page, UNCACHED))[0] for app, path in apps] for _ in range(ROUNDS)]
            ours, stock = (min(times) for times in zip(*used, strict=True))
            found.append((page, ours, stock))
    finally:
        link.unlink()
    return found
