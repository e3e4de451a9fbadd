"""For every test: nothing of the environment it was started in decides how it ends."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings

_FOREIGN = ("GIT_", "ORCH_", "XDG_", "ANTHROPIC_", "CLAUDE_", "TMUX", "PYTHONWARNINGS")
"""Beginnings of names: a hook that runs the tests hands them its repository, an orch-tui agent its markers."""
# fmt: off
_LOOKS = (
    "COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "COLORTERM", "CLICOLOR", "CLICOLOR_FORCE", "EDITOR", "VISUAL",
    "TEXTUAL", "TEXTUAL_COLOR_SYSTEM", "TEXTUAL_DRIVER", "TEXTUAL_FILTERS", "TEXTUAL_FPS", "TEXTUAL_THEME",
)
# fmt: on

for name in list(os.environ):
    if name.startswith(_FOREIGN) or name in _LOOKS:
        del os.environ[name]
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # started in the background of a script
    signal.signal(signal.SIGINT, signal.default_int_handler)
os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8", GIT_CONFIG_NOSYSTEM="1", GIT_CONFIG_GLOBAL=os.devnull)
settings.register_profile("orch-tui", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("orch-tui")
"""No example has a time limit: machines are noisy. A build of a change tries the same examples every time."""


_HOSTS = frozenset({"process", "providers", "cli"})
"""Folders whose tests start real session hosts."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Nothing of an attempt that is closed may be alive after a test, before its fixtures clear away what is."""
    result = yield
    place = item.funcargs.get("tmp_path") if isinstance(item, pytest.Function) else None
    if isinstance(place, Path) and item.path.parent.name in _HOSTS and sys.platform == "linux":
        from closed_attempts import outlived
        from orch_tui.store.layout import runs

        left = outlived([run for root in place.glob("*/.orch") for run in runs(root.parent)])
        assert not left, left
    return result
