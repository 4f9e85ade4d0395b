"""The errors that commands report in one sentence, and their exit codes."""

SET_UP, LATER = 2, 75  # exit codes: mend something first; try again later


class ParseError(ValueError):
    """A document holds something that the parser does not know; nothing of it was guessed.

    >>> str(ParseError("debates2008-06-22a.xml", "line 12: unknown element <aside>"))
    'debates2008-06-22a.xml: line 12: unknown element <aside>'
    """

    def __init__(self, name: str, what: str) -> None:
        super().__init__(f"{name}: {what}")
        self.name = name
        self.what = what


class Unavailable(Exception):
    """A source cannot be asked now. The message says what to do; `exit_code` is 2 (set-up) or 75 (try later)."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code


class Missed(Exception):
    """One document could not be had, though its source can be asked for others; `status` is HTTP's, where one came."""

    def __init__(self, name: str, reason: str, status: int | None = None) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason
        self.status = status
