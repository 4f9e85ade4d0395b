"""Whoever annotates a debate blind walks the whole site, and finds nothing that others said of that debate."""

import re
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner

from annotations.__main__ import cli
from annotations.commands import journal_writer as writer
from db.journal.entries import EntryDraft, read_journal
from tests.support.blind import DEBATE, POINT
from tests.support.journal_drafts import annotate
from tests.support.profiles import NIGHTLY
from tests.support.protocol import answer
from tests.support.sites import open_site
from web.urls import ROUTES

pytestmark = pytest.mark.slow

SPEECH, OTHER = "d-2008-06-22c-101-5", "d-2008-06-22c-101-7"
GID, OTHER_GID = (f"uk.org.publicwhip/debate/2008-06-22c.101.{n}" for n in (5, 7))
AUTHOR = {"creator": "Zebedee", "created": "2026-11-24"}
TOLD = re.compile("zebra|zebedee", re.IGNORECASE)  # in all that Zebedee says, and in the ids of it
FILM = {"source": "https://zebra.example/sitting.webm", "start": 5.0}
SAYS = {"exact": "plain question", "speech": OTHER, "point": POINT, "reading": "said", "note": "Mine."}
GONE = "zebra-undone"
IDS = ("zebra-1", GONE, "zebra-gone")
WALK = [
    *("/", "/sign-in", "/sign-out", "/annotate", f"/annotate?speech={SPEECH}", "/agreement", "/agreement.json"),
    *(
        "/agreement.csv",
        f"/agreement/{DEBATE}",
        f"/agreement/{DEBATE}.json",
        f"/agreement/{DEBATE}.csv",
        "/api",
        "/undo",
    ),
    *(
        "/api/openapi.json",
        f"/debate/{DEBATE}/blind",
        "/coverage",
        "/coverage.csv",
        "/coverage?by=speaker",
        "/sitemap.xml",
        "/sitemap-1.xml",
        "/debate",
    ),
    *(
        "/coverage.csv?by=speaker",
        "/llms.txt",
        "/debates",
        "/debates?annotated=1",
        f"/debate/{DEBATE}",
        "/-/threads",
        "/whall",
    ),
    *(f"/debate/{DEBATE}?notes={way}" for way in ("margin", "inline", "off", "end")),
    *(f"/debate/{DEBATE}?person=Zebedee", f"/debate/{DEBATE}?as_of=2027", f"/debate/{DEBATE}?as_of=2020"),
    *(f"/debate/{DEBATE}/changes", f"/speech/{SPEECH}", f"/speech/{OTHER}", f"/speech/{SPEECH}/editions"),
    *(f"/speech/{SPEECH}/moment", f"/speech/{OTHER}/moment", f"/text/{SPEECH}", "/feeds", "/feeds/mentions.atom"),
    *(
        "/feeds/annotations.atom",
        "/feeds/changes.atom",
        "/feeds/search.atom?q=question",
        "/guidance",
        f"/guidance/{POINT}",
    ),
    *(
        "/guidance/participation-online",
        "/log",
        "/log.json",
        "/log?actor=Zebedee",
        "/log.json?actor=Zebedee",
        "/people",
    ),
    *(
        "/log?kind=reply",
        "/log?moderation=1",
        "/people/990002",
        "/annotations",
        "/annotations/",
        "/annotations/?page=0",
    ),
    *("/annotations/?iris=1", "/review", "/review?point=" + POINT, f"/review?debate={DEBATE}", "/review/queues"),
    *(
        *("/review/hidden?why=noted", f"/review/hidden?why=rejected&debate={DEBATE}", "/review/done"),
        "/review/done?person=Zebedee",
        "/review/changed",
        "/review/batch",
        "/review/batch?suggester=rules",
    ),
    *("/review/decide", "/review/mend", "/runs", "/healthz", "/search?q=zebra", "/search?q=question", "/points.json"),
    *(
        f"/sentences/{DEBATE}.json",
        "/timeline",
        "/verify",
        "/verify?quote=which+office",
        "/verify.json?quote=zebra",
        "/feeds/person/990002.atom",
    ),
    *(f"/statements/{table}/1" for table in ("about", "counted", "heard")),
    *("/statements", "/statements/annotations.json", "/statements/annotation_history.csv", "/statements/passages.json"),
    *(
        "/statements.db",
        "/statements?sql=select+*+from+replies",
        "/-/databases.json",
        "/-/actor.json",
        "/-/metadata.json",
    ),
    *(
        f"/q/{id}{end}"
        for id in IDS
        for end in ("", ".bib", ".ris", ".json", ".txt", ".csv", ".jsonld", "/edit", "/reply")
    ),
    *(f"/q/{id}/{what}" for id in IDS for what in ("withdraw", "restore")),
    *(f"/annotations/{id}" for id in (*IDS, "zebra-reply")),
    *("/q/zebra-reply", "/moment/zebra-film.jsonld", "/moment/zebra-film/withdraw", f"/review/changed?at={IDS[0]}"),
    *(f"/reply/zebra-reply/{what}" for what in ("edit", "withdraw", "restore")),
    *("/feeds/log.atom", "/log?moderation=1", f"/log?annotation={IDS[0]}", "/annotations/zebra-hushed"),
    *(f"/debate/{DEBATE}.{form}" for form in ("json", "csv", "bib")),
    *(
        "/speech/d-2008-06-22c-101-5.json",
        "/people/990002.json",
        "/people/990002.csv",
        "/people.csv",
        "/debates.json",
        "/search.csv?q=zebra",
    ),
    *("/q/ada-1", "/q/ada-1.jsonld", "/annotations/ada-1", "/q/ada-1/edit", "/q/ada-1/reply"),
    *("/quotes", f"/quotes?point={POINT}&reading=said", "/quotes?month=2008&house=commons", "/me"),
]


FORMS = ("text/html", "application/json", "application/ld+json")


def said(places):
    """All that Zebedee says of the debate, and of what Ada says of it; the entry of Ada's annotation."""
    [made] = writer.enter_drafts(
        places, [annotate("ada-1", "Ada", "plain question", target=OTHER_GID, creator="Ada")]
    ).entries
    answer = {"stance": "disputes", "text": "A zebra disputes it.", **AUTHOR}
    about = {"suggester": "rules", "version": "1", "point": POINT, "target": GID, "exact": "which office"}
    act = lambda kind, **payload: EntryDraft("Zebedee", kind, payload)  # noqa: E731
    [*_, undone] = writer.enter_drafts(
        places,
        [
            annotate(IDS[0], "Zebedee", note="A zebra’s note.", **AUTHOR),
            annotate(IDS[2], "Zebedee", note="A zebra’s other note.", **AUTHOR),
            act("reply", id="zebra-reply", annotation=IDS[0], **answer),
            act("reply", id="zebra-hushed", annotation=IDS[0], **answer),
            act("withdraw", reply="zebra-hushed", reason="A zebra hushes."),
            act("reply", id="zebra-to-ada", annotation="ada-1", **answer),
            act("moment", id="zebra-film", target=GID, note="The zebra speaks.", annotation=IDS[0], **FILM, **AUTHOR),
            act("moment", id="zebra-film-2", target=OTHER_GID, note="The zebra sits.", **FILM, **AUTHOR),
            act("withdraw", moment="zebra-film-2", reason="No zebra there."),
            act("withdraw", annotation=IDS[2], reason="A zebra errs."),
            act("withdraw", annotation="specimen-1", reason="A zebra objects."),
            act("restore", annotation="specimen-1", reason="A zebra relents."),
            act("reject", suggestion="0" * 64, reason="A zebra rejects.", **about),
            act("confirm", suggestion="1" * 64, annotation=IDS[0], **about),
            annotate(GONE, "Zebedee", note="A zebra’s undone note.", **AUTHOR),
        ],
    ).entries
    writer.enter_drafts(places, [act("reply", id="zebra-to-gone", annotation=GONE, **answer)])
    assert writer.enter_drafts(places, [act("undo", entry=undone.id)]).shown
    return made.id


def patterns():
    """The addresses that our plugin answers at."""
    yield from (route.pattern for route in ROUTES)


def test_the_walk_covers_every_route():
    paths = [path.partition("?")[0] for path in WALK]
    every = list(patterns())
    assert len(every) > 50
    assert [each for each in every if not any(re.search(each, path) for path in paths)] == []


def choose_forms(turn):
    """Choose by day the page of each address, and one of the other forms in turn; at night all of them."""
    return FORMS if NIGHTLY else (FORMS[0], FORMS[1 + turn % 2])


async def test_a_blind_annotator_finds_no_notes_of_others_at_any_address(ds, places, tokens, step):
    said(places)
    assert (await step("Ada")).status_code == 201
    found, seen = [], 0
    for turn, path in enumerate(WALK):
        for accept in choose_forms(turn):
            for who in ("Ada", "Bob") if NIGHTLY or accept == FORMS[0] else ("Ada",):  # Bob shows what there is to find
                got = await ds.client.get(path, headers={**tokens[who], "Accept": accept})
                words = got.text
                for asked in (path, quote(path), path.rsplit("/", 1)[-1], *re.findall("[zZ]eb[a-z0-9-]+", path)):
                    words = words.replace(asked, "")  # what was asked for may be said back
                if who == "Ada" and (told := TOLD.search(words)):
                    found.append((path, accept, got.status_code, words[max(told.start() - 200, 0) : told.end() + 60]))
                seen += who == "Bob" and bool(TOLD.search(words))
                assert got.status_code < 500 or path == "/healthz", path
    assert found == []
    assert seen > 30  # there was something to find


async def test_the_lists_of_quotes_and_of_my_notes_keep_ones_own_and_hide_the_rest(ds, places, tokens, step):
    said(places)

    async def read(path):
        return BeautifulSoup((await ds.client.get(path, headers=tokens["Ada"])).text, "html.parser").main

    async def read_quotes():
        page = await read("/quotes?month=2008-06")
        counted = int(re.match(r"\d+", page.select_one(".lead").text)[0])
        listed = page.select("li.quoted")
        of_debate = [each for each in listed if each.select_one(f'a[href^="/debate/{DEBATE}#"]')]
        return counted, sum(len(each.select(".notes-of li")) for each in listed), of_debate

    *_, before = await read_quotes()
    assert any(TOLD.search(each.text) for each in before)
    assert "A zebra disputes it." in (await read("/me")).text
    assert (await step("Ada")).status_code == 201
    counted, listed, [own] = await read_quotes()
    assert counted == listed
    assert own.mark.text == "plain question"
    assert not TOLD.search(own.text)
    mine = (await read("/me")).text
    assert "plain question" in mine
    assert not re.search(rf"{TOLD.pattern}|\d repl", mine, TOLD.flags)


@pytest.mark.parametrize("id", [*IDS, "specimen-1"])
async def test_hidden_items_cannot_be_read_changed_or_tagged_by_guessing_their_id(ds, places, tokens, step, id):
    said(places)
    await step("Rex")
    before = [entry.id for entry in read_journal(places.journal)]
    posts = {
        f"/q/{id}/reply": {"stance": "agrees", "text": "So it is."},
        f"/q/{id}/withdraw": {"reason": "Guessed."},
        f"/q/{id}/restore": {"reason": "Guessed."},
        f"/q/{id}/edit": {"note": "Guessed."},
        "/moment/zebra-film/withdraw": {"reason": "Guessed."},
        "/reply/zebra-reply/withdraw": {"reason": "Guessed."},
        "/reply/zebra-hushed/restore": {"reason": "Guessed."},
        "/reply/zebra-reply/edit": {"text": "Guessed."},
        f"/speech/{SPEECH}/moment": {**FILM, "annotation": id},
        "/annotations/": answer(f"http://localhost/annotations/{id}"),
    }
    told = [(path, await ds.client.post(path, json=body, headers=tokens["Rex"])) for path, body in posts.items()]
    for verb in ("confirm", "repair", "withdraw"):
        body = {"annotation": id, "verb": verb, "exact": "which office", "reason": "Guessed.", "seen": "which office"}
        told.append((verb, await ds.client.post("/review/mend", json=body, headers=tokens["Rex"])))
    for method in ("put", "delete"):
        sent = {"headers": tokens["Rex"] | {"content-type": "application/json"}}
        request = getattr(ds.client, method)
        told.append(
            (method, await request(f"/annotations/{id}", **sent, **({"content": "{}"} if method == "put" else {})))
        )
    for what, each in told:
        assert 400 <= each.status_code < 500, what
        assert each.json()["error"].endswith("."), what
        assert not TOLD.search(each.json()["error"].replace(id, "")), what
    assert [entry.id for entry in read_journal(places.journal)] == before


async def test_a_posted_reply_is_answered_alike_for_hidden_and_missing_annotations(ds, places, tokens, step):
    said(places)

    async def posted(who, id):
        sent = answer(f"http://localhost/annotations/{id}")
        told = await ds.client.post("/annotations/", json=sent, headers=tokens[who])
        return told.status_code, told.text.replace(id, "ID")

    await step("Ada")
    assert await posted("Ada", IDS[0]) == await posted("Ada", "nobody-1")
    assert (await posted("Bob", IDS[0]))[0] != (await posted("Bob", "nobody-1"))[0]


async def test_refusing_an_undo_does_not_tell_a_blind_annotator_that_others_acted(ds, places, tokens, step):
    entry = said(places)
    await step("Ada")
    told = await ds.client.post("/undo", json={"entry": entry}, headers=tokens["Ada"])
    assert told.status_code == 409
    assert "Others" not in told.json()["error"]


async def test_pages_of_a_past_day_have_no_controls_to_write(ds, tokens):
    guidance = ("/guidance", "/guidance/participation-online", f"/guidance/{POINT}", "/coverage")
    for path in (f"/debate/{DEBATE}", f"/speech/{SPEECH}", *guidance):
        now, then = [(await ds.client.get(f"{path}{ask}", headers=tokens["Rex"])).text for ask in ("", "?as_of=2020")]
        main = then.partition("<main")[2].partition("</main>")[0]
        assert main
        assert 'method="post"' not in main, path
        for address in ("/annotate", "/blind", "/moment", "/review"):
            assert not re.search(rf'{address}["?]', main), (path, address)
        assert path in guidance or "/annotate?" in now


async def test_the_page_of_a_pass_ignores_as_of(ds, tokens):
    plain = await ds.client.get(f"/debate/{DEBATE}/blind", headers=tokens["Ada"])
    dated = await ds.client.get(f"/debate/{DEBATE}/blind?as_of=2020", headers=tokens["Ada"])
    assert (plain.status_code, dated.status_code) == (200, 200)
    assert 'value="begin"' in dated.text


async def test_a_blind_reviewer_goes_on_with_suggestions_on_other_debates(ds, places, tokens, step, folder):
    arguments = ["suggest", "--suggester", "rules", "--db-dir", str(folder)]
    assert CliRunner().invoke(cli, arguments).exit_code == 0
    ds = open_site(folder / "statements.db")
    whole = (await ds.client.get("/review", headers=tokens["Rex"])).text
    assert (await ds.client.post(f"/debate/{DEBATE}/blind", json={"step": "begin"}, headers=tokens["Rex"])).is_success
    page = BeautifulSoup((await ds.client.get("/review", headers=tokens["Rex"])).text, "html.parser")
    assert page.select_one(".review-form [name=key]")
    assert DEBATE in whole
    assert f"/debate/{DEBATE}#" not in page.select_one("main").decode()
