"""Some faults of a runner's system calls; `make syscalls` plays all of them."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from failing_calls import Fault
from failing_runs import Killed, environment

FAULTS = (
    Fault("write", 3, errno.ENOSPC, lasting=False),
    Fault("fdatasync", 2, errno.EIO, lasting=False),
    Fault("open", 9, errno.EMFILE, lasting=True),
    Fault("truncate", 1, errno.EIO, lasting=False),
)


@pytest.mark.slow
def test_a_runner_whose_call_fails_goes_on_or_halts_in_words_and_nothing_is_lost(tmp_path: Path) -> None:
    killed = Killed(tmp_path, "none", environment(os.environ))
    wrong = {str(fault): killed.play(fault) for fault in FAULTS}
    assert not any(wrong.values()), {fault: words for fault, words in wrong.items() if words}
