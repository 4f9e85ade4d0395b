"""Addresses that two programs may read differently: refused in redirects and settings; clear ones are followed."""

import os
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from db.archive import responses as archive
from db.records.source import DocumentUnavailable, Unavailable
from scrapers.fetch.http.addresses import (
    check_rsync_address,
    check_web_service,
    hide_user,
    read_folder_address,
    resolve_redirect,
)
from scrapers.fetch.http.client import open_site
from scrapers.fetch.http.polite_requests import CrawlClock
from scrapers.fetch.http.politeness import PolitenessPolicy, build_user_agent
from scrapers.fetch.locations import open_location
from scrapers.scope.interfaces import Request, Site
from tests.support.faulty_server import Answer, make_json_answer, serve_faulty

HONEST = [  # of /a/1
    "/right",
    "../right",
    "/right?x=1#part",
    "./../right",
    "//{here}/right",
    "http://{here}/right",
    "HTTP://{here}/right",
    "http://{here}//right",
    "/..//right",
    "/right?to=http://{other}/x",
    "/right?name=@{other}",
    "/right?a=%5C%0A",
    "/%72ight",
    "http://{here}/right?@{other}/x",
    "http://{here}/right#@{other}/x",
    "/right#\u00e9",
    "/right?\u00e9=\u00fc",
]
DISHONEST = [
    "http://{other}\\@{here}/../../right",
    "//{other}\\@{here}/right",
    "http:\\\\{other}\\right",
    "\\\\{other}\\right",
    "/\\{other}/right",
    "\\/{other}/right",
    "http://{here}\\.{other}/right",
    "http://{here}\\@{other}/right",
    "http:/\\{other}/right",
    "http://{other}\\right",
    "http://{other}/right",
    "//{other}/right",
    "///{other}/right",
    "////{other}/right",
    "http:///{other}/right",
    "http:{other}/right",
    "http:/{other}/right",
    "http:right",
    "http://user@{other}/right",
    "http://{here}@{other}/right",
    "http://{here}:80@{other}/right",
    "http://{other}@{here}/right",
    "http://user:password@{here}/right",
    "http://@{here}/right",
    "http://{here}%40{other}/right",
    "http://{here}%2f@{other}/right",
    "http://{here}%00@{other}/right",
    "http://{other}#@{here}/right",
    "http://{here};@{other}/right",
    "http://{other}?@{here}/right",
    "http://127\uff0e0\uff0e0\uff0e1:{there}/right",
    "http://127\u30020\u30020\u30021:{there}/right",
    "http://127.0.0.\u2460:{there}/right",
    "http://\uff11\uff12\uff17.0.0.1:{there}/right",
    "http://b\u00fccher.example/right",
    "http://xn--bcher-kva.example/right",
    "http://%31%32%37.0.0.1:{there}/right",
    "http://127%2e0%2e0%2e1:{there}/right",
    "http://127.1:{there}/right",
    "http://127.0.0.01:{there}/right",
    "http://2130706433:{there}/right",
    "http://0x7f000001:{there}/right",
    "http://0177.0.0.1:{there}/right",
    "http://[::1]:{there}/right",
    "http://[::ffff:127.0.0.1]:{there}/right",
    "http://[::1%25lo]:{there}/right",
    "http://[127.0.0.1]:{there}/right",
    "http://[{other}/right",
    "http://localhost:{there}/right",
    "http://localhost.:{there}/right",
    "http://127.0.0.1.:{port}/right",
    "http://127.0.0.1:0{port}/right",
    "http://127.0.0.1:+{port}/right",
    "http://127.0.0.1:/right",
    "http://127.0.0.1:{port}:{there}/right",
    "http://127.0.0.1:99999/right",
    "http://127.0.0.1:-1/right",
    "http://127.0.0.1:\uff18\uff10/right",
    "http://127.0.0.1/right",
    "ftp://{here}/right",
    "file:///etc/passwd",
    "gopher://{other}/right",
    "javascript:alert(1)",
    "data:application/json,[]",
    "ht\ttp://{other}/right",
    "/\t/{other}/right",
    "/ri\x0bght",
    "/right\x00",
    "/right\x1f",
    "http://{other}\t/right",
    "\x01//{other}/right",
    "http:// {other}/right",
    "http://{here} @{other}/right",
    "http://",
    "//",
    "/" + "a" * 9000,
]


@pytest.fixture(scope="module")
def servers():
    """The address of a server, the sites that it redirects by /N, and of another server that nobody may ask."""
    asked: list[str] = []
    places: dict[str, str] = {}

    def other(path: str, query: dict[str, str], headers: Mapping[str, str]) -> Answer:
        asked.append(path)
        return make_json_answer(["wrong"])

    def redirect(path: str, query: dict[str, str], headers: Mapping[str, str]) -> Answer:
        number = path.rpartition("/")[2]
        if number.isdecimal():
            location = [*HONEST, *DISHONEST][int(number)].format(**places)
            return Answer(302, {"Location": location.encode().decode("latin-1")})
        return make_json_answer(["right"]) if path.endswith("ight") else Answer(404)

    with serve_faulty(other) as there, serve_faulty(redirect) as here:
        places |= {"here": here[7:], "other": there[7:], "port": here.rpartition(":")[2]}
        places["there"] = there.rpartition(":")[2]
        yield here, asked


@pytest.fixture
def site(servers, tmp_path: Path) -> Site:
    memory = archive.open_source_memory(archive.open_archive(tmp_path / "archive.db"), "hansard")
    clock = CrawlClock(sleep=lambda seconds: None)
    return open_site(
        "hansard", servers[0], PolitenessPolicy(build_user_agent(), tries=1), memory, Counter(), clock=clock
    )


def test_honest_redirects_are_followed(site):
    for number, location in enumerate(HONEST):
        assert site.get(Request(f"a/{number}", f"a/{number}")).body == b'["right"]', location


def test_no_dishonest_redirect_is_followed(site, servers):
    assert len(DISHONEST) >= 51
    for number, location in enumerate(DISHONEST, len(HONEST)):
        with pytest.raises(DocumentUnavailable, match="which is not asked"):
            pytest.fail(f"{location!r} led to {site.get(Request(f'a/{number}', f'a/{number}')).url}")
    assert servers[1] == []


@pytest.mark.parametrize("robots", ["http://{other}/robots.txt", "http://{other}\\\\@{here}/", "//x@{here}/right"])
def test_a_host_whose_robots_txt_leads_elsewhere_is_asked_nothing(robots, tmp_path):
    asked: list[str] = []

    def answer(path: str, query: dict[str, str], headers: Mapping[str, str]) -> Answer:
        asked.append(path)
        host = headers["Host"]
        return Answer(302, {"Location": robots.format(here=host, other=f"localhost:{host.rpartition(':')[2]}")})

    memory = archive.open_source_memory(archive.open_archive(tmp_path / "archive.db"), "hansard")
    with serve_faulty(answer) as url:
        service = open_site("hansard", url, PolitenessPolicy(build_user_agent(), tries=1), memory, Counter())
        with pytest.raises(Unavailable, match=r"its robots\.txt cannot be read .* which is not asked"):
            service.get(Request("a", "a"))
    assert asked == ["/robots.txt"]


@pytest.mark.parametrize("location", ["/x\ny", "/x\ry", "http://api.example/\n", " \n//other.example/"])
def test_a_redirect_with_a_line_break_is_unclear(location):
    with pytest.raises(ValueError, match="clear"):
        resolve_redirect("http://api.example/a", location)


@pytest.mark.parametrize(
    "url",
    [
        "http://ada:secret@api.example",
        "http://api.example\\@other.example",
        "http://api.example?x",
        "http://api.example#x",
        "http://api.example:0",
        "http://api.example:65536",
        "http://api.example.",
        "http://b\u00fccher.example",
        "http://api.example\n",
        "http://",
        "//api.example",
        "api.example",
    ],
)
def test_an_unclear_service_in_the_settings_is_refused_without_its_password(url, tmp_path):
    memory = archive.open_source_memory(archive.open_archive(tmp_path / "archive.db"), "hansard")
    with pytest.raises(Unavailable, match="is no address of a web service") as caught:
        open_site("hansard", url, PolitenessPolicy(build_user_agent()), memory, Counter())
    assert caught.value.exit_code == 2
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["https://api.example/v1/", "http://127.0.0.1:8080", "http://[::1]:80/a", "http://a_b.local/"]
)
def test_a_clear_service_is_accepted(url):
    assert check_web_service(url).host


@pytest.mark.parametrize(
    "url",
    [
        "rsync://ada@data.example/parldata",
        "rsync://data.example\\@other.example/parldata",
        "rsync://data.example:873:1/parldata",
        "rsync://data.example/",
        "rsync://data.example",
        "rsync://data.example/../parldata",
        "rsync://data.example/parldata/../../etc",
        "rsync://data.example/parl*",
        "rsync://data.example/parldata?x",
        "rsync://data.example/parldata#x",
        "rsync://data.example/parldata\n",
        "rsync://-e.example/parldata",
        "rsync:///parldata",
    ],
)
def test_an_unclear_address_of_rsync_is_refused(url, tmp_path):
    with pytest.raises(ValueError):
        check_rsync_address(url)
    with pytest.raises(Unavailable, match="is no location"):
        open_location("theyworkforyou", url, tmp_path)


def test_a_clear_address_of_rsync_is_accepted():
    assert check_rsync_address("rsync://data.example:8873/parldata/some folder").port == 8873


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("file:///srv/a%23b%3Fc", b"/srv/a#b?c"),
        ("file://localhost/srv/%ff", b"/srv/\xff"),
        ("file:///srv/a b", b"/srv/a b"),
        ("file:///srv/d%C3%A9", "/srv/d\u00e9".encode()),
        ("FILE:///srv/%5C", b"/srv/\\"),
        ("file:///srv/a%0Ab", b"/srv/a\nb"),
    ],
)
def test_the_folder_of_an_address_is_decoded(url, path):
    assert os.fsencode(read_folder_address(url)) == path


@pytest.mark.parametrize(
    "url",
    [
        "file:///srv/a#b",
        "file:///srv/a?b",
        "file:///srv/a\nb",
        "file:///srv/a\\b",
        "file://elsewhere/srv",
        "file://ada@localhost/srv",
        "file:srv",
        "file:///srv/%00",
    ],
)
def test_an_unclear_address_of_a_folder_is_refused(url, tmp_path):
    with pytest.raises(ValueError):
        read_folder_address(url)
    with pytest.raises(Unavailable):
        open_location("theyworkforyou", url, tmp_path)


@pytest.mark.parametrize("url", ["http://ada:s@host/", "//ada:s@host", "http:\\\\ada:s@host", "rsync://ada:s/x@host/m"])
def test_a_name_and_password_are_hidden(url):
    shown = hide_user(url)
    assert "...@host" in shown
    assert "ada" not in shown
    assert ":s" not in shown
