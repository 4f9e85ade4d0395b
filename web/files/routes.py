"""/debate/ID.bib and the like: debates, speeches, people, searches and lists as BibTeX, RIS, JSON and CSV.

An address that means a debate or a speech as it is, dot and ending included, is that of its page.
"""

from collections.abc import Mapping
from urllib.parse import unquote

from db.references import RedirectLoopError, ResolvedReference, find_references
from db.sqlite import OPERATIONAL_ERRORS
from db.statements.debates import DebateRecord
from web.debates.queries import FILTERS, MOST_LISTED, list_debates, read_debate_page
from web.files import view
from web.http.as_of_date import AS_OF, render_if_too_early, render_not_held, serve_as_of
from web.http.datasette_types import Datasette, Request, Response
from web.http.error_forms import answer_error_as_data
from web.http.file_answers import send_csv, send_json, send_text
from web.http.pages import NO_STORE, parse_page_number, read_arguments, redirect_permanently, render_missing
from web.http.reading import read_page, read_today
from web.http.references import build_address, resolve_reference
from web.http.site_url import find_base_url
from web.people.queries import follow_redirect, read_name, read_person, read_speakers
from web.rendering.citation_formats import FILE_FORMATS, Citation, cite_debate, cite_person, cite_speech
from web.search.queries import FILTERS as SEARCH_FILTERS
from web.search.queries import MAX_PAGES, ORDERS, read_search
from web.search.query_parser import MAX_LENGTH
from web.urls import url_for

MAX_PAGE = 10_000  # pages of a list
FOUND_AT_ONCE = 100  # speeches that a search finds


@serve_as_of
async def send_debate(datasette: Datasette, request: Request) -> Response:
    """Send a debate: its citation, or its speeches with their notes."""
    return await _send_record(datasette, request, "debate")


@serve_as_of
async def send_speech(datasette: Datasette, request: Request) -> Response:
    """Send a speech: its citation, or its words with their notes."""
    return await _send_record(datasette, request, "speech")


async def _send_record(datasette: Datasette, request: Request, kind: str) -> Response:
    reference, form = unquote(request.url_vars["id"]), request.url_vars["form"]
    if page := await _find_page(datasette, f"{reference}.{form}", kind):
        return redirect_permanently(page)
    found = await resolve_reference(datasette, request, reference, kind)
    if not isinstance(found, ResolvedReference):
        return _redirect_to_file(found, form)
    model = await read_page(datasette, lambda conn: read_debate_page(conn, found.debate_id))
    if model and (early := await render_if_too_early(datasette, request, reference, model.record.debate["date"])):
        return early
    if not model or not model.is_held(found.speech_id):
        return await render_not_held(datasette, request, reference)
    return write_record(model.record, found.speech_id, form, find_base_url(request))


async def _find_page(datasette: Datasette, address: str, kind: str) -> str:
    """Return the address of the page of a debate or speech whose reference ends as that of a file does; else ""."""
    try:
        found = await read_today(datasette, lambda conn: find_references(conn, address))
    except RedirectLoopError:
        return ""
    return build_address(found[0], kind) if len(found) == 1 else ""


def _redirect_to_file(answer: Response, form: str) -> Response:
    """Redirect to the file where an answer redirects to the page."""
    if address := (answer.headers or {}).get("Location"):
        answer.headers = {**answer.headers, "Location": f"{address.partition('#')[0]}.{form}"}
    return answer


def write_record(record: DebateRecord, speech_id: str | None, form: str, base: str) -> Response:
    """Write a debate, or one speech of it, in a format."""
    debate = record.debate
    speeches = [each for each in record.speeches if speech_id in (None, each["id"])]
    name = speech_id or debate["id"]
    if form in ("bib", "ris"):
        cited = cite_speech(speeches[0], debate, base) if speech_id else cite_debate(debate, base)
        return _send_citation(cited, form, name)
    made = [view.make_speech(each, record, base) for each in speeches]
    if form == "csv":
        return send_csv(view.SPEECH_COLUMNS, map(view.make_speech_row, made), name)
    whole = view.make_debate(debate, base)
    return send_json(_date({**made[0], "debate": whole} if speech_id else {**whole, "speeches": made}), name)


async def send_search(datasette: Datasette, request: Request) -> Response:
    """Send the speeches that a search finds, FOUND_AT_ONCE at a time, by ?page: as data, or as citations."""
    asked, form = read_arguments(request, ("q", "sort"), MAX_LENGTH), request.url_vars["form"]
    filters, at = read_arguments(request, SEARCH_FILTERS), parse_page_number(request.args.get("page"), MAX_PAGES)
    sort, typed = asked["sort"] if asked["sort"] in ORDERS else "newest", asked["q"].strip()
    try:
        _, results = await read_today(
            datasette, lambda conn: read_search(conn, typed, filters, sort, at, FOUND_AT_ONCE), typed=True
        )
    except OPERATIONAL_ERRORS as error:
        if str(error) != "interrupted":
            raise
        sentence = "This search took too long: ask for fewer words, or for one year."
        return answer_error_as_data(request, 503, sentence, NO_STORE) or Response.text(sentence, status=503)
    base = find_base_url(request)
    if form in ("bib", "ris"):
        write, media = FILE_FORMATS[form]
        cited = (write(cite_speech(row, view.read_debate(row), base)) for row in results.speeches)
        return send_text("".join(cited), media, f"search.{form}")
    found = [view.make_found_speech(row, base) for row in results.speeches]
    if form == "csv":
        return send_csv(view.FOUND_COLUMNS, found, "search")
    told = {"query": typed, "total": results.total, "checked": results.checked, "page": at, "more": results.more}
    return send_json({**told, "results": found}, "search")


def _send_citation(cited: Citation, form: str, name: str) -> Response:
    write, media = FILE_FORMATS[form]
    return send_text(write(cited), media, f"{name}.{form}")


def _date(data: Mapping[str, object]) -> dict[str, object]:
    """Add the day of ?as_of, or None for today."""
    as_of = AS_OF.get()
    return {**data, "as_of": as_of.date if as_of else None}


@serve_as_of
async def send_person(datasette: Datasette, request: Request) -> Response:
    """Send a person: the citation of their page, or what they are and said."""
    id, form = f"person/{request.url_vars['id'].removeprefix('person/')}", request.url_vars["form"]
    cited = form in ("bib", "ris")
    named, found, new = await read_page(
        datasette,
        lambda conn: (read_name(conn, id), None if cited else read_person(conn, id), follow_redirect(conn, id)),
    )
    if not named and new and new.startswith("person/"):
        return redirect_permanently(url_for("person_file", id=new.removeprefix("person/"), form=form))
    base, name = find_base_url(request), id.replace("/", "-")
    if named and cited:
        return _send_citation(cite_person(id, named, base), form, name)
    if not found:
        return await render_missing(datasette, request, id)
    whole = view.make_person(found, base)
    if form == "csv":
        return send_csv(view.SAID_COLUMNS, view.make_said_rows(whole), name)
    return send_json(_date(whole), name)


@serve_as_of
async def send_people(datasette: Datasette, request: Request) -> Response:
    """Send all speakers of the debates that mention a topic or hold a quote."""
    base = find_base_url(request)
    people = [view.make_speaker(row, base) for row in await read_page(datasette, read_speakers)]
    if request.url_vars["form"] == "csv":
        return send_csv(view.SPEAKER_COLUMNS, people, "people")
    return send_json(_date({"people": people}), "people")


@serve_as_of
async def send_debates(datasette: Datasette, request: Request) -> Response:
    """Send a list of debates, newest first, by the filters of the page /debates; MOST_LISTED at a time, by ?page."""
    filters, at = read_arguments(request, FILTERS), parse_page_number(request.args.get("page"), MAX_PAGE)
    day = AS_OF.get()
    until = day.date if day else ""
    listed = await read_page(datasette, lambda conn: list_debates(conn, filters, at, size=MOST_LISTED, until=until))
    base = find_base_url(request)
    debates = [view.make_listed_debate(row, base) for row in listed.debates]
    if request.url_vars["form"] == "csv":
        return send_csv(view.DEBATE_COLUMNS, debates, "debates")
    return send_json({"total": listed.total, "page": at, "more": listed.more, "debates": debates}, "debates")
