"""The setting that widens the Content-Security-Policy: what it takes, where it applies, and what stops the start."""

import pytest
from datasette.utils import StartupError

from tests.support.sites import open_site
from web.http.security_policy import PolicyError, find_wider_policies, read_wider_policies, write_security_policy

HASH = f"'sha256-{'A' * 43}='"
WIDER = {
    "/statements": {"script-src": ["'unsafe-eval'", HASH], "frame-src": ["https://maps.example:8443"]},
    "/-/charts": {"script-src": ["'unsafe-inline'"], "style-src": ["'unsafe-inline'"]},
}
REFUSED = {
    "no object": ["script-src"],
    "an address without a slash": {"statements": {}},
    "an address with a query": {"/statements?a": {}},
    "a directive that protects forms": {"/": {"form-action": ["https://a.example"]}},
    "the directive of all others": {"/": {"default-src": ["https://a.example"]}},
    "frames of other sites round a page": {"/": {"frame-ancestors": ["https://a.example"]}},
    "one source without a list": {"/": {"img-src": "https://a.example"}},
    "every host": {"/": {"img-src": ["*"]}},
    "every host over TLS": {"/": {"img-src": ["https:"]}},
    "a host of any name": {"/": {"img-src": ["https://*.example"]}},
    "a host without TLS": {"/": {"img-src": ["http://a.example"]}},
    "a path": {"/": {"img-src": ["https://a.example/b"]}},
    "two sources in one": {"/": {"img-src": ["https://a.example https://b.example"]}},
    "another directive in a source": {"/": {"img-src": ["https://a.example; script-src *"]}},
    "a header in a source": {"/": {"img-src": ["https://a.example\r\nX-Other: 1"]}},
    "a number": {"/": {"img-src": [1]}},
    "scripts as data": {"/": {"script-src": ["data:"]}},
    "a nonce": {"/": {"script-src": ["'nonce-aaaa'"]}},
    "a hash of a picture": {"/": {"img-src": [HASH]}},
    "scripts within our pages": {"/statements": {"script-src": ["'unsafe-inline'"]}},
    "scripts within all pages": {"/": {"script-src": ["'unsafe-inline'"]}},
}


def widen(setting):
    return {"plugins": {"dispatch-box": {"content-security-policy": setting}}}


@pytest.mark.parametrize("what", REFUSED)
def test_a_source_that_is_not_taken_is_named_in_the_error(what):
    with pytest.raises(PolicyError, match="plugins, dispatch-box, content-security-policy"):
        read_wider_policies(REFUSED[what])


def test_a_site_does_not_start_with_a_setting_that_is_not_taken(site_db):
    with pytest.raises(StartupError, match="'form-action': only these can be widened: script-src, style-src"):
        open_site(site_db, metadata=widen(REFUSED["a directive that protects forms"]))


@pytest.mark.parametrize(
    ("path", "addresses"),
    [("/statements", 1), ("/statements/debates", 1), ("/statements.json", 1), ("/statementsx", 0), ("/-/charts/a", 1)],
)
def test_a_page_is_widened_by_its_address_and_those_above_it(path, addresses):
    assert len(find_wider_policies(read_wider_policies(WIDER), path)) == addresses
    assert len(find_wider_policies(read_wider_policies({**WIDER, "/": {}}), path)) == addresses + 1


async def test_only_the_pages_and_directives_that_are_named_are_widened(site_db):
    wider = open_site(site_db, metadata=widen(WIDER))
    policies = {
        path: (await wider.client.get(path)).headers["content-security-policy"] for path in ("/", "/statements")
    }
    assert policies["/"] == write_security_policy()
    parts = policies["/statements"].split("; ")
    assert f"script-src 'self' 'unsafe-eval' {HASH}" in parts
    assert "frame-src https://maps.example:8443" in parts
    assert set(write_security_policy().split("; ")) - set(parts) == {"script-src 'self'"}
    assert wider.plugin_config("accounts")["may"]
