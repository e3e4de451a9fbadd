"""For every test: nothing of the environment it was started in decides how it ends."""

from __future__ import annotations

import os
import signal

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
