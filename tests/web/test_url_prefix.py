"""The site under a path prefix: nothing leaves it, and everything answers there as at the root of a host."""

import ast
import re
from collections import Counter, defaultdict
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from datasette.utils import PrefixedUrlString

from db.records.source import Unavailable
from tests.support.links import DATASETTE_PAGES, Crawl
from tests.support.profiles import scale
from tests.support.sites import open_site
from tests.support.users import PASSWORD
from tests.support.visitors import Visitor
from web.serve import choose_prefix
from web.urls import PATHS, ROUTES, path_for, url_for
from web.views import find_view

WEB = Path(__file__).resolve().parents[2] / "web"
PREFIX = "/archive"
HOST = "http://localhost"
OF_A_KIND = scale(3, 10_000)  # pages with as many parts of their path, and the same first one
DEBATE = "/debate/d-2008-06-22c-101-3"
STARTS = [
    *("/", "/robots.txt", "/sitemap.xml", "/llms.txt", "/annotations/", "/debate", "/guidance/", "/lords/", "/nothing"),
    *("/speech/nothing", "/coverage?as_of=2009", f"{DEBATE}?as_of=2009", "/-/metadata", "/-/databases"),
    *("/statements/votes_of_a_division", "/statements/quotes_behind_a_count", "/statements.csv", "/-/patterns"),
]
ATTRIBUTES = re.compile(r'\s(?:href|src|action|formaction|content|value|data-[\w-]+)="(/[^"]*)"')
ADDRESSES = re.compile(rf"{HOST}(/?[^\"<>;\s)']*)")
IN_JSON = re.compile(r'"(/[a-z][^"]*)"')
HEADERS = ("location", "content-location", "link")
BY_SERVER = "/api/openapi.json"  # its paths are relative to `servers`, which has the prefix
# modules of web/ that hold what looks like an address of the site, and why it is none
NO_ADDRESSES = {
    "urls.py": "writes every address",
    "api/openapi.py": "paths of the OpenAPI document, which its `servers` precede",
    "api/read_endpoints.py": "paths of the OpenAPI document; examples get the prefix",
    "api/write_endpoints.py": "paths of the OpenAPI document",
    "http/as_of_date.py": "pattern of paths, after the prefix",
    "http/error_forms.py": "pattern of requests, within the site",
    "http/security_policy.py": "pattern of the sources of other plugins",
    "http/site_url.py": "pattern of any local address",
    "middleware/allowed_methods.py": "pattern of requests, within the site",
    "middleware/etags.py": "pattern of requests, within the site",
    "middleware/request_guard.py": "pattern of requests, within the site",
    "serve.py": "pattern of a prefix",
    "tables/cells.py": "pattern of a cell, which gets the prefix",
    "tables/moved_rows.py": "pattern of requests, within the site",
}


class Browser:
    """A client that asks for whole paths, with the prefix, and notes every address that leaves it."""

    def __init__(self, client):
        self.client, self.outside = client, defaultdict(set)

    async def get(self, path, cookies=None, **asked):
        answer = await self.client.get(PrefixedUrlString(path), cookies=cookies or {}, **asked)
        for found in list_addresses(answer):
            if not f"{found}/".startswith(f"{PREFIX}/") or found.startswith(f"{PREFIX}{PREFIX}"):
                self.outside[path].add(found)
        return answer

    async def post(self, path, data, cookies):
        return await self.client.post(PrefixedUrlString(path), data=data, cookies=cookies)


class PrefixedCrawl(Crawl):
    """A walk through the site under the prefix, by day to a few pages of each kind; it does not follow Datasette's."""

    def __init__(self, client, cookies):
        super().__init__(client, cookies)
        self.kinds = Counter()

    async def follow(self, path):
        found = await super().follow(path)
        return [] if path.removeprefix(PREFIX).startswith(DATASETTE_PAGES) else found

    def wanted(self, path):
        path = path.removeprefix(PREFIX)
        parts = urlsplit(path).path.split("/")
        kind = (parts[1], len(parts))
        self.kinds[kind] += 1
        return super().wanted(path) and (self.kinds[kind] <= OF_A_KIND or parts[1] == "static")


def list_addresses(answer):
    """Every address of this site in the headers and the body of an answer."""
    media = answer.headers.get("content-type", "")
    text = answer.text if re.search("html|xml|json|plain", media) else ""
    yield from ADDRESSES.findall(" ".join(answer.headers.get(name, "") for name in HEADERS) + text)
    yield from (answer.headers[name] for name in HEADERS if answer.headers.get(name, "").startswith("/"))
    yield from ATTRIBUTES.findall(text) if "html" in media else ()
    yield from IN_JSON.findall(text) if "json" in media and not answer.url.path.endswith(BY_SERVER) else ()


@pytest.fixture
def browser_of_site(review_folder):
    return Browser(open_site(review_folder / "statements.db", base_url=f"{PREFIX}/").client)


async def sign_in(browser, name="Rex", **fields):
    """Sign in by the form under the prefix: the answer, and the cookies that a browser then sends."""
    page = await browser.get(f"{PREFIX}/sign-in")
    form = BeautifulSoup(page.text, "lxml").find("form", class_="account")
    token = form.find("input", attrs={"name": "csrftoken"})["value"]
    sent = {"csrftoken": token, "name": name, "password": PASSWORD, **fields}
    answer = await browser.post(form["action"], sent, dict(page.cookies))
    return answer, {**page.cookies, **answer.cookies}


@pytest.mark.slow
async def test_nothing_on_any_page_leaves_the_prefix_and_every_link_answers(browser_of_site):
    _, cookies = await sign_in(browser_of_site)
    crawl = await PrefixedCrawl(browser_of_site, cookies).walk(*(PREFIX + start for start in STARTS))
    assert len(crawl.status) > scale(80, 400)
    assert browser_of_site.outside == {}
    lost = {path.removeprefix(PREFIX) for path, status in crawl.status.items() if status not in (200, 301, 302, 303)}
    assert lost == {"/nothing", "/speech/nothing", "/statements.csv", "/-/patterns"}


async def test_a_visitor_signs_in_writes_and_signs_out_under_the_prefix(browser_of_site):
    asked = f"{PREFIX}{DEBATE}"
    answer, cookies = await sign_in(browser_of_site, "Ada", to=asked)
    assert (answer.status_code, answer.headers["location"]) == (303, asked)
    paths = [re.search(r"path=([^;]*)", cookie, re.I)[1] for cookie in answer.headers.get_list("set-cookie")]
    assert sorted(paths) == [f"{PREFIX}/", f"{PREFIX}/", f"{PREFIX}/sign-in"]
    for outside in ("/", "/archives/", "//elsewhere.example/", f"{PREFIX}/sign-out", "https://elsewhere.example/"):
        answer, _ = await sign_in(browser_of_site, "Ada", to=outside)
        assert answer.headers["location"] == f"{PREFIX}/", outside
    visitor = Visitor(browser_of_site, cookies)
    page = BeautifulSoup((await visitor.get(f"{PREFIX}/q/specimen-1/reply")).text, "lxml")
    form = page.find("form", action=f"{PREFIX}/q/specimen-1/reply")
    fields = {tag["name"]: tag.get("value", "") for tag in form.select("input[name]") if tag.get("type") == "hidden"}
    answer = await visitor.send(form["action"], {**fields, "stance": "agrees", "text": "So it is."})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"{PREFIX}/q/specimen-1?did=")
    assert "So it is." in (await visitor.get(urlsplit(answer.headers["location"]).path)).text
    answer = await visitor.send(f"{PREFIX}/sign-out", {})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PREFIX}/")


async def test_a_form_without_sign_in_leads_there_and_back(browser_of_site):
    for path in (f"{PREFIX}/annotate?speech=d-2008-06-22c-101-5", f"{PREFIX}/q/specimen-1/reply"):
        answer = await browser_of_site.get(path)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith(f"{PREFIX}/sign-in?to=%2Farchive%2F")


async def test_the_prefix_alone_and_final_slashes_are_redirected_within_it(browser_of_site):
    for path, to in ((PREFIX, "/"), (f"{PREFIX}/guidance/", "/guidance"), (f"{PREFIX}/log/?page=2", "/log?page=2")):
        answer = await browser_of_site.get(path)
        assert (answer.status_code, answer.headers["location"]) == (301, PREFIX + to)


async def test_a_prefix_that_is_there_twice_leads_past_no_guard(browser_of_site):
    for path in ("/statements?sql=select+1", "/debates", ""):
        assert (await browser_of_site.client.get(PrefixedUrlString(f"{PREFIX}{PREFIX}{path}"))).status_code == 404, path


async def test_caching_works_under_the_prefix_and_a_proxy_may_remove_it(browser_of_site):
    page = await browser_of_site.get(f"{PREFIX}{DEBATE}")
    again = await browser_of_site.get(f"{PREFIX}{DEBATE}", headers={"If-None-Match": page.headers["etag"]})
    assert (page.status_code, again.status_code) == (200, 304)
    assert (await browser_of_site.get(DEBATE)).text == page.text
    script = re.search(rf'src="({PREFIX}/static/[^"]*)"', page.text)[1]
    assert "immutable" in (await browser_of_site.get(script)).headers["cache-control"]
    assert [{"url": f"{HOST}{PREFIX}"}] == (await browser_of_site.get(PREFIX + BY_SERVER)).json()["servers"]


async def test_full_addresses_have_the_public_address_and_no_prefix_twice(browser_of_site, monkeypatch):
    monkeypatch.setenv("BASE_URL", f"https://box.example{PREFIX}")
    for path in (
        "/sitemap.xml",
        "/feeds/annotations.atom",
        "/llms.txt",
        "/q/specimen-1.jsonld",
        "/verify",
        "/robots.txt",
    ):
        text = (await browser_of_site.get(PREFIX + path)).text
        found = set(re.findall(r"https://box\.example(/[\w-]*)(/[\w-]*)?", text))
        assert found, path
        assert {first for first, _ in found} == {PREFIX}, path
        assert PREFIX not in {second for _, second in found}, path


def test_the_prefix_is_that_of_the_public_address_unless_it_is_given():
    assert choose_prefix(None, "") == choose_prefix(None, "https://box.example") == choose_prefix("/", "") == "/"
    assert choose_prefix(None, "https://box.example/archive/") == choose_prefix("archive", "") == "/archive/"
    assert choose_prefix("/a/b", "https://box.example/a/b") == "/a/b/"
    for given, address in (("/x/", "https://box.example/archive"), ("/x/", "https://box.example"), ("/../", "")):
        with pytest.raises(Unavailable):
            choose_prefix(given, address)


def test_every_route_has_a_name_of_its_own_a_view_and_a_path_that_it_matches():
    assert len({route.name for route in ROUTES}) == len(ROUTES)
    known = {"what": "restore", "of": "q", "form": "csv", "name": "log", "area": "wms", "rest": "", "table": "about"}
    for route in ROUTES:
        assert callable(find_view(route)), route
        names = re.findall(r"{(\w+)}", PATHS[route.name][0])
        values = {name: known.get(name, "1/2" if route.name == "point" else "7") for name in names}
        values |= {"page": "threads"} if route.name == "debug_page" else {}
        assert re.match(route.pattern, path_for(route.name, **values)), route
    assert url_for("point", id="code/honesty") == "/guidance/code/honesty"


def test_no_template_holds_an_address_that_web_urls_does_not_write():
    bare = re.compile(r"""=["']?/|["'(]/\w""")
    assert {
        f"{path.relative_to(WEB)}:{number}"
        for path in WEB.rglob("*.html")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if bare.search(line)
    } == set()


def test_no_script_holds_an_address_of_the_root():
    bare = re.compile(r"""["'`]/\w""")
    assert [path.name for path in (WEB / "static").glob("*.js") if bare.search(path.read_text(encoding="utf-8"))] == []


def test_no_module_holds_an_address_but_those_with_a_reason():
    found = {
        path.relative_to(WEB).as_posix()
        for path in WEB.rglob("*.py")
        for text in list_strings(ast.parse(path.read_text(encoding="utf-8")))
        if re.match(r"\^?/[a-z({]|/-/", text)
    }
    assert found == set(NO_ADDRESSES)


def list_strings(tree):
    """The strings of a module, but for its docstrings."""
    documented = (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body
        if isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value
