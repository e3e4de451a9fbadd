"""The logs that programs write their errors to."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from orch_tui.errors import MachineError

_FLAGS = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC

_LOOK = "see what it is, then remove it"


def appended_to(log: Path) -> int:
    """A descriptor that adds to `log`, made 0600. Raises MachineError, also for a link, a pipe, or one of two names."""
    try:
        file = os.open(log, _FLAGS, 0o600)
        status = os.fstat(file)
        if stat.S_ISREG(status.st_mode) and status.st_nlink == 1:
            return file
        os.close(file)
        reason, helps = "it is no regular file with one name", _LOOK
    except OSError as error:
        trap = error.errno in {errno.ELOOP, errno.ENXIO, errno.EISDIR}
        reason = "it is a link" if error.errno == errno.ELOOP else str(error.strerror)
        helps = _LOOK if trap else "check the rights, and whether the disk can be written"
    raise MachineError(f"cannot write the log {str(log)!r}: {reason}", hint=helps)
