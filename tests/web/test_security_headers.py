"""What every answer says to browsers and proxies: what to refuse, what to keep, and what is turned away."""

import re

import pytest
from bs4 import BeautifulSoup

PAGES = [
    *("/", "/debate/d-2008-06-22c-101-3", "/nothing", "/healthz", "/static/dispatchbox.css", "/-/static/app.css"),
    *("/statements", "/statements/debates", "/statements/debates/d-2008-06-22c-101-3", "/statements/debates.json"),
    *("/statements?sql=select+1", "/statements/mentions_by_month", "/statements/debates.csv", "/-/metadata"),
]
STYLE = "/static/dispatchbox.css"


@pytest.fixture
def get(site):
    async def get(path, method="GET", **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await site.client.request(method, path, headers=named)

    return get


@pytest.mark.parametrize("path", PAGES)
async def test_every_answer_lets_browsers_run_and_show_only_what_this_site_serves(get, path):
    headers = (await get(path)).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert headers["cross-origin-opener-policy"] == "same-origin"


@pytest.mark.parametrize("path", [p for p in PAGES if not re.search("css|json|csv|healthz", p)])
async def test_no_page_holds_a_script_a_style_or_a_handler_or_asks_another_host(get, path):
    page = BeautifulSoup((await get(path)).text, "html.parser")
    assert not page.find("style")
    assert not page.find(style=True)
    inline = [script for script in page.find_all("script") if not script.get("src")]
    assert {script.get("type") for script in inline} <= {"application/ld+json"}  # data, which no browser runs
    assert not [tag for tag in page.find_all() for name in tag.attrs if name.startswith("on")]
    tags = page.find_all(["script", "link", "img", "source", "iframe"])
    sources = [tag.get("src") or tag.get("href") for tag in tags if tag not in inline]
    assert all(re.match(r"/(?!/)|http://localhost/", source) for source in sources), sources


@pytest.mark.parametrize(
    "path", ["/", "/debate/d-2008-06-22c-101-3", "/text/d-2008-06-22c-101-5", "/statements/debates"]
)
async def test_public_pages_are_cached_for_a_minute_and_not_sent_twice(get, path):
    first = await get(path)
    assert "max-age=" in first.headers["cache-control"]
    assert {"Cookie", "Authorization"} <= set(first.headers["vary"].split(", "))
    tag = first.headers["etag"]
    for asked in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = await get(path, If_None_Match=asked)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert again.headers["cache-control"] == first.headers["cache-control"]
    assert (await get(path, If_None_Match='"other"')).status_code == 200


@pytest.mark.parametrize("headers", [{"Cookie": "session=x"}, {"Authorization": "Bearer x"}])
async def test_private_pages_are_not_cached(get, headers):
    response = await get("/debates", **headers)
    assert response.headers["cache-control"] == "private, no-store"
    assert "etag" not in response.headers


async def test_static_files_are_cached_forever_with_their_hash_and_for_an_hour_without(get):
    page = BeautifulSoup((await get("/")).text, "html.parser")
    address = page.find("link", href=re.compile("dispatchbox.css"))["href"]
    assert (await get(address)).headers["cache-control"] == "public, max-age=31536000, immutable"
    for other in (STYLE, f"{STYLE}?00000000"):
        assert (await get(other)).headers["cache-control"] == "public, max-age=3600"
    assert "immutable" not in (await get("/static/nothing.css?x")).headers.get("cache-control", "")


async def test_streamed_rows_are_complete(get):
    whole, pieces = await get("/statements/speeches.csv?_size=max"), await get("/statements/speeches.csv?_stream=on")
    assert pieces.status_code == 200
    assert len(pieces.text.splitlines()) == len(whole.text.splitlines()) > 50


async def test_requests_that_are_too_large_without_length_or_not_ascii_are_refused(site, get):
    assert (await site.client.post("/sign-in", content=b"x" * 1_000_001)).status_code == 413

    async def endless():
        yield b"x"

    assert (await site.client.post("/sign-in", content=endless())).status_code == 411
    assert (await site.client.get("/", headers={b"cookie": "ds_csrftoken=é".encode()})).status_code == 400


@pytest.mark.parametrize("page", ["patterns", "allow-debug", "messages", "permissions", "threads"])
async def test_pages_that_debug_datasette_are_closed(get, page):
    assert (await get(f"/-/{page}")).status_code == 404
    assert (await get(f"/-/{page}", "POST")).status_code == 404


@pytest.mark.parametrize(
    ("sql", "status"),
    [
        ("delete from speeches", 400),
        ("attach 'x' as y", 400),
        ("select load_extension('x')", 400),
        ("with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n", 400),
        ("select writefile('x', 'y')", 400),
    ],
)
async def test_a_visitor_s_sql_only_reads_and_is_stopped(get, sql, status):
    assert (await get(f"/statements.json?_timelimit=100&sql={sql.replace('+', '%2B')}")).status_code == status


async def test_visitors_sql_returns_a_thousand_rows_at_most(get):
    rows = "with recursive n(i) as (select 1 union all select i %2B 1 from n limit 5000) select i from n"
    answer = (await get(f"/statements.json?sql={rows}")).json()
    assert (len(answer["rows"]), answer["truncated"]) == (1000, True)
