"""Harm in what is asked: SQL that takes hours or gigabytes, and addresses of any length."""

import csv
import io
import random
from urllib.parse import quote

import pytest
from datasette import utils
from datasette.utils.sqlite import sqlite3

from web.middleware import sql_sandbox
from web.middleware.sql_sandbox import SandboxedExecute, run_in_process
from web.middleware.sql_worker import QueryRequest, QueryResult

BOMBS = {
    "one step of hours": "select instr(hex(zeroblob(9000000)), hex(zeroblob(5000000)) || '1')",
    "a value of a gigabyte": "select length(randomblob(999999999))",
    "rows of a megabyte": "select printf('%.*c', 999999, 'x') from speeches a, speeches b limit 999",
    "text without end": "with recursive n(i) as (select 1 union all select i + 1 from n) "
    "select group_concat(hex(zeroblob(99999))) from n",
    "blobs to be sorted": "with recursive n(i) as (select 1 union all select i + 1 from n) "
    "select count(*) from (select zeroblob(999999) as b from n order by b)",
    "two statements": "select 1; select 2",
    "a query that doubles with each name": "with n0 as (select 1 as i), "
    + ", ".join(f"n{i} as (select a.i from n{i - 1} a, n{i - 1} b)" for i in range(1, 40))
    + " select count(*) from n39",
    "an answer of another kind": "select x'00ff', 1.5, null, 9223372036854775807, 'a', 'a' as a, 'b' as a",
}


@pytest.mark.slow
@pytest.mark.parametrize("what", BOMBS)
async def test_no_sql_query_blocks_the_server(site, what):
    asked = {"sql": BOMBS[what], "_shape": "arrays", "_timelimit": 100}
    answer = await site.client.get("/statements.json", params=asked)
    assert answer.status_code == (200 if "another" in what else 400), answer.text[:300]
    assert answer.json()["ok"] is ("another" in what)
    assert "another" not in what or answer.json()["rows"][0][3:] == [2**63 - 1, "a", "a", "b"]


@pytest.mark.slow
async def test_a_visitor_s_rows_are_those_of_the_library_that_datasette_uses(site):
    sql = 'select 1 as id, \'it\' as "a ""quoted"" name", null as [], 2 as id, :given'
    results = await site.get_database("statements").execute(sql, {"given": "é"})
    row = results.first()
    assert type(row) is sqlite3.Row
    assert row.keys() == results.columns == ["id", 'a "quoted" name', "", "id", ":given"]
    assert tuple(row) == (1, "it", None, 2, "é")
    assert (row["id"], row['A "QUOTED" name'], row[-1], dict(row)[""]) == (1, "it", "é", None)
    with pytest.raises(IndexError):
        row["nothing"]
    assert (await site.get_database("statements").execute("select 1 as a where 0")).rows == []


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


@pytest.mark.parametrize("form", ["csv", "json"])
async def test_a_query_that_was_stopped_is_a_mistake_of_the_visitor_in_every_format(site, form):
    endless = "with recursive n (x) as (select 1 union all select x + 1 from n) select count(*) from n"
    answer = await site.client.get(f"/statements.{form}", params={"sql": endless, "_timelimit": 100})
    assert (answer.status_code, "took too long" in answer.text) == (400, True)


def ask(path, sql="select 1"):
    return run_in_process(QueryRequest(sqlite3.__name__, str(path), sql, {}, rows=1, seconds=1))


def test_a_file_that_is_no_database_is_named_as_the_reason(tmp_path):
    (tmp_path / "other.db").write_text("no database " * 99)
    assert ask(tmp_path / "missing.db").error == "unable to open database file"
    assert ask(tmp_path / "other.db").error == "file is not a database"


def test_a_statement_without_an_answer_has_no_columns(site_db):
    assert ask(site_db, "-- nothing") == QueryResult([], [], "")


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("raise MemoryError", "it needs more memory than it may use"),
        ("import os; os.abort()", "it needs more memory than it may use"),
        ("raise KeyError('lost')", "the process that runs queries failed: the log of the server says why"),
    ],
)
def test_a_process_that_failed_is_blamed_on_memory_only_if_that_was_short(site_db, monkeypatch, caplog, code, error):
    monkeypatch.setattr(sql_sandbox, "WORKER_CODE", code)
    assert ask(site_db).error == error
    assert ("KeyError: 'lost'" in caplog.text) == ("KeyError" in code)


MARK = "typed_by_a_visitor"
TYPED = f"select '{MARK}' as {MARK}"
SQL = quote(TYPED)
OVERLONG = "%C0%B3ql"  # an s in two bytes, which is no UTF-8
WAYS = (
    *(f"/statements{form}?sql={SQL}" for form in ("", ".json", ".csv", ".blob", ".jsono", "/", ".JSON")),
    *(f"/statements.json?{name}={SQL}" for name in ("%73ql", "s%71l", "sq%6C", "%73%71%6c", "%73%71%6C", "SQL", "sQl")),
    *(
        f"/statements.json?{name}={SQL}"
        for name in ("sql%00", "%00sql", "+sql", "sql+", "sql[]", OVERLONG, "%EF%BD%93ql")
    ),
    *(
        f"/statements.json?sql={SQL}&{more}"
        for more in ("sql=select+1", "_size=max", "_json=1", "_extra=rows", "_nl=on")
    ),
    *(
        f"/statements.json?sql={SQL}&{more}"
        for more in ("_shape=array", "_facet=text", "_trace=1", "_timelimit=5", "_ttl=0")
    ),
    *(
        f"/statements.json?{before}sql={SQL}"
        for before in ("&&", "a;", "sql=&", "sql=select+1&", "%26", "?", "_hash=1&")
    ),
    *(
        f"/statements.json?sql={sql}"
        for sql in (f"explain+{SQL}", f"%20{SQL}", f"/**/{SQL}", f"--%0a{SQL}", f"{SQL};", f"{SQL}%00")
    ),
    *(f"/statements.json?sql={sql}" for sql in (f"with+a+as+({SQL})+select+*+from+a", SQL.upper(), f"%EF%BB%BF{SQL}")),
    *(
        f"/statements/speeches.json?{name}={SQL}"
        for name in ("sql", "_where", "%5fwhere", "_WHERE", "_sort", "_sort_desc", "_col")
    ),
    *(
        f"/statements/speeches.json?{name}={SQL}"
        for name in ("_facet", "_facet_array", "_facet_date", "_facet_size", "_search")
    ),
    *(
        f"/statements/speeches.json?{name}={SQL}"
        for name in ("_searchmode", "_through", "_size", "_next", "_fts_table", "_fts_pk")
    ),
    *(
        f"/statements/speeches.json?text__{how}={SQL}"
        for how in ("exact", "in", "like", "arraycontains", "date", "where", "gt")
    ),
    *(
        f"/statements/speeches.json?{name}=1"
        for name in (f"({SQL})", f"text%22in({SQL})--", f"text%5D+in+({SQL})--", f"{SQL}__in")
    ),
    *(
        f"/statements/{name}.json?sql={SQL}"
        for name in ("debates_by_mentions", "named", "nothing", f"{SQL}", "sqlite_master")
    ),
    *(
        f"/{name}?sql={SQL}"
        for name in ("_internal", "_internal.json", "_memory", "-/query", "statements/-/query", "accounts.json")
    ),
    *(
        f"/{name}?sql={SQL}"
        for name in ("statement~73.json", "%73tatements.json", "statements%2Ejson", "./statements", "-/sql.json")
    ),
    *(f"/{name}?sql={SQL}" for name in ("statements/speeches/d-2008-06-22c-101-5.json", "verify", "search", "")),
)
SENT = (
    *({"data": {name: TYPED}} for name in ("sql", "SQL", "_where", "query")),
    *({"json": each} for each in ({"sql": TYPED}, {"sql": [TYPED]}, [TYPED], {"_where": TYPED})),
    {"files": {"sql": ("sql", TYPED)}},
    {"content": TYPED, "headers": {"content-type": "application/sql"}},
)


@pytest.fixture
def ran_in_server(site, monkeypatch):
    """The SQL that ran within the server, and not in a process apart, which is not started here."""
    sandbox = site.get_database("statements").execute
    seen, execute = [], sandbox.execute

    async def note_sql(sql, *arguments, **settings):
        seen.append(sql)
        return await execute(sql, *arguments, **settings)

    async def answer_query(query):
        return QueryResult(["a"], [(1,)], "")

    monkeypatch.setattr(sandbox, "execute", note_sql)
    monkeypatch.setattr(sandbox, "run_query", answer_query)
    return seen


async def test_no_way_of_asking_runs_a_visitors_sql_within_the_server(site, ran_in_server):
    assert len(WAYS) >= 60
    for address in WAYS:
        answer = await site.client.get(address)
        assert answer.status_code < 500, address
        assert [sql for sql in ran_in_server if MARK in sql.lower()] == [], address
    assert ran_in_server


async def test_no_body_runs_sql_at_all(site, ran_in_server):
    for path in ("/statements", "/statements.json", "/statements/debates_by_mentions", "/statements/-/query"):
        for sent in SENT:
            assert (await site.client.post(path, **sent)).status_code in (400, 404, 405), (path, sent)
    assert [sql for sql in ran_in_server if MARK in sql.lower()] == []


async def test_queries_of_metadata_and_of_tables_run_within_the_server(site, ran_in_server):
    for path in ("debates_by_mentions.json", "speeches.json?_facet=kind", "debates/d-2008-06-22c-101-1.json"):
        before = len(ran_in_server)
        assert (await site.client.get(f"/statements/{path}")).status_code == 200
        assert len(ran_in_server) > before, path


async def test_every_database_has_the_sandbox(site):
    await site.client.get("/")
    assert {type(each.execute) for each in site.databases.values()} == {SandboxedExecute}


async def test_an_account_named_root_cannot_read_datasettes_own_schemas(site):
    for action, resource in (("view-database", "_internal"), ("execute-sql", "_internal")):
        assert not await site.permission_allowed({"id": "root"}, action, resource, default=True)


NAMES = (
    *(
        "sql",
        "_where",
        "_sort",
        "_facet",
        "_facet_size",
        "_facet_array",
        "_facet_x",
        "_searchmode",
        "_through",
        "_size",
    ),
    *(
        "_search",
        "_search_text",
        "_json",
        "_json_infinity",
        "_extra",
        "_nl",
        "_shape",
        "_col",
        "_nocol",
        "_label",
        "_next",
    ),
    *("_timelimit", "_stream", "_blob_column", "_filter_column", "_sort_by_desc", "text__in", "text__gt", "text__zz"),
)
BYTES = (
    "%00",
    "%ff",
    "%ed%a0%80",
    "%c0%af",
    "{",
    "[",
    "[1,{}]",
    "{}",
    '{"simple":1}',
    "-1",
    "9" * 20,
    "NaN",
    "%",
    "%5D",
    "'",
)
TABLES = ("speeches.json", "named.json", "debates_by_mentions.json", "speeches.csv", "debates/d-2008-06-22c-101-1.json")


async def test_any_bytes_in_any_parameter_are_answered(site, ran_in_server):
    chosen = random.Random(13).sample([(t, n, b) for t in TABLES for n in NAMES for b in BYTES], 120)
    for table, name, value in [*chosen, ("speeches.json", "_facet", "%00"), ("named.json", "_next", "x")]:
        address = f"/statements/{table}?{name}={value}"
        assert (await site.client.get(address)).status_code < 500, address
