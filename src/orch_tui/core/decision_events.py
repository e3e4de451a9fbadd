"""What people do to the register of decisions; sessions add to it with their results."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionAdded:
    """A person decided something that every later session is told."""

    text: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionStruck:
    """A decision counts no more: no later session is told of it."""

    number: int
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionPinned:
    """A decision is told to every later session, whatever else is left out of its brief."""

    number: int
    by: str


DecisionEvent = DecisionAdded | DecisionStruck | DecisionPinned
