"""Which day a page is asked for, for every template: `then`, None where it is today."""

from typing import Any

from datasette import hookimpl

from annotations.asof import NoDate, then


@hookimpl
def extra_template_vars(request: Any) -> dict[str, Any]:
    """The day, and what to put after an address so that it is shown for that day too."""
    try:
        day = then(request) if request else None
    except NoDate:
        day = None
    return {"then": day, "on_that_day": f"?as_of={day.date}" if day else ""}
