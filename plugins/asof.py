"""Which day a page is asked for, for every template: `then`, or `not_over` for one that is to come."""

from typing import Any

from datasette import hookimpl

from annotations.asof import NoDate, over, then


@hookimpl
def extra_template_vars(request: Any) -> dict[str, Any]:
    """The day, and what to put after an address so that it is shown for that day too."""
    try:
        day, not_over = (then(request), over(request)) if request else (None, None)
    except NoDate:
        day, not_over = None, None
    return {"then": day, "not_over": not_over, "on_that_day": f"?as_of={day.date}" if day else ""}
