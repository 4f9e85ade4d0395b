"""Permission to withdraw and restore: one's own, or, with a reason, another's if one may moderate."""

from collections.abc import Mapping
from typing import Any

from web.http.auth import may
from web.http.pages import Refused


def allowed(
    datasette: Any, actor: Mapping[str, Any], what: str, of: str, reason: str, withdrawn_by: str | None = None
) -> None:
    """Check that an actor may withdraw or restore (`what`) what `of` entered, and says why. Raises Refused.

    What another has withdrawn is for those who moderate to restore, even one's own.
    """
    by_another = what == "restore" and withdrawn_by not in (None, actor["id"])
    own = may(datasette, actor, "withdraw own", of) and not by_another
    if not own and not may(datasette, actor, "moderate"):
        raise Refused(403, f"Only who made it, or a reviewer, may {what} it. You may reply to an annotation.")
    if not own and not reason:
        raise Refused(400, f"Say why you {what} what another wrote: the reason is logged for all to read.")
