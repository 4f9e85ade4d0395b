"""Annotations as programs send them by the W3C protocol."""

from annotations.exchange import w3c_write as w3c
from tests.support.addresses import FILM, SPEECH

ROOT, CONTEXT = "/annotations/", "http://www.w3.org/ns/anno.jsonld"
EXACT = "that the official say at the outset who he or she is"


def film(value="t=62,70", **other):
    body = {"type": "SpecificResource", "source": f"http://localhost/speech/{SPEECH}", "purpose": "linking"}
    selector = {"type": "FragmentSelector", "conformsTo": w3c.MEDIA, "value": value}
    made = {"@context": w3c.CONTEXT, "type": "Annotation", "motivation": "linking", "body": [body]}
    return {**made, "target": {"source": FILM, "selector": selector}, **other}


def words(value, purpose):
    return {"type": "TextualBody", "value": value, "purpose": purpose}


def make_quote_target(exact=EXACT):
    return {
        "dc:identifier": "uk.org.publicwhip/debate/2008-06-22c.101.5",
        "source": "https://www.theyworkforyou.com/debates/?id=2008-06-22c.101.5",
        "selector": {"type": "TextQuoteSelector", "exact": exact},
    }


def make_point_body(point="participation-online/be-credible"):
    return {"type": "SpecificResource", "source": f"http://localhost/guidance/{point}", "purpose": "classifying"}


def note(**other):
    bodies = [make_point_body(), words("said", "assessing"), words("A note.", "commenting")]
    made = {"@context": CONTEXT, "type": "Annotation", "motivation": ["linking", "classifying"], "body": bodies}
    return {**made, "target": make_quote_target(), **other}


def answer(target, stance="disputes"):
    bodies = [words("Not so.", "replying"), words(stance, "assessing")]
    return {"@context": CONTEXT, "type": "Annotation", "motivation": "replying", "body": bodies, "target": target}


def get_location_path(response):
    return response.headers["location"].removeprefix("http://localhost")


async def count_total(ask):
    return (await ask("GET", ROOT, 200, Cookie="x=1")).json()["total"]
