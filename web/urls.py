"""Every address of the site, once: routes in order, the names by which pages write them, and the prefix before them.

Datasette uses the first pattern that matches. A view is named as "folder.module:function" of this package, so that what
writes addresses imports no page; web/views.py finds the functions.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

READ = ("GET", "HEAD")
READ_AND_SEND = (*READ, "POST")
SEND = ("POST",)


class Route(NamedTuple):
    """A route: its name, the pattern of its addresses, its view, and its methods; () if the view decides itself."""

    name: str
    pattern: str
    view: str
    methods: tuple[str, ...] = READ


STATIC = Path(__file__).with_name("static")
STATIC_MOUNT = ("static", str(STATIC))  # path and folder, as of `datasette --static`
ROUTES = (
    # reading the record; a reference to a debate or a speech may have slashes, so the pages below one come first
    Route("home", r"^/$", "home.routes:show_home"),
    Route("debates", r"^/debates/?$", "debates.routes:show_debates"),
    Route("debates_in_singular", r"^/debate/?$", "debates.routes:show_debates"),
    Route("editions", r"^/speech/(?P<id>.+)/editions$", "editions.routes:show_editions"),
    Route("changes", r"^/debate/(?P<id>.+)/changes$", "editions.routes:show_changes"),
    Route("tag_moment", r"^/speech/(?P<id>.+)/moment$", "moments.routes:tag_moment", READ_AND_SEND),
    Route("blind", r"^/debate/(?P<id>[\w-]+)/blind$", "blind.routes:show_own_pass", READ_AND_SEND),
    Route("debate_file", r"^/debate/(?P<id>.+)\.(?P<form>bib|ris|json|csv)$", "files.routes:send_debate"),
    Route("speech_file", r"^/speech/(?P<id>.+)\.(?P<form>bib|ris|json|csv)$", "files.routes:send_speech"),
    Route("debates_file", r"^/debates\.(?P<form>json|csv)$", "files.routes:send_debates"),
    Route("debate", r"^/debate/(?P<id>.+)$", "debates.routes:show_debate"),
    Route("speech", r"^/speech/(?P<id>.+)$", "debates.routes:show_speech"),
    Route("text", r"^/text/(?P<id>[\w-]+)$", "debates.routes:send_text"),
    Route(
        "theyworkforyou",
        r"^/(?P<area>whall|lords|wrans|wms|pbc)(?P<rest>(?:/.*)?)$",
        "debates.routes:redirect_twfy_address",
    ),
    Route("search_file", r"^/search\.(?P<form>bib|ris|json|csv)$", "files.routes:send_search"),
    Route("search", r"^/search$", "search.routes:show_results"),
    Route("people", r"^/people/?$", "people.routes:show_people"),
    Route("person", r"^/people/(?P<id>(person/)?[0-9]{1,12})$", "people.routes:show_person"),
    Route("people_file", r"^/people\.(?P<form>json|csv)$", "files.routes:send_people"),
    Route(
        "person_file",
        r"^/people/(?P<id>(person/)?[0-9]{1,12})\.(?P<form>bib|ris|json|csv)$",
        "files.routes:send_person",
    ),
    Route("timeline", r"^/timeline$", "timeline.routes:show_timeline"),
    # guidance and its quotes
    Route("guidance", r"^/guidance$", "guidance.routes:show_documents"),
    Route("document", r"^/guidance/(?P<id>[^/]+)$", "guidance.routes:show_document"),
    Route("point", r"^/guidance/(?P<id>[^/]+/[^/]+)$", "guidance.routes:show_point"),
    Route("coverage", r"^/coverage$", "coverage.routes:show_coverage"),
    Route("coverage_csv", r"^/coverage\.csv$", "coverage.routes:send_csv"),
    Route("quotes", r"^/quotes$", "quote_list.routes:show_quotes"),
    Route("quote", r"^/q/(?P<id>[^/]+)$", "quotes.routes:show_quote"),
    Route("agreement", r"^/agreement$", "agreement.routes:show_agreement"),
    Route("agreement_on", r"^/agreement/(?P<debate>[\w-]+)$", "agreement.routes:show_agreement"),
    Route("agreement_file", r"^/agreement\.(?P<form>json|csv)$", "agreement.routes:show_file"),
    Route("agreement_on_file", r"^/agreement/(?P<debate>[\w-]+)\.(?P<form>json|csv)$", "agreement.routes:show_file"),
    # annotating
    Route("annotate", r"^/annotate$", "annotate.routes:annotate_words", READ_AND_SEND),
    Route("points", r"^/points\.json$", "annotate.routes:list_points"),
    Route("sentences", r"^/sentences/(?P<debate>[\w-]+)\.json$", "annotate.routes:list_sentences"),
    Route("edit_quote", r"^/q/(?P<id>[^/]+)/edit$", "annotate.edit:edit_annotation", READ_AND_SEND),
    Route(
        "withdraw",
        r"^/(?P<of>q|reply|moment)/(?P<id>[^/]+)/(?P<what>withdraw|restore)$",
        "withdraw.routes:withdraw_or_restore",
        SEND,
    ),
    Route("undo", r"^/undo$", "undo.routes:undo_entries", SEND),
    Route("reply", r"^/q/(?P<id>[^/]+)/reply$", "replies.routes:show_reply_form", READ_AND_SEND),
    Route("edit_reply", r"^/reply/(?P<id>[^/]+)/edit$", "replies.routes:show_edit_form", READ_AND_SEND),
    Route("moment", r"^/moment/(?P<id>[^/]+)\.jsonld$", "moments.routes:show_jsonld"),
    Route("my_notes", r"^/me$", "my_notes.routes:show_my_notes"),
    # review and log
    Route("review", r"^/review$", "review.routes:show_suggestion"),
    Route("review_queues", r"^/review/queues$", "review.routes:show_queues"),
    Route("review_hidden", r"^/review/hidden$", "review.hidden:show_hidden"),
    Route("review_done", r"^/review/done$", "review.routes:show_done"),
    Route("review_decide", r"^/review/decide$", "review.decide:decide_sentence", SEND),
    Route("review_batch", r"^/review/batch$", "review.batch:show_batch", READ_AND_SEND),
    Route("review_changed", r"^/review/changed$", "review.changed:show_changed"),
    Route("review_mend", r"^/review/mend$", "review.changed:decide_changed", SEND),
    Route("log", r"^/log$", "log.routes:show_log"),
    Route("log_json", r"^/log\.json$", "log.routes:show_json"),
    # verifying
    Route("verify", r"^/verify$", "verify.routes:verify_page"),
    Route("verify_file", r"^/verify\.json$", "verify.routes:verify_page"),
    # programs, feeds and crawlers
    Route("api", r"^/api/?$", "api.routes:show_api"),
    Route("openapi", r"^/api/openapi\.json$", "api.routes:show_openapi"),
    Route("annotations_without_slash", r"^/annotations$", "protocol.routes:redirect_to_container"),
    Route("annotations", r"^/annotations/$", "protocol.routes:show_container", ()),
    Route("annotation", r"^/annotations/(?P<id>[^/]+)$", "protocol.routes:show_member", ()),
    Route("feeds", r"^/feeds/?$", "feeds.routes:show_feeds"),
    Route("feed", r"^/feeds/(?P<name>mentions|annotations|changes|log)\.atom$", "feeds.routes:show_feed"),
    Route("person_feed", r"^/feeds/person/(?P<id>[0-9]{1,12})\.atom$", "feeds.routes:show_person_feed"),
    Route("search_feed", r"^/feeds/search\.atom$", "feeds.routes:show_search_feed"),
    Route("sitemap", r"^/sitemap\.xml$", "crawlers.routes:show_sitemap"),
    Route("sitemap_part", r"^/sitemap-(?P<number>[1-9][0-9]{0,4})\.xml$", "crawlers.routes:show_sitemap"),
    Route("llms", r"^/llms\.txt$", "crawlers.routes:show_llms_text"),
    # the site itself
    Route(
        "renamed_row",
        r"^/statements/(?P<table>about|counted|heard)/(?P<id>[^/]+)$",
        "tables.moved_rows:redirect_renamed_table",
    ),
    Route("sign_in", r"^/sign-in$", "sign_in.routes:sign_in", READ_AND_SEND),
    Route("sign_out", r"^/sign-out$", "sign_in.routes:sign_out", SEND),
    Route("runs", r"^/runs$", "runs.routes:show_runs"),
    Route("health", r"^/healthz$", "runs.routes:show_health"),
    Route(
        "debug_page",
        r"^/-/(?P<page>patterns|allow-debug|messages|permissions|threads)$",
        "middleware.request_guard:answer_debug_page",
        (),
    ),
)
OTHER_PATHS = {  # of pages that no view of ours answers: Datasette's, and two that only an export has
    "database": "/statements",
    "table": "/statements/{name}",  # a table, a view or a canned query
    "row": "/statements/{table}/{id}",
    "static": "/static/{file}",
    "find": "/find",
    "data": "/data",
}
GROUP = re.compile(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")
PREFIX: ContextVar[str] = ContextVar("PREFIX", default="")  # before every path of the site: "" at the root of a host


def url_for(name: str, /, **values: object) -> str:
    """Write the address of a named page, for links, forms and redirects: its path with the prefix of the site."""
    return PREFIX.get() + path_for(name, **values)


def path_for(name: str, /, **values: object) -> str:
    """Write the path of a named page within the site, to which the address of the site is added.

    >>> path_for("quote", id="a/b"), path_for("point", id="a/b")
    ('/q/a%2Fb', '/guidance/a/b')
    """
    path, safe = PATHS[name]
    return path.format_map({key: quote(str(value), safe=safe) for key, value in values.items()})


def add_prefix(path: str) -> str:
    """Return the address of a path within the site, such as that of a request."""
    return PREFIX.get() + path


def hash_static_file(path: Path) -> str:
    """Hash a static file, for the query of its address, which then changes with it: browsers may keep the file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:8]


def find_route(path: str) -> str:
    """Return the name of the route that answers a path within the site; "" for none of ours."""
    return next((route.name for route, pattern in PATTERNS if pattern.match(path)), "")


def _list_paths(routes: Iterable[Route], others: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """List paths with their {parts}, by name, and "/" where a slash stays one in a part, else ""."""
    own = {
        route.name: (
            GROUP.sub(r"{\1}", route.pattern).strip("^$").removesuffix("/?").replace("\\", ""),
            "" if ">[^/]+)" in route.pattern else "/",
        )
        for route in routes
    }
    return own | {name: (path, "/") for name, path in others.items()}


PATHS = _list_paths(ROUTES, OTHER_PATHS)
PATTERNS = [(route, re.compile(route.pattern)) for route in ROUTES]


def read_prefix(datasette: Any) -> str:
    """Return the prefix of a site by Datasette's setting base_url, without a final slash."""
    return str(datasette.setting("base_url")).rstrip("/")
