"""The head of a page by its kind: description, canonical address, OpenGraph and schema.org's JSON-LD.

Absolute addresses begin with the site's own (BASE_URL); without one, whatever needs an absolute address is left out.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import urlencode

from jinja2 import pass_context

from db.citation import format_date
from db.records.annotation import PROVEN
from db.records.source import LICENCE_URL
from db.sqlite import Row
from web.rendering.citation_formats import HOUSE_NAMES, SITE, find_official_page
from web.rendering.wording import format_count, shorten
from web.urls import STATIC, add_prefix, find_route, hash_static_file, path_for

ABOUT = (
    "Dispatch Box links what was said in the UK Parliament to the guidance it is about, word for word, "
    "with a source for every quote."
)
DESCRIPTIONS = {  # by the name of the route
    "home": ABOUT,
    "debates": "Debates of the UK Parliament in this archive, newest first, with the quotes and mentions in each.",
    "guidance": "Guidance documents, point by point, and what was said in Parliament on each point.",
    "coverage": "Which points of guidance have come up in Parliament, how often, when, and who spoke on them.",
    "timeline": "Mentions and quotes in Parliament over time, month by month.",
    "quotes": "Words said in Parliament, each linked to a point of guidance, with speaker, date and disputes.",
    "people": "Who spoke in Parliament on the topics and guidance of this archive, with their quotes and mentions.",
    "verify": "Check a quotation against Hansard: whether it was said, by whom, and every word that differs.",
    "feeds": "Atom feeds of new mentions, notes, changed texts and searches.",
    "api": "Every address at which a program can read or write the data of this archive.",
    "runs": "When this archive was last updated from its sources, and what is missing.",
    "log": "Every note, reply and decision in this archive, and who made it.",
    "agreement": "How far people who annotated the same debates agree.",
}
HIDDEN = frozenset(  # routes of pages that search engines should not list: searches, forms and what only some may do
    ("search", "annotate", "edit_quote", "reply", "edit_reply", "tag_moment", "blind", "undo", "sign_in", "log")
)
LISTS = frozenset(("debates", "people", "timeline", "coverage", "quotes", "point", "agreement"))
KEPT_PARAMETERS = (
    *("house", "kind", "date", "year", "topic", "by", "document"),
    *("point", "month", "speaker", "reading", "page"),
)  # of lists, in a canonical address
DEFAULTS = frozenset((("by", "month"), ("page", "1")))
MAX_DESCRIPTION = 200  # characters
CARD = STATIC / "card.png"
Data = Row
Crumb = tuple[str, str]  # name, and path within the site


class PageHead(NamedTuple):
    """The contents of a page's head; `image` and `base` are "" without an address of the site.

    `canonical` is absolute with a base, else the path. `kind` is OpenGraph's type; `graph` is JSON-LD, None for none.
    """

    description: str
    indexed: bool
    canonical: str
    base: str
    kind: str
    image: str
    graph: Data | None


class PageSubject(NamedTuple):
    """The subject of a page: description, OpenGraph's type, nodes of JSON-LD, crumbs, and the path of a picture."""

    about: str
    kind: str = "website"
    nodes: tuple[Data, ...] = ()
    crumbs: tuple[Crumb, ...] = ()
    image: str = ""


@pass_context
def describe_page(context: Data) -> PageHead:
    """Describe the page that a template shows, by the variables of its context."""
    request, base = context.get("request"), context.get("site_url") or ""
    path = request.path if request else "/"
    route = find_route(path) if request else ""
    describe = SUBJECTS.get(route)
    subject = (describe and describe(context, base)) or PageSubject(about=DESCRIPTIONS.get(route, ABOUT))
    return PageHead(
        description=shorten(subject.about, MAX_DESCRIPTION),
        indexed=_may_be_indexed(context, route),
        canonical=(base + path if base else add_prefix(path)) + _keep_parameters(route, request),
        base=base,
        kind=subject.kind,
        image=base and base + (subject.image or _find_site_card()),
        graph=_make_graph(subject, base),
    )


@cache
def _find_site_card() -> str:
    return f"{path_for('static', file=CARD.name)}?{hash_static_file(CARD)}"


def _may_be_indexed(context: Data, route: str) -> bool:
    actor, request = context.get("actor"), context.get("request")
    signed_in = bool(actor and actor.get("role"))
    asked = bool(request and route == "verify" and request.args.get("quote"))
    return not (context.get("then") or signed_in or asked or route in HIDDEN or route.startswith("review"))


def _keep_parameters(route: str, request: Any) -> str:
    """Return the part of the query that chooses what a list shows, without how it is shown."""
    keys = KEPT_PARAMETERS if route in LISTS else ("speech",) if route == "annotate" else ()
    given = [(key, value) for key in keys if request and (value := request.args.get(key))]
    kept = urlencode([pair for pair in given if pair not in DEFAULTS])
    return f"?{kept}" if kept else ""


def _make_graph(subject: PageSubject, base: str) -> Data | None:
    nodes = [_drop_empty(node) for node in subject.nodes]
    if base and subject.crumbs:
        nodes.append(_make_breadcrumbs(subject.crumbs, base))
    return {"@context": "https://schema.org", "@graph": nodes} if nodes else None


def _drop_empty(node: Data) -> Data:
    return {key: _drop_empty(value) if isinstance(value, dict) else value for key, value in node.items() if value}


def _make_breadcrumbs(crumbs: tuple[Crumb, ...], base: str) -> Data:
    items = [
        {"@type": "ListItem", "position": n, "name": name, "item": base + path}
        for n, (name, path) in enumerate((("Home", path_for("home")), *crumbs), 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def _describe_home(context: Data, base: str) -> PageSubject:
    search = {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": f"{base}{path_for('search')}?q={{search_term_string}}"},
        "query-input": "required name=search_term_string",
    }
    site = {"@type": "WebSite", "name": SITE, "description": ABOUT, "url": base and base + path_for("home")}
    archive = {
        "@type": "Dataset",
        "name": "Dispatch Box: what Parliament said, and the guidance it is about",
        "description": f"{ABOUT} Debates, speeches, mentions, quotes and notes, as CSV and JSON.",
        "license": LICENCE_URL,
        "isAccessibleForFree": True,
        "url": base and base + path_for("database"),
        "distribution": base and _list_downloads(base),
    }
    action = search if base and not context.get("exported") else {}
    return PageSubject(about=ABOUT, nodes=({**site, "potentialAction": action}, archive))


def _list_downloads(base: str) -> list[Data]:
    tables = ("debates", "people")
    return [
        {
            "@type": "DataDownload",
            "encodingFormat": "text/csv",
            "contentUrl": base + path_for(f"{name}_file", form="csv"),
        }
        for name in tables
    ]


def _describe_debate(context: Data, base: str) -> PageSubject | None:
    debate, speech = context.get("debate"), context.get("speech")
    if not debate:
        return None
    crumbs = _list_debate_crumbs(debate)
    if speech:
        about = f"{speech['speaker'] or 'Proceedings'}, {format_date(speech['date'])}: “{shorten(speech['text'], 150)}”"
        name = f"{speech['speaker'] or 'Proceedings'}, {speech['citation']}"
        nodes = (make_speech_node(speech, debate, base),)
        own = (*crumbs, (name, _path_of(speech, "speech")))
        return PageSubject(about=about, kind="article", nodes=nodes, crumbs=own)
    counts = [
        format_count(len(context.get(key) or ()), noun) for key, noun in (("mentions", "mention"), ("notes", "note"))
    ]
    about = (
        f"{debate['title']}: debate in the {HOUSE_NAMES[debate['house']]} on {format_date(debate['date'])} "
        f"({debate['citation']}), {format_count(debate['speeches'], 'speech', 'speeches')}, {' and '.join(counts)}."
    )
    return PageSubject(about=about, kind="article", nodes=(make_debate_node(debate, base),), crumbs=crumbs)


def _path_of(row: Data, page: str) -> str:
    return path_for(page, id=row["id"])


def _list_debate_crumbs(debate: Data) -> tuple[Crumb, ...]:
    return (("Debates", path_for("debates")), (debate["title"], _path_of(debate, "debate")))


def make_debate_node(debate: Data, base: str) -> Data:
    """Make the node of a debate."""
    return {
        "@type": "Article",
        "headline": debate["title"],
        "name": debate["title"],
        "datePublished": debate["date"],
        "author": {"@type": "Organization", "name": HOUSE_NAMES[debate["house"]]},
        "publisher": {"@type": "Organization", "name": "UK Parliament"},
        "isPartOf": {"@type": "Periodical", "name": "Hansard"},
        "citation": debate["citation"],
        "license": LICENCE_URL,
        "inLanguage": "en-GB",
        "sameAs": find_official_page(debate),
        "url": base and base + _path_of(debate, "debate"),
    }


def make_speech_node(speech: Data, debate: Data, base: str) -> Data:
    """Make the node of a speech."""
    return {
        **make_debate_node(debate, base),
        "headline": f"{speech['speaker'] or 'Proceedings'} in {debate['title']}",
        "name": f"{speech['speaker'] or 'Proceedings'} in {debate['title']}",
        "author": make_person_node(speech["speaker"], speech["person_id"], base),
        "citation": speech["citation"],
        "wordCount": speech["words"],
        "isPartOf": make_debate_node(debate, base),
        "sameAs": find_official_page(speech),
        "url": base and base + _path_of(speech, "speech"),
    }


def make_person_node(name: str | None, person_id: str | None, base: str) -> Data:
    """Make the node of a person; {} for nobody."""
    page = person_id and path_for("person", id=person_id.removeprefix("person/"))
    return {"@type": "Person", "name": name, "url": base + page if base and page else ""} if name else {}


def _describe_quote(context: Data, base: str) -> PageSubject | None:
    note, speech, debate = context.get("note"), context.get("speech"), context.get("debate")
    if not note or note["status"] == "withdrawn":
        return PageSubject(about="A quote that was withdrawn.") if note else None
    point = f"{note['reading'].capitalize()} on “{note['point_title']}” ({note['document_title']})"
    crumbs = (*(_list_debate_crumbs(debate) if debate else ()), ("Quote", _path_of(note, "quote")))
    if note["anchor"] not in PROVEN or not speech or not debate:
        return PageSubject(about=f"A quote whose wording has changed since. {point}.", kind="article", crumbs=crumbs)
    who, words = speech["speaker"] or "The record", note["exact"]
    about = f"“{shorten(words, 120)}” {who}, {format_date(speech['date'])}. {point}."
    image = "" if context.get("exported") else f"{crumbs[-1][1]}.png"
    node = {
        "@type": "Quotation",
        "text": words,
        "spokenByCharacter": make_person_node(speech["speaker"], speech["person_id"], base),
        "creator": make_person_node(speech["speaker"], speech["person_id"], base),
        "dateCreated": speech["date"],
        "citation": speech["citation"],
        "isPartOf": make_debate_node(debate, base),
        "about": {"@type": "DefinedTerm", "name": note["point_title"], "inDefinedTermSet": note["document_title"]},
        "inLanguage": "en-GB",
        "license": LICENCE_URL,
        "url": base and base + _path_of(note, "quote"),
    }
    return PageSubject(about=about, kind="article", nodes=(node,), crumbs=crumbs, image=image)


def _describe_person(context: Data, base: str) -> PageSubject | None:
    person = context.get("person")
    if not person:
        return None
    name = person["name"] or person["id"]
    counts = (format_count(person["quotes"], "quote"), format_count(len(person["points"]), "point"))
    about = (
        f"What {name} said in Parliament: {counts[0]} on {counts[1]} of guidance, "
        f"{format_count(person['mentions'], 'mention')} of a topic."
    )
    seats = person.get("memberships") or [{}]
    party = {"@type": "Organization", "name": seats[-1].get("party")} if seats[-1].get("party") else {}
    node = {**make_person_node(name, person["id"], base), "affiliation": party}
    page = (name, path_for("person", id=person["id"].removeprefix("person/")))
    profile = {"@type": "ProfilePage", "mainEntity": node, "url": base and base + page[1]}
    crumbs = (("People", path_for("people")), page)
    return PageSubject(about=about, kind="profile", nodes=(profile,), crumbs=crumbs)


def _describe_document(context: Data, base: str) -> PageSubject | None:
    document = context.get("document")
    if not document:
        return None
    page = (document["title"], path_for("document", id=document["id"]))
    about = f"{document['title']} ({document['author']}, {format_date(document['published'])}), point by point."
    node = {
        "@type": ["DefinedTermSet", "CreativeWork"],
        "name": document["title"],
        "description": document["note"],
        "author": {"@type": "Organization", "name": document["author"]},
        "datePublished": document["published"],
        "sameAs": document["url"],
        "url": base and base + page[1],
    }
    crumbs = (("Guidance", path_for("guidance")), page)
    return PageSubject(about=about, kind="article", nodes=(node,), crumbs=crumbs)


def _describe_point(context: Data, base: str) -> PageSubject | None:
    point = context.get("point")
    if not point:
        return None
    document = point["document"]
    page = (point["title"], path_for("point", id=point["id"]))
    parent = (document["title"], path_for("document", id=point["document_id"]))
    about = f"{point['title']}: {point['paraphrase']} What was said in Parliament on this point of {document['title']}."
    node = {
        "@type": "DefinedTerm",
        "name": point["title"],
        "description": point["paraphrase"],
        "termCode": point["number"],
        "inDefinedTermSet": {"@type": "DefinedTermSet", "name": parent[0], "url": base and base + parent[1]},
        "sameAs": point["url"],
        "url": base and base + page[1],
    }
    crumbs = (("Guidance", path_for("guidance")), parent, page)
    return PageSubject(about=about, kind="article", nodes=(node,), crumbs=crumbs)


SUBJECTS: Mapping[str, Callable[[Data, str], PageSubject | None]] = {  # by the name of the route
    "home": _describe_home,
    "debate": _describe_debate,
    "speech": _describe_debate,
    "quote": _describe_quote,
    "person": _describe_person,
    "document": _describe_document,
    "point": _describe_point,
}
