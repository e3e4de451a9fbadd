"""Sections that are merged together, and proven as one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What goes along with the section that is being merged.

    `riders` are merged after it, in their order; `commits` (hex) are what merging each comes to, its own first, made on
    `onto`. `suspects` are the sections of a batch that did not pass, of whom it is not known who is to blame.
    """

    riders: tuple[str, ...] = ()
    commits: tuple[str, ...] = ()
    onto: str = ""
    suspects: tuple[str, ...] = ()
