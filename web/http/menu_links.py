"""Links of other plugins for the menu of every page."""

from datasette import default_menu_links
from datasette.plugins import pm
from datasette.utils import await_me_maybe

from web.http.datasette_types import Datasette, Request


async def read_menu_links(datasette: Datasette, request: Request) -> list[dict[str, str]]:
    """Ask other plugins for their links; Datasette's own lead to its debug pages, which are closed."""
    if request is None:
        return []
    ask = pm.subset_hook_caller("menu_links", [default_menu_links])
    answers = [await await_me_maybe(each) for each in ask(datasette=datasette, actor=request.actor, request=request)]
    return [link for links in answers for link in links or ()]
