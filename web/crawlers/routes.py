"""Routes for crawlers: /sitemap.xml, its line in /robots.txt, and /llms.txt."""

from db.records.source import LICENCE, LICENCE_URL
from web.crawlers import sitemap
from web.guidance import queries as guidance
from web.home import queries as summary
from web.http.datasette_types import Datasette, Request, Response
from web.http.pages import CACHE_MINUTE, render_missing
from web.http.reading import read_today
from web.http.site_url import find_base_url
from web.urls import path_for, url_for

XML = "application/xml; charset=utf-8"
TITLE = "Dispatch Box"
LEAD = """> What was said in the UK Parliament on a topic, what guidance says, and which quotes are about which point.
> Quotes are verbatim and checked against the record; every note says who wrote it."""


def make_robots_lines(datasette: Datasette, request: Request) -> list[str]:
    """Name the sitemap in /robots.txt, unless the whole site is closed to robots."""
    closed = (datasette.plugin_config("datasette-block-robots") or {}).get("disallow", "/")
    if "/" in ([closed] if isinstance(closed, str) else closed):
        return []
    return [f"Sitemap: {find_base_url(request)}{path_for('sitemap')}"]


async def show_sitemap(datasette: Datasette, request: Request) -> Response:
    """Answer with the sitemap, or with an index of sitemaps if one cannot hold every page."""
    part = request.url_vars.get("number")
    base = find_base_url(request)
    count, found = await read_today(datasette, lambda conn: sitemap.read_sitemap(conn, int(part) if part else None))
    if part is None and count > 1:
        index = [{"path": path_for("sitemap_part", number=n), "changed": None} for n in range(1, count + 1)]
        return Response(sitemap.write_sitemap("sitemapindex", index, base), headers=CACHE_MINUTE, content_type=XML)
    if not found:
        return await render_missing(datasette, request, request.path, f"The sitemap begins at {url_for('sitemap')}.")
    return Response(sitemap.write_sitemap("urlset", found, base), headers=CACHE_MINUTE, content_type=XML)


async def show_llms_text(datasette: Datasette, request: Request) -> Response:
    """Answer with /llms.txt (llmstxt.org): what this site is and where its parts are, as Markdown."""
    topics, documents = await read_today(
        datasette, lambda conn: (summary.read_topic_counts(conn), guidance.read_documents(conn))
    )

    def link(title: str, path: str, about: str) -> str:
        plain = " ".join(title.replace("[", "(").replace("]", ")").split())
        return f"- [{plain}]({find_base_url(request)}{path}): {' '.join(about.split())}"

    named = [f"{' '.join(t['title'].split())}: {t['mentions']} mentions in {t['debates']} debates" for t in topics]
    lines = [
        *(f"# {TITLE}", "", LEAD, "", *named, "", "## The record", ""),
        link(
            "Debates", path_for("debates"), "by date, house, kind and topic; a debate holds every word of its speeches"
        ),
        link("Search", path_for("search"), "words that were said, with ?q="),
        link("People", path_for("people"), "who spoke, and what each said, by point of guidance"),
        *("", "## Guidance", ""),
        link("Coverage", path_for("coverage"), "how many quotes are about each point, by month or by speaker"),
        *(link(d["title"], path_for("document", id=d["id"]), f"{d['author']}, {d['published']}") for d in documents),
        *("", "## For programs", ""),
        link("API", path_for("api"), "everything as data, with examples"),
        link("OpenAPI", path_for("openapi"), "the API as OpenAPI"),
        link("Feeds", path_for("feeds"), "what is new, as Atom"),
        *("", "## Licence", "", f"{LICENCE} {LICENCE_URL}", ""),
    ]
    return Response.text("\n".join(lines), headers=CACHE_MINUTE)
