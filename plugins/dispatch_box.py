"""Bridge for Datasette: register the modules of web/ that implement its hooks, in this order."""

from importlib import import_module

from datasette.plugins import pm

MODULES = (
    "web.sign_in.routes",
    "web.agreement.routes",
    "web.middleware.sql_sandbox",
    "web.middleware.database_reload",
    "web.annotate.routes",
    "web.api.routes",
    "web.http.as_of",
    "web.blind.routes",
    "web.coverage.routes",
    "web.crawlers.routes",
    "web.debates.routes",
    "web.middleware.request_guard",
    "web.annotate.edit",
    "web.editions.routes",
    "web.feeds.routes",
    "web.middleware.etags",
    "web.guidance.routes",
    "web.middleware.security_headers",
    "web.home.routes",
    "web.tables.cells",
    "web.log.routes",
    "web.moments.routes",
    "web.people.routes",
    "web.protocol.routes",
    "web.quotes.routes",
    "web.middleware.page_cache",
    "web.replies.routes",
    "web.review.routes",
    "web.review.batch",
    "web.review.changed",
    "web.runs.routes",
    "web.search.routes",
    "web.withdraw.routes",
    "web.tables.column_descriptions",
    "web.tables.csv_guard",
    "web.timeline.routes",
    "web.undo.routes",
    "web.verify.routes",
    "web.rendering.filters",
)

for name in MODULES:
    if not pm.has_plugin(name):
        pm.register(import_module(name), name)
