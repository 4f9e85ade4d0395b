"""Datasette plugins of others beside ours: small ones in the shapes of those that docs/serving.md names."""

import pytest
from datasette import Response, hookimpl
from datasette.plugins import pm

from tests.support.sites import open_site

SQL = "select kind, count(*) as n from speeches group by kind order by kind"
SCRIPT = "document.title = 'of a plugin'"


class FeedPlugin:
    """Renders rows as text, read by name and by index, as datasette-atom and datasette-copyable do."""

    __name__ = "feed_plugin"

    @hookimpl
    def register_output_renderer(self, datasette):
        def render(columns, rows):
            lines = [f"{row['kind']} {row[-1]} {dict(row)['kind']} {len(tuple(row))}" for row in rows]
            return Response.text("\n".join([*(",".join(row.keys()) for row in rows[:1]), *lines]))

        return {"extension": "feed", "render": render, "can_render": lambda columns: "kind" in columns}


class ChartPlugin:
    """Adds its own script and style to every page, as datasette-vega does, and a script within the page."""

    __name__ = "chart_plugin"

    @hookimpl
    def extra_js_urls(self):
        return [{"url": "/-/static-plugins/chart/chart.js", "module": True}]

    @hookimpl
    def extra_css_urls(self):
        return ["/-/static-plugins/chart/chart.css"]

    @hookimpl
    def extra_body_script(self):
        return SCRIPT


class SearchPlugin:
    """Has a page of its own that asks our database, and a link to it in the menu, as datasette-search-all does."""

    __name__ = "search_plugin"

    @hookimpl
    def register_routes(self):
        return [("/-/counts", self.show_counts)]

    async def show_counts(self, datasette, request):
        rows = await datasette.execute("statements", SQL)
        lines = [f"{row['kind']} {row[1]}" for row in rows]
        return Response.html("; ".join(lines) + await datasette.render_template("base.html", {}, request=request))

    @hookimpl
    def menu_links(self, datasette, request):
        async def find_links():
            return [{"href": datasette.urls.path("/-/counts"), "label": "Counts <of> a plugin"}] if request else []

        return find_links


@pytest.fixture
def beside(site_db):
    """Return a site with the plugins beside ours; they are gone after the test."""
    plugins = [FeedPlugin(), ChartPlugin(), SearchPlugin()]
    for plugin in plugins:
        pm.register(plugin)
    wider = {"/-/counts": {"script-src": ["'unsafe-inline'"]}}
    metadata = {
        "plugins": {"dispatch-box": {"content-security-policy": wider}},
        "databases": {"statements": {"queries": {"counts": SQL}}},
    }
    yield open_site(site_db, metadata=metadata)
    for plugin in plugins:
        pm.unregister(plugin)


@pytest.mark.parametrize("path", ["speeches.feed?_size=2&_col=kind", f".feed?sql={SQL}", "counts.feed"])
async def test_a_renderer_reads_rows_of_tables_visitors_and_canned_queries_by_name(beside, path):
    answer = await beside.client.get(f"/statements{path if path.startswith('.') else f'/{path}'}")
    assert answer.status_code == 200, answer.text
    columns, first, *_ = answer.text.splitlines()
    kind, last, again, number = first.split()
    assert "kind" in columns.split(",")
    assert len(columns.split(",")) == int(number) == 2
    assert (kind, bool(last)) == (again, True)


async def test_a_page_of_a_query_links_to_the_renderers_that_can_render_it(beside):
    assert "/statements.feed?sql=" in (await beside.client.get(f"/statements?sql={SQL}")).text
    assert "/statements.feed?sql=" not in (await beside.client.get("/statements?sql=select+1")).text


@pytest.mark.parametrize("path", ["/", "/debates", "/statements/speeches", "/sign-in"])
async def test_scripts_styles_and_menu_links_of_plugins_are_on_every_page(beside, path):
    page = (await beside.client.get(path)).text
    assert '<script type="module" src="/-/static-plugins/chart/chart.js">' in page
    assert 'href="/-/static-plugins/chart/chart.css"' in page
    assert '<a href="/-/counts">Counts &lt;of&gt; a plugin</a>' in page
    assert f"<script>{SCRIPT}</script>" in page


async def test_a_page_of_a_plugin_asks_our_database_and_has_its_own_policy(beside):
    answer = await beside.client.get("/-/counts")
    assert answer.text.startswith("answer 11; division 4; ")
    assert "script-src 'self' 'unsafe-inline'" in answer.headers["content-security-policy"]
    assert "unsafe" not in (await beside.client.get("/debates")).headers["content-security-policy"]
