"""A web service asked with manners: seldom, as it wishes, and nothing but whole, right answers come out of it."""

import gzip
import json
import logging
import re
import sqlite3
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.archive import responses as archive
from db.records.source import DocumentUnavailable, Response, Unavailable
from scrapers.fetch.http.client import open_site
from scrapers.fetch.http.polite_requests import CrawlClock
from scrapers.fetch.http.politeness import PolitenessPolicy, build_user_agent, compute_wait, hide_secrets, is_due
from scrapers.scope.interfaces import Request, Site
from tests.support.cli import free_port
from tests.support.faulty_server import (
    Answer,
    answer_in_turn,
    bomb,
    challenge,
    make_json_answer,
    make_page_answer,
    serve_faulty,
)
from tests.support.profiles import scale

pytestmark = pytest.mark.slow

START = datetime(2026, 11, 22, 6, tzinfo=UTC)
NO_RULES = Answer(404)
KEY = "a/Key+with no=peace&é"
DOCUMENT = Request("debates/2008-11-12/1", "debates/debate/1.json", date="2008-11-12")
RECENT = DOCUMENT._replace(name="debates/2026-11-19/2", path="debates/debate/2.json", date="2026-11-19")
PAGE = Request("page/1", "pa/1.htm", media="html")
SECRET = Request("twfy/1", "api/getDebates", (("gid", "2008-06-18b.1.0"),), (("key", KEY),))


class World(NamedTuple):
    """A site, and what can be seen of it from both ends."""

    site: Site
    counts: Counter[str]
    slept: list[float]
    seen: list[tuple[str, dict[str, str], dict[str, str]]]
    kept: sqlite3.Connection
    reopened: Callable[..., Site]

    def paths(self) -> list[str]:
        return [path for path, _, _ in self.seen if path != "/robots.txt"]

    def keep(self, request: Request) -> Response:
        response = self.site.get(request)
        archive.store_response(self.kept, response)
        return response

    def missed(self, request: Request) -> DocumentUnavailable:
        with pytest.raises(DocumentUnavailable) as caught:
            self.site.get(request)
        return caught.value

    def unavailable(self, request: Request) -> Unavailable:
        with pytest.raises(Unavailable) as caught:
            self.site.get(request)
        return caught.value


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Callable[..., World]]:
    """A function from what a server answers by path (or to every path) to a site that asks it, a second a tick."""
    with ExitStack() as stack:

        def opened(answers: Any, robots: Answer = NO_RULES, tick: float = 0, **manners: Any) -> World:
            seen: list[tuple[str, dict[str, str], dict[str, str]]] = []

            def handler(path: str, query: dict[str, str], headers: Mapping[str, str]) -> Answer:
                seen.append((path, query, dict(headers)))
                answer = robots if path == "/robots.txt" else answers
                answer = answer.get(path, Answer(404)) if isinstance(answer, dict) else answer
                return answer if isinstance(answer, Answer) else answer()

            url = stack.enter_context(serve_faulty(handler))
            time, slept = [0.0], []

            def steady() -> float:
                time[0] += tick
                return time[0]

            def sleep(seconds: float) -> None:
                slept.append(seconds)
                time[0] += seconds

            clock = CrawlClock(lambda: START.timestamp() + time[0], steady, sleep)
            kept, counts = archive.open_archive(tmp_path / "archive.db"), Counter()

            def site(**others: Any) -> Site:
                memory = archive.open_source_memory(kept, "hansard")
                return open_site(
                    "hansard",
                    url,
                    PolitenessPolicy(build_user_agent(), **manners),
                    memory,
                    counts,
                    clock=clock,
                    **others,
                )

            return World(site(), counts, slept, seen, kept, site)

        yield opened


# --- who asks, and how often


def test_a_complete_answer_is_a_response(world):
    here = world(make_json_answer({"title": "Hedges"}, ETag='"1"', X_Other="x"))
    response = here.site.get(DOCUMENT._replace(query=(("queryParameters.searchTerm", "power of"),)))
    assert response.body == b'{"title": "Hedges"}'
    assert response[:2] == ("hansard", "debates/2008-11-12/1")
    assert response.url == f"{here.site.url}/debates/debate/1.json?queryParameters.searchTerm=power%20of"
    assert (response.fetched_at, response.status) == ("2026-11-22T06:00:00Z", 200)
    assert response.headers.keys() == {"Content-Type", "Date", "ETag"}
    assert here.seen[1][1] == {"queryParameters.searchTerm": "power of"}


def test_the_user_agent_has_program_and_contact_and_no_browser(world):
    here = world(make_json_answer([]))
    here.site.get(DOCUMENT)
    assert {headers["User-Agent"] for _, _, headers in here.seen} == {build_user_agent()}
    assert build_user_agent() == "DispatchBox/0.1 (no address of the project is set; no contact is set)"
    assert "Cookie" not in here.seen[-1][2]


@pytest.mark.parametrize("contact", ["a\nX-Evil: b", "Zoë", "a\tb"])
def test_a_contact_that_is_not_a_valid_header_is_refused(contact):
    with pytest.raises(Unavailable, match="the contact must be"):
        build_user_agent("", contact)


def test_there_is_a_second_between_two_requests(world):
    here = world(make_json_answer([]))
    here.site.get(DOCUMENT)
    here.site.get(RECENT)
    assert here.slept == [1.0, 1.0]  # after robots.txt, and after the first


def test_elapsed_time_shortens_the_wait(world):
    here = world(make_json_answer([]), tick=5)
    here.site.get(DOCUMENT)
    here.site.get(RECENT)
    assert here.slept == []


@pytest.mark.parametrize("url", ["ftp://example.org/", "hansard", "https:///path", ""])
def test_an_invalid_web_address_is_refused(url, tmp_path):
    kept = archive.open_source_memory(archive.open_archive(tmp_path / "a.db"), "hansard")
    with pytest.raises(Unavailable, match="is no address of a web service") as caught:
        open_site("hansard", url, PolitenessPolicy(build_user_agent()), kept, Counter())
    assert caught.value.exit_code == 2


def test_no_cookie_is_stored(world):
    here = world(make_json_answer([], Set_Cookie="a=b"))
    here.site.get(DOCUMENT)
    here.site.get(RECENT)
    assert not any("Cookie" in headers for _, _, headers in here.seen)


def test_passwords_in_netrc_are_not_sent(world, tmp_path, monkeypatch):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    here = world(make_json_answer([]))
    here.site.get(DOCUMENT)
    assert not any("Authorization" in headers for _, _, headers in here.seen)


def test_the_proxy_of_the_environment_is_used(world, monkeypatch):
    monkeypatch.setenv("no_proxy", "")
    proxied = world(make_json_answer(["by proxy"]))
    monkeypatch.setenv("http_proxy", proxied.site.url)
    other = proxied.reopened()
    assert other.get(DOCUMENT).body == b'["by proxy"]'
    assert {path for path, _, _ in proxied.seen} == {"/robots.txt", "/debates/debate/1.json"}


# --- robots.txt


def rules(text: str) -> Answer:
    return Answer(200, {"Content-Type": "text/plain"}, text.encode())


def test_addresses_that_robots_txt_forbids_are_not_requested(world):
    here = world(make_json_answer([]), rules("User-agent: *\nDisallow: /debates/\nAllow: /debates/debate/2\n"))
    assert "robots.txt of http://127.0.0.1" in str(here.missed(DOCUMENT))
    here.site.get(RECENT)
    assert here.paths() == ["/debates/debate/2.json"]


def test_a_rule_for_this_program_overrides_one_for_all(world):
    here = world(make_json_answer([]), rules("User-agent: *\nDisallow: /\nUser-agent: dispatchbox\nDisallow: /pa/\n"))
    here.site.get(DOCUMENT)
    here.missed(PAGE)


@pytest.mark.parametrize("robots", [Answer(404), Answer(410), rules(""), make_page_answer("<p>none</p>")])
def test_without_robots_txt_everything_is_allowed_and_it_is_requested_once(world, robots):
    here = world(make_json_answer([]), robots)
    here.site.get(DOCUMENT)
    here.site.get(RECENT)
    assert [path for path, _, _ in here.seen].count("/robots.txt") == 1


@pytest.mark.parametrize("robots", [Answer(500), Answer(503), Answer(how="reset"), Answer(429), challenge(200)])
def test_with_an_unreadable_robots_txt_nothing_is_requested(world, robots):
    here = world(make_json_answer([]), robots)
    error = here.unavailable(DOCUMENT)
    assert (error.exit_code, here.paths()) == (75, [])
    assert "its robots.txt cannot be read" in str(error)
    assert "nothing is asked for now; try again later" in str(error)


def test_the_delay_in_robots_txt_is_obeyed(world):
    here = world(make_json_answer([]), rules("User-agent: *\nCrawl-delay: 7\n"))
    here.site.get(DOCUMENT)
    assert here.slept == [7.0]


def test_a_crawl_delay_over_the_limit_stops_the_host(world):
    here = world(make_json_answer([]), rules("User-agent: *\nCrawl-delay: 86400\n"))
    assert "asks for 86,400 seconds between requests" in str(here.unavailable(DOCUMENT))


def test_redirects_within_the_host_obey_robots_txt(world):
    answers = {
        "/debates/debate/1.json": Answer(302, {"Location": "/private/1.json"}),
        "/private/1.json": make_json_answer([]),
    }
    here = world(answers, rules("User-agent: *\nDisallow: /private/\n"))
    assert "forbids" in str(here.missed(DOCUMENT))
    assert here.paths() == ["/debates/debate/1.json"]


# --- what is asked again at once, and when


@pytest.mark.parametrize(
    ("fault", "waits"),
    [
        (Answer(503), [2.0]),
        (Answer(502), [2.0]),
        (Answer(500), [2.0]),
        (Answer(429), [2.0]),
        (Answer(429, {"Retry-After": "17"}), [17.0]),
        (Answer(429, {"Retry-After": "Sun, 22 Nov 2026 06:00:31 GMT"}), [30.0]),  # robots.txt took a second
        (Answer(503, {"Retry-After": "Sun, 22 Nov 2020 06:00:31 GMT"}), [0.0, 1.0]),
        (Answer(503, {"Retry-After": "soon"}), [2.0]),
        (Answer(how="reset"), [2.0]),
        (make_json_answer([1, 2])._replace(how="truncated"), [2.0]),
        (make_json_answer([1, 2])._replace(how="short"), [2.0]),
        (make_json_answer([1, 2])._replace(how="chunks broken off"), [2.0]),
        (Answer(200, {"Content-Type": "application/json"}, b'[{"a":'), [2.0]),
        (Answer(200, {"Content-Type": "application/json", "Content-Encoding": "gzip"}, b"no gzip"), [2.0]),
        (
            Answer(200, {"Content-Type": "application/json", "Content-Encoding": "gzip"}, gzip.compress(b"[]")[:-4]),
            [2.0],
        ),
    ],
)
def test_a_temporary_fault_is_retried(world, fault, waits):
    here = world(answer_in_turn(fault, make_json_answer(["right"])))
    assert here.site.get(DOCUMENT).body == b'["right"]'
    assert here.slept == [1.0, *waits]
    assert here.counts["waits"] == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504, 429])
def test_a_lasting_fault_fails_after_three_tries_with_growing_waits(world, status):
    here = world(Answer(status))
    missed = here.missed(DOCUMENT)
    assert (missed.status, missed.reason, len(here.paths())) == (status, f"HTTP {status}", 3)
    assert here.slept == [1.0, 2.0, 4.0]


@given(st.integers(0, 60))
def test_the_wait_is_at_most_a_minute_without_retry_after(attempt):
    assert 2 <= compute_wait({}, attempt, START) <= 60


@given(st.text())
def test_any_retry_after_header_gives_a_wait(text):
    assert compute_wait({"retry-after": text}, 0, START) >= 0


def test_a_host_that_asks_for_a_long_wait_is_stopped_in_this_run(world):
    here = world(Answer(429, {"Retry-After": "3600"}))
    assert here.missed(DOCUMENT).status == 429
    assert "it asks not to be asked again for 3,600 seconds" in str(here.unavailable(RECENT))
    assert len(here.paths()) == 1


@pytest.mark.parametrize(
    "refusal",
    [Answer(403), challenge(), challenge(503), challenge(200), make_page_answer("<p>Sign in</p>"), Answer(429)],
)
def test_two_refusals_in_a_row_stop_the_host(world, refusal):
    here = world(refusal, tries=1)
    here.missed(DOCUMENT)
    here.missed(RECENT)
    error = here.unavailable(PAGE)
    assert error.exit_code == 75
    assert "2 times in a row" in str(error)
    assert len(here.paths()) == 2


def test_an_answer_between_two_refusals_resets_their_count(world):
    here = world(answer_in_turn(Answer(403), make_json_answer([]), Answer(403), make_json_answer([])))
    here.missed(DOCUMENT)
    here.site.get(RECENT)
    here.missed(DOCUMENT)
    here.site.get(RECENT)


def test_a_site_may_be_stopped_at_its_first_refusal(world):
    here = world(Answer(403), refusals=1)
    here.missed(PAGE)
    here.unavailable(PAGE)
    assert len(here.paths()) == 1


def test_repeated_failures_stop_a_host_but_one_failing_window_does_not(world):
    silent, failing = world(Answer(how="reset"), tries=1), world(Answer(500), tries=1)
    for _ in range(3):
        silent.missed(DOCUMENT)
        failing.missed(DOCUMENT)
    silent.unavailable(DOCUMENT)
    failing.missed(DOCUMENT)


def test_a_missing_host_is_unavailable(tmp_path):
    kept = archive.open_source_memory(archive.open_archive(tmp_path / "a.db"), "hansard")
    site = open_site(
        "hansard", f"http://127.0.0.1:{free_port()}", PolitenessPolicy(build_user_agent(), tries=1), kept, Counter()
    )
    with pytest.raises(Unavailable, match="cannot be reached"):
        site.get(DOCUMENT)


# --- what never comes out


def test_a_challenge_is_not_an_answer(world):
    missed = world(challenge()).missed(DOCUMENT)
    assert missed.reason == "HTTP 403: a page that asks whether a person is there"


def test_a_page_instead_of_json_is_refused(world):
    missed = world(make_page_answer("<h1>Error</h1>")).missed(DOCUMENT)
    assert missed.reason == "a page came where JSON was asked for"


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (challenge(200), "a page that asks whether a person is there"),
        (make_json_answer({}), "application/json came where a page was asked for"),
        (make_page_answer("<html><body><p>It breaks"), "the page breaks off before its end"),
        (make_page_answer(" "), "the page breaks off before its end"),
    ],
)
def test_an_incomplete_page_is_refused(world, page, reason):
    assert reason in world(page).missed(PAGE).reason


def test_an_old_page_with_unclosed_elements_is_accepted(world):
    body = "<HTML><P><A name=x>Unclosed</HTML>\n"
    assert world(make_page_answer(body)).site.get(PAGE).body == body.encode()


def test_a_page_with_a_proxy_s_script_is_not_a_challenge(world):
    body = "<html><title>Hedges</title><script src=/cdn-cgi/challenge-platform/scripts/main.js></script></html>"
    assert world(make_page_answer(body)).site.get(PAGE).body == body.encode()


@pytest.mark.parametrize("how", ["truncated", "short", "chunks broken off"])
def test_a_truncated_answer_is_a_failure(world, how):
    here = world(make_json_answer(list(range(50)))._replace(how=how))
    assert here.missed(DOCUMENT).status in (None, 200)
    assert len(here.paths()) in (2, 3)  # one of three tries may end on a connection that the server has closed


@pytest.mark.parametrize("how", ["whole", "chunked"])
def test_an_answer_may_be_chunked_and_compressed(world, how):
    packed = Answer(
        200, {"Content-Type": "application/json", "Content-Encoding": "gzip"}, gzip.compress(b"[1, 2]"), how
    )
    assert world(packed).site.get(DOCUMENT).body == b"[1, 2]"


@pytest.mark.parametrize("how", ["drip", "drip of a head"])
def test_a_slow_drip_ends_with_the_time_limit_of_the_request(world, how):
    here = world(make_json_answer([])._replace(how=how), tick=10, tries=1)
    assert here.missed(DOCUMENT).reason == "the answer was not all there after 120 seconds"


def test_silence_ends_the_request(world):
    here = world(Answer(how="silent"), tries=1, silence=0.05)
    assert here.missed(DOCUMENT).reason == "it stopped responding"


def test_a_decompression_bomb_is_not_unpacked(world):
    here = world(bomb(1 << 22), size=1 << 20)
    assert here.missed(DOCUMENT).reason == "the answer is longer than 1,048,576 bytes when unpacked"
    assert (len(here.paths()), here.counts["bytes"] < 20_000) == (1, True)


def test_a_body_over_the_limit_is_not_read_to_its_end(world):
    here = world(make_json_answer([0] * (1 << 20)), size=1 << 17)
    assert here.missed(DOCUMENT).reason == "the answer is longer than 131,072 bytes"
    assert here.counts["bytes"] < 1 << 18


def test_too_deeply_nested_json_is_refused(world):
    here = world(Answer(200, {"Content-Type": "application/json"}, b"[" * 200_000), tries=1)
    assert "not JSON" in here.missed(DOCUMENT).reason


@pytest.mark.parametrize("status", [201, 204, 206, 300, 400, 418, 501])
def test_any_other_status_fails_without_a_retry(world, status):
    here = world(Answer(status))
    assert (here.missed(DOCUMENT).status, len(here.paths())) == (status, 1)


def test_an_unconditional_304_is_refused(world):
    assert "nothing was known" in world(Answer(304)).missed(DOCUMENT).reason


FAULTS = [
    *(Answer(500), Answer(503), Answer(429), Answer(404), Answer(how="reset"), challenge(), challenge(200)),
    *(make_page_answer("<p>Oops</p>"), bomb(1 << 20), Answer(302, {"Location": "/debates"}), Answer(304), Answer(204)),
    *(make_json_answer(["right"])._replace(how=how) for how in ("truncated", "short", "chunks broken off")),
]


@given(st.lists(st.sampled_from([make_json_answer(["right"]), *FAULTS]), min_size=1, max_size=20))
@settings(max_examples=scale(10, 30), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_only_right_answers_are_returned_whatever_a_server_does(world, answers):
    here = world(answer_in_turn(*answers, then=make_json_answer(["right"])), size=1 << 16)
    for number in range(5):
        try:
            response = here.site.get(RECENT._replace(name=f"{RECENT.name}-{number}"))
        except (DocumentUnavailable, Unavailable):
            continue
        assert (response.status, response.body) == (200, b'["right"]')


# --- redirects


def moved(to: str, status: int = 302) -> Answer:
    return Answer(status, {"Location": to})


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_within_the_host_is_followed(world, status):
    answers = {
        "/debates/debate/1.json": moved("new.json#x", status),
        "/debates/debate/new.json": make_json_answer(["here"]),
    }
    here = world(answers)
    response = here.site.get(DOCUMENT)
    assert response.body == b'["here"]'
    assert response.url == f"{here.site.url}/debates/debate/new.json"
    assert response.name == DOCUMENT.name


def test_a_circle_of_redirects_is_detected(world):
    here = world({"/debates/debate/1.json": moved("/b"), "/b": moved("/debates/debate/1.json")})
    assert here.missed(DOCUMENT).reason == "its redirects go round in a circle after 2"


def test_no_more_than_five_redirects_are_followed(world):
    steps = iter(range(100))
    here = world(lambda: moved(f"/{next(steps)}"))
    assert here.missed(DOCUMENT).reason == "it leads on more than 5 times"
    assert len(here.paths()) == 6


@pytest.mark.parametrize(
    "to",
    ["http://elsewhere.example/", "//elsewhere.example/a", "http://127.0.0.1:1/", "file:///etc/passwd", "http://[", ""],
)
def test_a_redirect_elsewhere_is_not_followed(world, to):
    here = world(moved(to))
    missed = here.missed(DOCUMENT)
    assert "which is not asked" in missed.reason
    assert (missed.status, len(here.paths())) == (302, 1)


def test_a_redirect_to_a_host_that_is_allowed_reads_its_rules_first(world):
    other = world(make_json_answer(["there"]))
    here = world(moved(f"{other.site.url}/x"), hosts=(other.site.url.removeprefix("http://"),))
    assert here.site.get(DOCUMENT).body == b'["there"]'
    assert [path for path, _, _ in other.seen] == ["/robots.txt", "/x"]


def test_the_limits_apply_to_the_body_of_a_redirect(world):
    here = world(moved("/b")._replace(how="drip"), tick=10, tries=1)
    assert "not all there" in here.missed(DOCUMENT).reason


# --- the budget


@pytest.mark.parametrize(("limits", "spent"), [({"requests": 3}, "3 requests"), ({"bytes": 3}, "3 bytes")])
def test_a_spent_budget_stops_the_run_until_next_time(world, limits, spent):
    here = world(make_json_answer([]), **limits)
    here.site.get(DOCUMENT)
    here.site.get(RECENT)
    error = here.unavailable(PAGE)
    assert (error.exit_code, str(error)) == (75, f"hansard: the {spent} of a run are spent; it goes on next time")
    assert len(here.seen) == 3


# --- asked again, or not


def test_an_unchanged_document_is_answered_from_the_archive(world):
    here = world(
        answer_in_turn(
            make_json_answer(["first"], ETag='"1"', Last_Modified="Sat, 21 Nov 2026 06:00:00 GMT"), Answer(304)
        )
    )
    first = here.keep(RECENT)
    assert here.site.get(RECENT) == first
    sent = here.seen[-1][2]
    assert (sent["If-None-Match"], sent["If-Modified-Since"]) == ('"1"', "Sat, 21 Nov 2026 06:00:00 GMT")
    assert (here.counts["not_modified"], here.counts["requests"]) == (1, 3)
    assert archive.find_fetch_status(here.kept, "hansard", RECENT.name)[2:4] == (304, "unchanged")


def test_the_newest_validators_are_sent_even_if_the_bytes_were_the_same(world):
    here = world(answer_in_turn(make_json_answer([], ETag='"1"'), make_json_answer([], ETag='"2"'), Answer(304)))
    for _ in range(3):
        here.keep(RECENT)
    assert [headers.get("If-None-Match") for _, _, headers in here.seen] == [None, None, '"1"', '"2"']


def test_an_old_document_is_not_requested_twice_a_month(world):
    here = world(make_json_answer(["old"]))
    assert here.keep(DOCUMENT) == here.site.get(DOCUMENT)
    assert (len(here.paths()), here.counts["unasked"]) == (1, 1)


def test_a_resumed_run_does_not_repeat_requests(world):
    here = world(make_json_answer(["new"]))
    here.keep(RECENT)
    resumed = here.reopened(since="2026-11-22T06:00:00Z", again=True)
    assert resumed.get(RECENT).body == b'["new"]'
    assert len(here.paths()) == 1


def test_a_failed_document_is_requested_again(world):
    here = world(answer_in_turn(Answer(500), make_json_answer([])), tries=1)
    here.missed(DOCUMENT)
    assert archive.find_fetch_status(here.kept, "hansard", DOCUMENT.name) == (
        DOCUMENT.name,
        "2026-11-22T06:00:00Z",
        500,
        "failed",
        "",
        "",
    )
    here.site.get(DOCUMENT)


@pytest.mark.parametrize("status", [404, 410])
def test_a_removed_document_differs_from_one_that_never_existed(world, status):
    here = world(answer_in_turn(make_json_answer([]), Answer(status)))
    here.keep(RECENT)
    assert (here.missed(RECENT).status, here.missed(DOCUMENT).status) == (status, status)
    outcomes = [archive.find_fetch_status(here.kept, "hansard", each.name)[3] for each in (RECENT, DOCUMENT)]
    assert (outcomes, here.counts["gone"]) == (["gone", "missing"], 1)
    assert archive.find_newest_response(here.kept, "hansard", RECENT.name)


def test_a_missing_old_document_is_not_requested_again(world):
    here = world(Answer(404))
    assert "when it was last asked for" not in here.missed(DOCUMENT).reason
    assert here.missed(DOCUMENT).reason == "HTTP 404 when it was last asked for, 2026-11-22T06:00:00Z"
    assert len(here.paths()) == 1


NOW = "2026-11-22T06:00:00Z"


@pytest.mark.parametrize(
    ("last", "said", "others", "expected"),
    [
        (None, "2008-06-18", {}, True),
        ("2026-11-21T06:00:00Z", "2008-06-18", {}, False),
        ("2026-10-22T06:00:00Z", "2008-06-18", {}, True),
        ("2026-10-24T06:00:00Z", "2008-06-18", {}, False),
        ("2026-11-22T05:59:59Z", "2026-09-23", {}, True),
        ("2026-11-22T05:59:59Z", "2026-09-22", {}, False),
        ("2026-11-22T05:59:59Z", "2026-09-22", {"recent_days": 61}, True),
        ("2026-11-22T05:59:59Z", "2026-12-01", {}, True),
        ("2026-11-22T05:59:59Z", "", {}, True),
        ("2026-11-22T05:59:59Z", "2008-06-18", {"again": True}, True),
        ("2026-11-22T05:59:59Z", "", {"again": True, "since": "2026-11-22T05:00:00Z"}, False),
        ("2026-11-22T04:59:59Z", "", {"since": "2026-11-22T05:00:00Z"}, True),
    ],
)
def test_a_document_is_due_by_its_age_and_last_request(last, said, others, expected):
    assert is_due(last, said, NOW, **others) is expected


# --- secrets


def in_small_letters(encoded: str) -> str:
    return re.sub("%..", lambda found: found[0].lower(), encoded)


def list_leaks(text: str) -> list[str]:
    return [
        form
        for form in (KEY, quote(KEY), quote(KEY, safe=""), quote_plus(KEY), in_small_letters(quote_plus(KEY)))
        if form in text
    ]


def test_a_key_is_sent_and_never_shown(world):
    here = world(make_json_answer([]))
    response = here.site.get(SECRET)
    assert here.seen[-1][1] == {"gid": "2008-06-18b.1.0", "key": KEY}
    assert response.url == f"{here.site.url}/api/getDebates?gid=2008-06-18b.1.0"


def test_a_redirect_that_repeats_the_key_is_followed_and_does_not_show_it(world):
    for written in (quote_plus(KEY), in_small_letters(quote(KEY, safe=""))):
        here = world(
            {"/api/getDebates": moved(f"/api/new?gid=2&key={written}&k={written}"), "/api/new": make_json_answer([])}
        )
        url = here.site.get(SECRET).url
        assert here.seen[-1][1]["key"] == KEY
        assert url == f"{here.site.url}/api/new?gid=2&k=(secret)"


@pytest.mark.parametrize(
    "answer",
    [
        Answer(500),
        Answer(404),
        Answer(how="reset"),
        Answer(how="silent"),
        make_json_answer([])._replace(how="truncated"),
        moved(f"http://{quote(KEY, safe='')}.example/?key={quote(KEY)}"),
        moved(f"/api/getDebates?gid=2008-06-18b.1.0&key={quote(KEY, safe='')}"),
        make_json_answer({"error": f"no such key: {KEY}"}),
        make_page_answer(f"<p>{KEY}</p>"),
        Answer(429, {"Retry-After": KEY.replace("é", "")}),
    ],
    ids=str,
)
def test_no_failure_shows_the_key(world, answer, caplog):
    caplog.set_level(logging.DEBUG)
    here = world(answer, silence=0.05)
    missed = here.missed(SECRET)
    shown = "".join(traceback.format_exception(missed, chain=True)) + repr(missed.__context__) + repr(missed.__cause__)
    assert missed.__context__ is None
    assert list_leaks(shown) == list_leaks(caplog.text) == []
    assert list_leaks("".join(map(str, here.kept.iterdump()))) == []


def test_a_json_answer_that_repeats_the_key_is_not_archived(world):
    body = Answer(200, {"Content-Type": "application/json"}, f'{{"link": "?key={quote(KEY, safe="")}"}}'.encode())
    assert world(body).missed(SECRET).reason == "the answer repeats the key, so it is not kept"


@given(st.text(min_size=6))
def test_no_encoding_of_a_secret_is_left_in_a_text(secret):
    encoded = quote(secret, safe="")
    for written in (
        secret,
        quote(secret),
        encoded,
        quote_plus(secret),
        in_small_letters(encoded),
        json.dumps(secret)[1:-1],
    ):
        assert hide_secrets(f"key={written}&a=b", [secret]) == "key=(secret)&a=b"
