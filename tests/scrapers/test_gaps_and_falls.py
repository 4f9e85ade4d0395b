"""Gaps and falls: what is missing is reported, ends with exit code 1, and can be acknowledged."""

import json
import sqlite3
from pathlib import Path

import pytest

from scrapers.sources.hansard.found_words import explain_missing_words
from tests.support.cli import XML, call

DAY = "scrapedxml/debates/debates2008-06-18{letter}.xml"
GID = "uk.org.publicwhip/debate/2008-06-18{letter}.1.{number}"
TOPICS = '[[topic]]\nid = "hedges"\nfrom = "2008-01-01"\nto = "2008-12-31"\nexpect = 2\nphrases = {all = ["hedge"]}\n'


def write_day(folder: Path, letter: str, speeches: int) -> None:
    """Write a day's file with a debate of so many speeches, each a mention; without any, an empty file."""
    gids = [GID.format(letter=letter, number=number) for number in range(speeches + 1)]
    turns = "".join(
        f'<speech id="{gid}" speakername="A. Member" colnum="1" time="12:00:00" url="">'
        f'<p pid="a.{n}/1">A hedge, {n}.</p></speech>'
        for n, gid in enumerate(gids[1:], 1)
    )
    heading = f'<major-heading id="{gids[0]}" colnum="1" time="12:00:00" url="">Gardens</major-heading>'
    path = folder / "parldata" / DAY.format(letter=letter)
    path.parent.mkdir(parents=True, exist_ok=True)
    latest = f'<publicwhip scraperversion="{letter}" latest="yes">'
    path.write_text(f"{latest}{heading + turns if speeches else ''}</publicwhip>")


def scrape(folder: Path, verb: str = "scrape"):
    (folder / "topics.toml").write_text(TOPICS)
    where = ("--topics", folder / "topics.toml", "--db-dir", folder / "db")
    parldata = ("--parldata", (folder / "parldata").as_uri())
    return call("scrapers", verb, *(XML if verb == "scrape" else ()), *where, *(parldata if verb == "scrape" else ()))


def gaps(folder: Path, *arguments: object):
    return call("scrapers", "gaps", "--db-dir", folder / "db", *arguments)


@pytest.mark.slow
def test_a_day_that_comes_back_empty_is_told_until_it_is_acknowledged(tmp_path):
    write_day(tmp_path, "a", 3)
    assert scrape(tmp_path).returncode == 0
    write_day(tmp_path, "a", 0)
    for _ in range(2):
        done = scrape(tmp_path)
        assert done.returncode == 1
        assert "debates of 18 June 2008: fewer than before: 1 debates, now 0; 3 speeches, now 0" in done.stderr
        assert "hedges: fewer than before: 3 mentions, now 0" in done.stderr
    assert scrape(tmp_path, "load").returncode == 1
    stale = call("scrapers", "runs", "--fail-if-stale", "36h", "--db-dir", tmp_path / "db")
    assert stale.returncode == 1
    assert "hedges: 0 mentions, where at least 2 are expected; " in stale.stderr
    rows = [json.loads(line) for line in gaps(tmp_path, "--json").stdout.splitlines()]
    for row in rows:
        assert gaps(tmp_path, "acknowledge", row["id"], "--actor", "ada", "--reason", "a day off").returncode == 0
    done = scrape(tmp_path)
    assert (done.returncode, done.stderr) == (0, "see which are changed or lost, and why: dispatch-box check\n")
    assert gaps(tmp_path).stdout.count("by ada: a day off") == len(rows) == 2
    with sqlite3.connect(tmp_path / "db" / "statements.db") as conn:
        assert conn.execute("SELECT count(*) FROM gaps WHERE acknowledged LIKE '%ada%'").fetchone() == (2,)
    assert gaps(tmp_path, "undo", rows[0]["id"], "--actor", "bob").returncode == 0
    assert scrape(tmp_path).returncode == 1
    write_day(tmp_path, "a", 3)
    assert (scrape(tmp_path).returncode, gaps(tmp_path).stdout) == (0, "")


@pytest.mark.slow
def test_a_refused_document_counts_until_it_is_acknowledged_and_again_when_it_changes(tmp_path):
    write_day(tmp_path, "a", 2)
    path = tmp_path / "parldata" / DAY.format(letter="a").replace("06-18", "06-19")
    path.write_text("<publicwhip>")
    done = scrape(tmp_path)
    assert (done.returncode, "gap" in done.stdout) == (1, False), done.stderr
    [row] = [json.loads(line) for line in gaps(tmp_path, "--json").stdout.splitlines()]
    assert (row["source"], row["name"], row["start"]) == (
        "(refused)",
        "theyworkforyou/scrapedxml/debates/debates2008-06-19a.xml",
        "2008-06-19",
    )
    assert gaps(tmp_path, "acknowledge", row["id"], "--actor", "ada", "--reason", "broken for good").returncode == 0
    assert (scrape(tmp_path).returncode, scrape(tmp_path, "load").returncode) == (0, 0)
    assert call("scrapers", "runs", "--fail-if-stale", "36h", "--db-dir", tmp_path / "db").returncode == 0
    assert "acknowledged" in gaps(tmp_path).stdout
    path.write_text("<publicwhip><major-heading>")
    assert scrape(tmp_path).returncode == 1
    path.write_text('<publicwhip scraperversion="a" latest="yes"></publicwhip>')
    assert (scrape(tmp_path).returncode, gaps(tmp_path).stdout) == (0, "")


@pytest.mark.slow
def test_a_further_fall_after_an_acknowledged_one_is_told_and_a_partial_return_is_not(tmp_path):
    for speeches, code in ((9, 0), (5, 1), (5, 0), (6, 0), (4, 1)):
        write_day(tmp_path, "a", speeches)
        done = scrape(tmp_path)
        assert done.returncode == code, (speeches, done.stderr)
        for row in map(json.loads, gaps(tmp_path, "--json").stdout.splitlines() if code else ()):
            if not row["acknowledged"]:
                gaps(tmp_path, "acknowledge", row["id"], "--actor", "ada", "--reason", "as it should be")


@pytest.mark.slow
def test_other_topics_are_not_a_fall_and_a_deleted_database_is_no_excuse(tmp_path):
    write_day(tmp_path, "a", 3)
    assert scrape(tmp_path).returncode == 0
    (tmp_path / "db" / "statements.db").unlink()
    write_day(tmp_path, "a", 2)
    assert scrape(tmp_path).returncode == 1
    (tmp_path / "topics.toml").write_text(TOPICS.replace('"hedge"', '"hedge, 1"'))
    where = ("--topics", tmp_path / "topics.toml", "--db-dir", tmp_path / "db")
    assert call("scrapers", "load", *where).returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("acknowledge", "7", "--actor", "ada", "--reason", "so"), "there is no gap 7"),
        (("acknowledge", "7", "--actor", "ada"), "Missing option '--reason'"),
        (("acknowledge", "x", "--reason", "so"), "is not a valid integer"),
        (("undo", "7", "--actor", "ada"), "there is no gap 7"),
    ],
)
def test_a_decision_on_no_gap_is_a_mistake_of_the_user(tmp_path, arguments, problem):
    (tmp_path / "db").mkdir()
    done = gaps(tmp_path, *arguments)
    assert done.returncode == 2
    assert problem in done.stderr


def test_listing_gaps_makes_no_archive(tmp_path):
    done = gaps(tmp_path)
    assert (done.returncode, list(tmp_path.iterdir()), "does not exist yet" in done.stderr) == (2, [], True)


def test_an_archive_without_gaps_says_so_and_a_gap_is_decided_with_the_folder_named_last(tmp_path: Path) -> None:
    (tmp_path / "db").mkdir()
    done = gaps(tmp_path)
    assert (done.returncode, done.stdout, "no open gaps" in done.stderr) == (0, "", True)
    last = call("scrapers", "gaps", "acknowledge", 1, "--reason", "x", "--db-dir", tmp_path / "db")
    assert (last.returncode, "there is no gap 1" in last.stderr) == (2, True)


ITEM, OTHER = {"ExternalId": "0806A"}, {"ExternalId": None}


@pytest.mark.parametrize(
    ("debate", "contributions", "reason"),
    [
        ({"Items": [ITEM]}, {"0806a"}, ""),
        ({"Items": [OTHER, ITEM]}, {"0806a"}, ""),
        ({"Items": [], "ChildDebates": [{"Items": [ITEM]}]}, {"0806a"}, ""),
        ({"Items": [OTHER]}, set(), ""),
        ({"Items": []}, {"0806a"}, "it came without a word"),
        ({"Items": []}, set(), "it came without a word"),
        ({"Items": None}, {"0806a"}, "it came without a word"),
        ({}, {"0806a"}, "it came without a word"),
        ([], {"0806a"}, "it came without a word"),
        ({"Items": [OTHER]}, {"0806a"}, "found 1 contributions in it, and 1 did not come: 0806a"),
        ({"Items": [ITEM]}, {"0806a", "0806b"}, "found 2 contributions in it, and 1 did not come: 0806b"),
        ({"Items": [{"ExternalId": 5}]}, {"5"}, "1 did not come: 5"),
    ],
)
def test_words_that_were_found_are_missed(debate, contributions, reason):
    told = explain_missing_words(json.dumps(debate).encode(), contributions)
    assert (reason in told) if reason else told == ""


@pytest.mark.parametrize(
    ("body", "reason"),
    [(b"{", "cannot be read"), (b'{"Items": [{"ExternalId": "a"}], "Items": []}', "without a word")],
)
def test_an_answer_that_cannot_be_read_has_no_words(body, reason):
    assert reason in explain_missing_words(body, {"a"})
