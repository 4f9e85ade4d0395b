"""The errors that commands report in one sentence, and their exit codes."""

EXIT_SET_UP, EXIT_TRY_LATER = 2, 75  # exit codes: put something right first; try again later


class ParseError(ValueError):
    """A document that holds something the parser does not know; nothing of it was guessed.

    >>> str(ParseError("debates2008-06-22a.xml", "line 12: unknown element <aside>"))
    'debates2008-06-22a.xml: line 12: unknown element <aside>'
    """

    def __init__(self, name: str, what: str) -> None:
        super().__init__(f"{name}: {what}")
        self.name = name
        self.what = what


class Unavailable(Exception):
    """A source that cannot be asked now. The message says what to do; `exit_code` is 2 (set-up) or 75 (try later)."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code


class DocumentUnavailable(Exception):
    """Raised when one document cannot be fetched but its source is up; `status` is HTTP's, if an answer came."""

    def __init__(self, name: str, reason: str, status: int | None = None) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason
        self.status = status
