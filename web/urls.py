"""Every route of the site, in order: Datasette uses the first pattern that matches."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from web.agreement import routes as agreement
from web.annotate import edit as annotate_edit
from web.annotate import routes as annotate
from web.api import routes as api
from web.api.write_endpoints import WRITE_ENDPOINTS, make_body_schema
from web.blind import routes as blind
from web.coverage import routes as coverage
from web.crawlers import routes as crawlers
from web.debates import routes as debates
from web.editions import routes as editions
from web.feeds import routes as feeds
from web.guidance import routes as guidance
from web.home import routes as home
from web.http.auth import BODY_SCHEMA
from web.http.until_loaded import wait_until_loaded
from web.log import routes as log
from web.middleware import request_guard
from web.middleware.allowed_methods import READ_AND_SEND, SEND, Route
from web.moments import routes as moments
from web.people import routes as people
from web.protocol import routes as protocol
from web.quotes import routes as quotes
from web.replies import routes as replies
from web.review import batch as review_batch
from web.review import changed as review_changed
from web.review import routes as review
from web.runs import routes as runs
from web.search import routes as search
from web.sign_in import routes as sign_in
from web.tables import moved_rows
from web.timeline import routes as timeline
from web.undo import routes as undo
from web.verify import routes as verify
from web.withdraw import routes as withdraw

STATIC_MOUNT = ("static", str(Path(__file__).with_name("static")))  # path and folder, as of `datasette --static`
# except the pages below a debate or a speech, which have their own routes
DEBATE_OR_SPEECH = r"debate(?!/.+/(?:changes|blind)$)|speech(?!/.+/(?:editions|moment)$)"
ROUTES = (
    # reading the record
    Route(r"^/$", home.show_home),
    Route(r"^/debates?/?$", debates.show_debates),
    Route(rf"^/(?P<kind>{DEBATE_OR_SPEECH})/(?P<reference>.+)$", debates.show_debate_or_speech),
    Route(r"^/text/(?P<id>[\w-]+)$", debates.send_text),
    Route(r"^/(?P<area>whall|lords|wrans|wms|pbc)(?P<rest>/.*)?$", debates.redirect_twfy_address),
    Route(r"^/speech/(?P<reference>.+)/editions$", editions.show_editions),
    Route(r"^/debate/(?P<reference>.+)/changes$", editions.show_changes),
    Route(r"^/search$", search.show_results),
    Route(r"^/people/?$", people.show_people),
    Route(r"^/people/(?P<id>(person/)?[0-9]{1,12})$", people.show_person),
    Route(r"^/timeline$", timeline.show_timeline),
    # guidance and its quotes
    Route(r"^/guidance$", guidance.show_documents),
    Route(r"^/guidance/(?P<document>[^/]+)$", guidance.show_document),
    Route(r"^/guidance/(?P<document>[^/]+)/(?P<point>[^/]+)$", guidance.show_point),
    Route(r"^/coverage$", coverage.show_coverage),
    Route(r"^/coverage\.csv$", coverage.send_csv),
    Route(r"^/q/(?P<id>[^/]+)$", wait_until_loaded(quotes.show_quote)),
    Route(r"^/agreement(?:/(?P<debate>[\w-]+))?$", agreement.show_agreement),
    Route(r"^/agreement(?:/(?P<debate>[\w-]+))?\.(?P<form>json|csv)$", agreement.show_file),
    # annotating
    Route(r"^/annotate$", annotate.annotate_words, READ_AND_SEND),
    Route(r"^/points\.json$", annotate.list_points),
    Route(r"^/sentences/(?P<debate>[\w-]+)\.json$", annotate.list_sentences),
    Route(r"^/q/(?P<id>[^/]+)/edit$", wait_until_loaded(annotate_edit.edit_annotation), READ_AND_SEND),
    Route(
        r"^/(?P<of>q|reply|moment)/(?P<id>[^/]+)/(?P<what>withdraw|restore)$",
        wait_until_loaded(withdraw.withdraw_or_restore),
        SEND,
    ),
    Route(r"^/undo$", undo.undo_entries, SEND),
    Route(r"^/q/(?P<id>[^/]+)/reply$", wait_until_loaded(replies.show_reply_form), READ_AND_SEND),
    Route(r"^/reply/(?P<id>[^/]+)/edit$", wait_until_loaded(replies.show_edit_form), READ_AND_SEND),
    Route(r"^/speech/(?P<reference>.+)/moment$", moments.tag_moment, READ_AND_SEND),
    Route(r"^/moment/(?P<id>[^/]+)\.jsonld$", wait_until_loaded(moments.show_jsonld)),
    Route(r"^/debate/(?P<id>[\w-]+)/blind$", blind.show_own_pass, READ_AND_SEND),
    # review and log
    Route(r"^/review$", review.show_suggestion),
    Route(r"^/review/queues$", review.show_queues),
    Route(r"^/review/done$", review.show_done),
    Route(r"^/review/decide$", review.decide_suggestion, SEND),
    Route(r"^/review/batch$", review_batch.show_batch, READ_AND_SEND),
    Route(r"^/review/changed$", review_changed.show_changed),
    Route(r"^/review/mend$", review_changed.decide_changed, SEND),
    Route(r"^/log$", log.show_log),
    Route(r"^/log\.json$", log.show_json),
    # verifying
    Route(r"^/verify$", verify.verify_page),
    # programs, feeds and crawlers
    Route(r"^/api/?$", api.show_api),
    Route(r"^/api/openapi\.json$", api.show_openapi),
    Route(r"^/annotations$", protocol.redirect_to_container),
    Route(r"^/annotations/$", protocol.show_container, ()),
    Route(r"^/annotations/(?P<id>[^/]+)$", wait_until_loaded(protocol.show_member), ()),
    Route(r"^/feeds/?$", feeds.show_feeds),
    Route(r"^/feeds/(?P<name>mentions|annotations|changes|log)\.atom$", feeds.show_feed),
    Route(r"^/feeds/search\.atom$", feeds.show_search_feed),
    Route(r"^/sitemap(-(?P<number>[1-9][0-9]{0,4}))?\.xml$", crawlers.show_sitemap),
    Route(r"^/llms\.txt$", crawlers.show_llms_text),
    # the site itself
    Route(r"^/statements/(?P<table>about|counted|heard)/[^/]+$", moved_rows.redirect_renamed_table),
    Route(r"^/sign-in$", sign_in.sign_in, READ_AND_SEND),
    Route(r"^/sign-out$", sign_in.sign_out, SEND),
    Route(r"^/runs$", runs.show_runs),
    Route(r"^/healthz$", runs.show_health),
    Route(r"^/-/(?:patterns|allow-debug|messages|permissions|threads)$", request_guard.answer_debug_page, ()),
)


def list_views() -> list[tuple[str, Any]]:
    """List the pattern and the view of each route; a view that takes JSON finds its published schema in the scope."""
    schemas = {
        one.path.replace("{id}", "x"): make_body_schema(one) for one in WRITE_ENDPOINTS if one.body_kind == "json"
    }
    return [(route.pattern, _give_schema(route, schemas)) for route in ROUTES]


def _give_schema(route: Route, schemas: Mapping[str, Any]) -> Any:
    schema = next((schema for path, schema in schemas.items() if re.match(route.pattern, path)), None)
    if schema is None or "POST" not in route.methods:
        return route.view

    async def view(datasette: Any, request: Any) -> Any:
        request.scope[BODY_SCHEMA] = schema
        return await route.view(datasette, request)

    return view
