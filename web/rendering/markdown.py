"""Notes and replies as safe HTML, from a small part of Markdown."""

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

ALLOWED = {"p", "br", "em", "strong", "code", "blockquote", "ul", "ol", "li", "a"}
DISABLED = ["image", "heading", "lheading", "html_block", "html_inline", "code", "fence", "hr", "reference"]
REL = "nofollow noopener ugc"  # links of users, which this site does not endorse
WEB = ("http://", "https://")


class _SafeMarkdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:
        return url.lower().startswith(WEB)


@lru_cache(maxsize=1)
def _make_parser() -> MarkdownIt:
    return _SafeMarkdown("commonmark", {"html": False, "breaks": True}).disable(DISABLED)


@lru_cache(maxsize=1024)
def render_markdown(text: str) -> Markup:
    """Write a note as HTML: paragraphs, emphasis, code, quotations, lists and web links; anything else is plain text.

    >>> render_markdown("*So* it is. <b>Not</b>")
    Markup('<p><em>So</em> it is. &lt;b&gt;Not&lt;/b&gt;</p>')
    """
    html = nh3.clean(
        _make_parser().render(text),
        tags=ALLOWED,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https"},
        link_rel=REL,
    )
    return Markup(html.strip())
