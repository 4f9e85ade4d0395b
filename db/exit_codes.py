"""Exit codes of every command, as docs/exit-codes.md explains them."""

from collections.abc import Iterable

EXIT_OK = 0
EXIT_FAILED = 1  # something was refused, a gap is open, or a count fell; everything else is done
EXIT_SET_UP = 2  # a setting, an option or a file of the user must be put right first
EXIT_PROGRAM_FAULT = 70  # an error that nobody foresaw; the traceback is on stderr
EXIT_NOT_WRITABLE = 74  # the disk is full, or a file cannot be written
EXIT_TRY_LATER = 75  # nothing is wrong here; the same command will do later

GRAVITY = (EXIT_PROGRAM_FAULT, EXIT_SET_UP, EXIT_NOT_WRITABLE, EXIT_TRY_LATER, EXIT_FAILED, EXIT_OK)


def choose_gravest(codes: Iterable[int]) -> int:
    """Return the gravest of several exit codes; any that is none of these is a fault of the program.

    >>> choose_gravest([EXIT_FAILED, EXIT_TRY_LATER])
    75
    """
    known = {code if code in GRAVITY else EXIT_PROGRAM_FAULT for code in codes}
    return next((code for code in GRAVITY if code in known), EXIT_OK)
