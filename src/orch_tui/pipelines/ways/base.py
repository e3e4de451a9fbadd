"""The seam between the second reader and what it asks: `Way.ask` puts one question and gives one reply."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from orch_tui.pipelines.told import Request

if TYPE_CHECKING:
    from orch_tui.pipelines.question import Question

MOST_OUTPUT = 16_000
"""Tokens an answer may have, with what the model thinks before it; where a way can say so, it is enforced."""
Notify = Callable[[str], None]
"""Told in words of what goes on between way and service (a retry)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back. `cost_usd` None: nobody knows it; `input_tokens` counts what was read from a cache too."""

    text: str
    model: str
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = None


class Unanswered(Exception):
    """There is no answer. `reply` is what is known of it all the same: tokens, cost, words."""

    def __init__(self, outcome: Literal["failed", "refused"], message: str, reply: Reply | None = None) -> None:
        super().__init__(message)
        self.outcome: Literal["failed", "refused"] = outcome
        self.reply = reply


class Way(Protocol):
    """One way to ask. `passes` are the environment variables it needs beyond the harmless ones."""

    name: str
    default_model: str
    """A cheap one."""
    passes: tuple[str, ...]
    overhead: int
    """Tokens it adds to every question."""

    def lacking(self, request: Request, env: Mapping[str, str]) -> str:
        """ "" when it could be asked now, else what is missing, in a few words. Quick; reads no credentials."""
        ...

    async def ask(self, question: Question, request: Request, env: Mapping[str, str], notify: Notify) -> Reply:
        """Ask `question` of `request.model` once; `env` is the complete environment of what is started.

        `request.root` aside, nothing of the project is looked at: programs work in the private directory
        `env["TMPDIR"]`. Raises Unanswered. May be cancelled at any time and then leaves nothing behind that it started.
        """
        ...


def scratch(env: Mapping[str, str]) -> Path:
    """The private, empty directory programs are started in."""
    return Path(env["TMPDIR"])
