"""One entry of the register of decisions."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True, kw_only=True)
class DecisionState:
    """Something that was decided, in a `section` or `by` a person, `at` a wall time; who `pinned` or `struck` it.

    It is `withdrawn` while the work it came with is taken back.
    """

    number: int
    text: str
    section: str
    by: str
    at: float
    pinned: str = ""
    struck: str = ""
    withdrawn: bool = False
