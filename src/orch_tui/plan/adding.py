"""Sections that people add to a plan: what fits, and what such a section is made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from orch_tui.plan.edits import AddSection
from orch_tui.plan.model import Hints, Section
from orch_tui.plan.slugs import slugs

LONGEST_ID = 40
LONGEST_TITLE = 200
LONGEST_TEXT = 20_000
LONGEST_HINT = 500
"""Characters of a file's name, or of a command."""
MOST_HINTS = 100
_ID = re.compile(rf"\w[\w.+-]{{0,{LONGEST_ID - 1}}}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """A section that somebody added, when (wall seconds) and why."""

    edit: AddSection
    by: str
    at: float
    why: str = ""


def fault(edit: AddSection) -> str:
    """Why such a section cannot be added to any plan, for a person; "" when it can."""
    if not _ID.fullmatch(edit.section):
        return f"{edit.section[:60]!r} is no id: letters, digits, `.`, `-`, `_` and `+`, {LONGEST_ID} at most"
    title = edit.title.strip()
    if not title or len(title) > LONGEST_TITLE or not title.isprintable():
        return f"a title is one line of at most {LONGEST_TITLE} characters, not {edit.title[:60]!r}"
    if not edit.text.strip():
        return "the section has no words that say what is to be done"
    if len(edit.text) > LONGEST_TEXT:
        return f"its text has {len(edit.text)} characters, {LONGEST_TEXT} at most; put it into the plan"
    for what, hints in (("files", edit.files), ("commands that verify it", edit.verify)):
        if len(hints) > MOST_HINTS or any(
            not one.strip() or len(one) > LONGEST_HINT or not one.isprintable() for one in hints
        ):
            return f"{what} are at most {MOST_HINTS}, each one line of 1 to {LONGEST_HINT} characters that can be shown"
    return ""


def known_already(edit: AddSection, titles: Mapping[str, str]) -> str:
    """Which section it is already, of those with these titles by their ids; "" when it is none."""
    title = edit.title.strip().casefold()
    for name, there in titles.items():
        if name.casefold() == edit.section.casefold() or there.strip().casefold() == title:
            return f"there is a section {name!r} already, {there.strip()!r}; it is not added a second time"
    return ""


def with_added(read: Sequence[Section], added: Mapping[str, Added]) -> Sequence[Section]:
    """The sections of a plan, and those that were added to it, which stand on no line."""
    names = slugs(((name, one.edit.title) for name, one in added.items()), (one.slug for one in read))
    return (*read, *map(_section, added.values(), names)) if added else read


def _section(added: Added, slug: str) -> Section:
    edit = added.edit
    hints = Hints(files=edit.files, verify=edit.verify)
    return Section(
        id=edit.section, slug=slug, title=edit.title.strip(), body=edit.text, lines=(0, 0), hints=hints, made=True
    )


def free_id(taken: Iterable[str]) -> str:
    """An id that no section has, in whatever case: N1, N2 …"""
    known = {one.casefold() for one in taken}
    number = 1
    while f"n{number}" in known:
        number += 1
    return f"N{number}"
