"""Which day a page is asked for, for every template: `then`, or `not_over` for one that is to come."""

from typing import Any

from datasette import hookimpl

from web.as_of.dates import NoDate, over, then


@hookimpl
def extra_template_vars(request: Any) -> dict[str, Any]:
    """The day."""
    try:
        day, not_over = (then(request), over(request)) if request else (None, None)
    except NoDate:
        day, not_over = None, None
    return {"then": day, "not_over": not_over}
