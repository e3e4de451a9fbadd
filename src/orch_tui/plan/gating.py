"""Statements about several items at once, to be applied once all items have spoken for themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from orch_tui.plan.reading import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A statement about all of `members`."""

    members: Sequence[int]
    statement: Statement

    def outermost(self) -> int:
        """Sorts the last of those that come last before the others, and the first of those that come first."""
        return self.members[0] * (1 if self.statement.relation == "blocks" else -1)
