"""Permission to withdraw and restore: one's own, or, with a reason, another's if one may moderate."""

from collections.abc import Mapping
from typing import Any

from web.http.auth import may_act
from web.http.pages import RequestRefused


def check_moderation(
    datasette: Any, actor: Mapping[str, Any], what: str, of: str, reason: str, withdrawn_by: str | None = None
) -> None:
    """Check that an actor may withdraw or restore (`what`) what `of` entered, and says why. Raises RequestRefused.

    What another has withdrawn is for those who moderate to restore, even one's own.
    """
    by_another = what == "restore" and withdrawn_by not in (None, actor["id"])
    own = may_act(datasette, actor, "withdraw own", of) and not by_another
    if not own and not may_act(datasette, actor, "moderate"):
        raise RequestRefused(403, f"Only who made it, or a reviewer, may {what} it. You may reply to an annotation.")
    if not own and not reason:
        raise RequestRefused(400, f"Say why you {what} what another wrote: the reason is logged for all to read.")
