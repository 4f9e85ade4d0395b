"""Exit codes of every command, as README.md explains them."""

EXIT_OK = 0
EXIT_FAILED = 1  # something was refused, a gap is open, or a count fell; everything else is done
EXIT_SET_UP = 2  # a setting, an option or a file of the user must be put right first
EXIT_PROGRAM_FAULT = 70  # an error that nobody foresaw; the traceback is on stderr
EXIT_NOT_WRITABLE = 74  # the disk is full, or a file cannot be written
EXIT_TRY_LATER = 75  # nothing is wrong here; the same command will do later
