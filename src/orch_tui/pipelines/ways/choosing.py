"""Which way is asked: the one that is named, or the first one that has what it needs."""

from __future__ import annotations

from collections.abc import Mapping

from orch_tui.pipelines.told import Request
from orch_tui.pipelines.ways.base import Way
from orch_tui.pipelines.ways.claude import ClaudeWay
from orch_tui.pipelines.ways.codex import CodexWay
from orch_tui.pipelines.ways.messages import MessagesWay

WAYS: Mapping[str, Way] = {way.name: way for way in (MessagesWay(), ClaudeWay(), CodexWay())}
"""Every way, in the order in which `auto` tries them."""
CHOICES = ("auto", "off", *WAYS)
PASSES = tuple(sorted({name for way in WAYS.values() for name in way.passes}))
"""What the process of the second reader is given; each way passes on no more than its own."""


def choose(request: Request, env: Mapping[str, str]) -> tuple[Way | None, str]:
    """(the way to ask, ""), or (None, why there is none)."""
    if request.provider == "off":
        return None, "the second reader is switched off (second_reader.provider)"
    if request.provider != "auto":
        way = WAYS.get(request.provider)
        if way is None:
            return None, f"there is no second reader {request.provider!r}; known: {', '.join(CHOICES)}"
        lacking = way.lacking(request, env)
        return (None, f"{way.name} cannot be asked: {lacking}") if lacking else (way, "")
    reasons: list[str] = []
    for way in WAYS.values():
        lacking = way.lacking(request, env)
        if not lacking:
            return way, ""
        reasons.append(f"{way.name}: {lacking}")
    return None, f"nobody to ask ({'; '.join(reasons)})"
