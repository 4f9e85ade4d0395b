"""Every route of the site, in order: Datasette uses the first pattern that matches."""

from pathlib import Path
from typing import Any

from web.agreement import routes as agreement
from web.annotate import edit as annotate_edit
from web.annotate import routes as annotate
from web.api import routes as api
from web.blind import routes as blind
from web.coverage import routes as coverage
from web.crawlers import routes as crawlers
from web.debates import routes as debates
from web.editions import routes as editions
from web.feeds import routes as feeds
from web.guidance import routes as guidance
from web.home import routes as home
from web.log import routes as log
from web.middleware import request_guard
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
ROUTES: tuple[tuple[str, Any], ...] = (
    # reading the record
    (r"^/$", home.show_home),
    (r"^/debates?/?$", debates.show_debates),
    (rf"^/(?P<kind>{DEBATE_OR_SPEECH})/(?P<reference>.+)$", debates.show_debate_or_speech),
    (r"^/text/(?P<id>[\w-]+)$", debates.send_text),
    (r"^/(?P<area>whall|lords|wrans|wms|pbc)(?P<rest>/.*)?$", debates.redirect_twfy_address),
    (r"^/speech/(?P<reference>.+)/editions$", editions.show_editions),
    (r"^/debate/(?P<reference>.+)/changes$", editions.show_changes),
    (r"^/search$", search.show_results),
    (r"^/people/?$", people.show_people),
    (r"^/people/(?P<id>(person/)?[0-9]{1,12})$", people.show_person),
    (r"^/timeline$", timeline.show_timeline),
    # guidance and its quotes
    (r"^/guidance$", guidance.show_documents),
    (r"^/guidance/(?P<document>[^/]+)$", guidance.show_document),
    (r"^/guidance/(?P<document>[^/]+)/(?P<point>[^/]+)$", guidance.show_point),
    (r"^/coverage$", coverage.show_coverage),
    (r"^/coverage\.csv$", coverage.send_csv),
    (r"^/q/(?P<id>[^/]+)$", quotes.show_quote),
    (r"^/agreement(?:/(?P<debate>[\w-]+))?$", agreement.show_agreement),
    (r"^/agreement(?:/(?P<debate>[\w-]+))?\.(?P<form>json|csv)$", agreement.show_file),
    # annotating
    (r"^/annotate$", annotate.annotate_words),
    (r"^/points\.json$", annotate.list_points),
    (r"^/sentences/(?P<debate>[\w-]+)\.json$", annotate.list_sentences),
    (r"^/q/(?P<id>[^/]+)/edit$", annotate_edit.edit_annotation),
    (r"^/(?P<of>q|reply|moment)/(?P<id>[^/]+)/(?P<what>withdraw|restore)$", withdraw.withdraw_or_restore),
    (r"^/undo$", undo.undo_entries),
    (r"^/q/(?P<id>[^/]+)/reply$", replies.show_reply_form),
    (r"^/reply/(?P<id>[^/]+)/edit$", replies.show_edit_form),
    (r"^/speech/(?P<reference>.+)/moment$", moments.tag_moment),
    (r"^/moment/(?P<id>[^/]+)\.jsonld$", moments.show_jsonld),
    (r"^/debate/(?P<id>[\w-]+)/blind$", blind.show_own_pass),
    # review and log
    (r"^/review$", review.show_suggestion),
    (r"^/review/queues$", review.show_queues),
    (r"^/review/done$", review.show_done),
    (r"^/review/decide$", review.decide_suggestion),
    (r"^/review/batch$", review_batch.show_batch),
    (r"^/review/changed$", review_changed.show_changed),
    (r"^/review/mend$", review_changed.decide_changed),
    (r"^/log$", log.show_log),
    (r"^/log\.json$", log.show_json),
    # verifying
    (r"^/verify$", verify.verify_page),
    # programs, feeds and crawlers
    (r"^/api/?$", api.show_api),
    (r"^/api/openapi\.json$", api.show_openapi),
    (r"^/annotations$", protocol.redirect_to_container),
    (r"^/annotations/$", protocol.show_container),
    (r"^/annotations/(?P<id>[^/]+)$", protocol.show_member),
    (r"^/feeds/?$", feeds.show_feeds),
    (r"^/feeds/(?P<name>mentions|annotations|changes|log)\.atom$", feeds.show_feed),
    (r"^/feeds/search\.atom$", feeds.show_search_feed),
    (r"^/sitemap(-(?P<number>[1-9][0-9]{0,4}))?\.xml$", crawlers.show_sitemap),
    (r"^/llms\.txt$", crawlers.show_llms_text),
    # the site itself
    (r"^/statements/(?P<table>about|counted|heard)/[^/]+$", moved_rows.redirect_renamed_table),
    (r"^/sign-in$", sign_in.sign_in),
    (r"^/sign-out$", sign_in.sign_out),
    (r"^/runs$", runs.show_runs),
    (r"^/healthz$", runs.show_health),
    (r"^/-/(?:patterns|allow-debug|messages|permissions|threads)$", request_guard.answer_debug_page),
)
