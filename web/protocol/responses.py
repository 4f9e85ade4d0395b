"""Responses of the W3C Annotation Protocol: headers, ETags, and refusals."""

from collections.abc import Mapping

from annotations.exchange import w3c_write as w3c
from web.http.conditional import make_etag, matches_etag
from web.http.datasette_types import Request, Response
from web.http.file_answers import write_json
from web.http.negotiation import choose_form
from web.http.pages import CACHE_MINUTE, NO_STORE
from web.protocol.container import ContainerView

JSONLD = "application/ld+json"
PROFILE = f'{JSONLD}; profile="{w3c.CONTEXT}"'
FORMS = (JSONLD, "application/json", "text/html")
LDP, OA = "http://www.w3.org/ns/ldp#", "http://www.w3.org/ns/oa#"
CONTAINER = f'<{LDP}BasicContainer>; rel="type", <http://www.w3.org/TR/annotation-protocol/>; rel="{LDP}constrainedBy"'
RESOURCE = f'<{LDP}Resource>; rel="type"'
EXPOSED_HEADERS = ("Accept-Post", "Allow", "Content-Location", "ETag", "Link", "Location", "Preference-Applied", "Vary")
ALLOWED_METHODS = {CONTAINER: "GET, HEAD, OPTIONS, POST", RESOURCE: "GET, HEAD, OPTIONS, PUT, DELETE"}
ACCEPTED_TYPES = f"{PROFILE}, application/json"
NOT_FOUND = "There is no annotation with this id in this archive."
COMMON_HEADERS = {
    "Vary": "Accept, Prefer",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": ", ".join(EXPOSED_HEADERS),
}
REQUEST_HEADERS = "Accept, Authorization, Content-Type, If-Match, If-None-Match, Prefer, Slug"


def answer_node(
    request: Request, node: w3c.Node, form: str, link: str, keep: Mapping[str, str] = CACHE_MINUTE
) -> Response:
    """Answer with a node and the headers of the protocol; 304 without a body if the visitor has it."""
    body = write_body(node)
    tag = make_node_etag(form, body)
    headers = {
        **keep,
        **COMMON_HEADERS,
        "Allow": ALLOWED_METHODS[link],
        "Link": link,
        "ETag": tag,
        "Content-Location": node["id"],
    }
    headers |= {"Accept-Post": ACCEPTED_TYPES} if link == CONTAINER else {}
    if "return=representation" in request.headers.get("prefer", "") and link == CONTAINER:
        headers["Preference-Applied"] = "return=representation"
    media = PROFILE if form == JSONLD else form
    if matches_etag(request.headers.get("if-none-match", ""), tag):
        return Response("", status=304, headers=headers, content_type=media)
    return Response(b"" if request.method == "HEAD" else body, headers=headers, content_type=media)


def write_body(node: w3c.Node) -> bytes:
    """Write a node as JSON."""
    return write_json(node).encode()


def make_node_etag(form: str, body: bytes) -> str:
    """Make the ETag of a body; each media type has its own."""
    return make_etag(form.encode(), body)


def answer_sentence(status: int, sentence: str, link: str = RESOURCE) -> Response:
    """Answer with a sentence as JSON."""
    headers = {**(CACHE_MINUTE if status in (404, 410) else NO_STORE), **COMMON_HEADERS, "Allow": ALLOWED_METHODS[link]}
    headers |= {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return Response.json({"error": sentence}, status=status, headers=headers)


def negotiate_form(request: Request, link: str, page_address: str) -> tuple[str, Response | None]:
    """Choose the media type of the answer; return "" and a complete answer if no annotation is needed.

    A complete answer is that to OPTIONS, a refusal (405, 406), or a browser's redirect to `page_address`.
    """
    headers = {
        **COMMON_HEADERS,
        "Allow": ALLOWED_METHODS[link],
        "Link": link,
        **({"Accept-Post": ACCEPTED_TYPES} if link == CONTAINER else {}),
    }
    if request.method == "OPTIONS":
        preflight = {
            "Access-Control-Allow-Methods": ALLOWED_METHODS[link],
            "Access-Control-Allow-Headers": REQUEST_HEADERS,
        }
        return "", Response("", headers={**headers, **preflight}, content_type=PROFILE)
    if request.method not in ("GET", "HEAD"):
        return "", answer_sentence(405, f"This address takes {ALLOWED_METHODS[link]}.", link)
    form = choose_form(request.headers.get("accept", ""), FORMS)
    if form is None:
        return "", answer_sentence(406, f"Annotations are served as {' or '.join(FORMS)}.", link)
    if form == "text/html":
        return "", Response.redirect(page_address, status=303, headers=headers)
    return form, None


def read_view(request: Request) -> ContainerView:
    """Read the view of the container from the address, else from the header Prefer; whole annotations by default."""
    prefer = request.headers.get("prefer", "")
    iris = request.args.get("iris") == "1" or (
        "iris" not in request.args and f"{OA}PreferContainedIRIs" in prefer and f"{OA}PreferContainedDesc" not in prefer
    )
    return ContainerView(iris, f"{LDP}PreferMinimalContainer" in prefer)
