"""Harm in what is asked: SQL that takes hours or gigabytes, and addresses of any length."""

import csv
import io

import pytest
from datasette import utils

pytestmark = pytest.mark.slow

BOMBS = {
    "one step of hours": "select instr(hex(zeroblob(9000000)), hex(zeroblob(5000000)) || '1')",
    "a value of a gigabyte": "select length(randomblob(999999999))",
    "rows of a megabyte": "select printf('%.*c', 999999, 'x') from speeches a, speeches b limit 999",
    "text without end": "with recursive n(i) as (select 1 union all select i + 1 from n) "
    "select group_concat(hex(zeroblob(99999))) from n",
    "blobs to be sorted": "with recursive n(i) as (select 1 union all select i + 1 from n) "
    "select count(*) from (select zeroblob(999999) as b from n order by b)",
    "two statements": "select 1; select 2",
    "an answer of another kind": "select x'00ff', 1.5, null, 9223372036854775807, 'a', 'a' as a, 'b' as a",
}


@pytest.mark.parametrize("what", BOMBS)
async def test_no_sql_query_blocks_the_server(site, what):
    asked = {"sql": BOMBS[what], "_shape": "arrays", "_timelimit": 300}
    answer = await site.client.get("/statements.json", params=asked)
    assert answer.status_code == (200 if "another" in what else 400), answer.text[:300]
    assert answer.json()["ok"] is ("another" in what)
    assert "another" not in what or answer.json()["rows"][0][3:] == [2**63 - 1, "a", "a", "b"]


@pytest.mark.parametrize("asked", ["_where=1", "%5Fw%68ere=1", "a=1&_searchmode=raw&_search=NEAR(a*+a*)"])
async def test_closed_parameters_of_tables_are_refused(site, asked):
    assert (await site.client.get(f"/statements/debates.json?{asked}")).status_code == 400


@pytest.mark.parametrize(
    "path", [".csv", ".csv?sql=", ".json?_shape=arrayfirst", "/debates?_timelimit=x", "/debates.json?_through=x"]
)
async def test_mistakes_in_queries_of_tables_are_answered_with_400(site, path):
    assert (await site.client.get(f"/statements{path}")).status_code == 400


async def test_an_address_of_any_length_is_answered(site):
    assert (await site.client.get(f"/search?q={'a' * 16_000}")).status_code == 414
    assert (await site.client.get(f"/static/{'a' * 5000}")).status_code == 404


SELECTS = {
    "/* a */ SELECT 1": 200,
    "-- a\n/**/with a as (select 1) select 2": 200,
    "explain query plan select 1": 200,
    "/* select */ delete": 400,
}


@pytest.mark.parametrize("sql", SELECTS)
async def test_a_query_is_recognised_by_one_fast_pattern(site, sql):
    assert (await site.client.get("/statements.json", params={"sql": sql})).status_code == SELECTS[sql]
    assert len(utils.allowed_sql_res) == 1  # Datasette's own six take minutes over an address of blanks


HOST = "evil.example"
TOLD = ("/feeds/annotations.atom", "/annotations/", "/api/openapi.json", "/sitemap.xml", "/llms.txt", "/robots.txt")


@pytest.mark.parametrize("path", [*TOLD, "/feeds/search.atom?q=it", "/verify", "/q/specimen-1.json"])
async def test_answers_contain_no_other_host_if_base_url_is_set(site, monkeypatch, path):
    monkeypatch.setenv("BASE_URL", "https://box.example")
    sent = {"Host": HOST, "X-Forwarded-Host": HOST, "Accept": "*/*"}
    answer = await site.client.get(path, headers=sent)
    assert answer.status_code == 200
    assert "box.example" in answer.text
    assert HOST not in answer.text


@pytest.mark.parametrize("host", ['x"><script>', "a@b.example", "x/../y", "x y"])
async def test_an_invalid_host_appears_in_no_answer(site, host):
    for path in TOLD:
        answer = await site.client.get(path, headers={"Host": host, "Accept": "*/*"})
        assert host not in answer.text.replace("\\", "")


@pytest.mark.parametrize("begins", [*"=+-@\t\r＝＋－＠", " =", "\u3000＝"])
async def test_no_cell_of_any_csv_is_a_formula(site, begins):
    asked = {"sql": "select :cell as cell, -1 as number", "cell": f"{begins}1"}
    answer = await site.client.get("/statements.csv", params=asked)
    assert list(csv.reader(io.StringIO(answer.text, newline="")))[1] == [f"'{begins}1", "-1"]
