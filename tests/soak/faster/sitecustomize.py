"""Imported by every Python of a soak when it starts: their clocks run faster, and their agents meet a night's failures.

Nothing of the product knows of it: `orch_tui.clock.Clock` is the only place that asks what time it is.
"""

import json
import os
import sys
import time
from dataclasses import replace

if "SOAK" in os.environ:
    from orch_tui.clock import Clock

    _night = json.loads(os.environ["SOAK"])
    _scale, _wall, _mono = float(_night["scale"]), float(_night["wall"]), float(_night["mono"])
    Clock.wall = lambda _self: _wall + (time.time() - _wall) * _scale  # noqa: TID251 - it stands in for the clock
    Clock.mono = lambda _self: _mono + (time.monotonic() - _mono) * _scale

    if "orch_tui.host" in sys.orig_argv:
        from orch_tui.agents.simulated import SimulatedSession

        _by_chance = SimulatedSession._failure

        def _failure(self):
            """What the service does to whoever asks it at this hour of the night."""
            now = Clock().wall()
            kind, until = next(
                ((kind, until) for since, until, kind in _night["failures"] if since <= now < until), ("", 0.0)
            )
            self._is = replace(self._is, until=until)
            _by_chance(self)  # draws its random numbers
            return kind or None

        SimulatedSession._failure = _failure
