"""What a changed plan does to one section, in words, and what a person may decide about it; for all front ends."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import asdict
from typing import Literal

from orch_tui.clean import one_line
from orch_tui.core.repositories import elsewhere
from orch_tui.core.run_events import PlanRead, Settings
from orch_tui.core.state import SectionState
from orch_tui.plan.difference import Change, words_sha

Fate = Literal["keep", "redo", "leave", "restart", "stop"]
"""What becomes of a finished section (kept, or done again) or of one under way."""
FINISHED: tuple[Fate, ...] = ("keep", "redo")
RUNNING: tuple[Fate, ...] = ("leave", "restart", "stop")
GONE: tuple[Fate, ...] = ("leave", "stop")
_MOST_NAMED = 4


def change_words(change: Change) -> tuple[str, ...]:
    """What changed, each part short: "reworded", "was C", "waits for D"; () for a section that is gone."""
    said = {
        "reworded": "reworded",
        "renamed": f"was “{one_line(change.old_title, 60)}”",
        "renumbered": f"was {one_line(change.old_id)}",
    }
    known = [words for what, words in said.items() if what in change.what]
    return (*known, *_order(change), *(one_line(words, 300) for words in change.run))


def around(before: PlanRead, after: PlanRead) -> tuple[str, ...]:
    """What changed of a plan outside its sections: its title, the words that every brief begins with, how it runs."""
    said = [f"title: {_quoted(before.title)} -> {_quoted(after.title)}"] if before.title != after.title else []
    if words_sha(before.preamble) != words_sha(after.preamble):
        said.append("the words before the sections, which sessions that begin from now on are given")
    if before.rules != after.rules:
        said.append("the project's words to agents, which sessions that begin from now on are given")
    ours, theirs = _flat(before.settings), _flat(after.settings)
    said += [
        f"{name.replace('_', ' ')}: {ours[name] or 'not said'} -> {theirs[name] or 'not said'}"
        for name in ours
        if ours[name] != theirs[name]
    ]
    apart, still = (dict.fromkeys((pair.one, pair.other) for pair in read.exclusions) for read in (before, after))
    said += [f"{one} and {other} may run side by side" for one, other in apart if (one, other) not in still]
    said += [f"{one} and {other} never run side by side" for one, other in still if (one, other) not in apart]
    said += [f"repository {name}" for name in _moved(before, after)]
    return tuple(one_line(words, 300) for words in said)


def _moved(before: PlanRead, after: PlanRead) -> Iterator[str]:
    """Repositories that are elsewhere, or other ones."""
    ours, theirs = ({one.name: one.path for one in elsewhere(read)} for read in (before, after))
    for name in {**ours, **theirs}:
        if ours.get(name) != theirs.get(name):
            yield f"{name}: {ours.get(name, 'none')} -> {theirs.get(name, 'none')}"


def _flat(settings: Settings) -> dict[str, object]:
    """Each setting by its name, those of worktrees too."""
    said = asdict(settings)
    return said | {f"worktree {name}": value for name, value in said.pop("worktree").items()}


def _quoted(title: str) -> str:
    return f"“{one_line(title, 100)}”" if title else "none"


def fates(
    change: Change,
    before: SectionState | None,
    after: SectionState | None,
    *,
    running: Container[str],
    in_git: Container[str],
) -> tuple[Fate, ...]:
    """What a person may choose, the first one unless they do; () when there is nothing to choose.

    `before` is the section as it runs, `after` as it would run; `running` are ids as in `State`,
    `in_git` those of them whose work is being committed or merged.
    """
    if before is None:
        return ()
    if before.id in running:
        if before.id in in_git:
            return ("leave",)
        if after is None or change.kind == "gone":  # its id may be another section's by now
            return GONE
        return ("stop",) if after.planned else RUNNING
    finished = before.verdict == "done" and not before.planned
    return FINISHED if finished and "reworded" in change.what and after is not None and not after.planned else ()


def _order(change: Change) -> tuple[str, ...]:
    named = (("waits for", change.waits_more), ("no longer waits for", change.waits_less))
    return (
        *(f"{phrase} {_listed(ids)}" for phrase, ids in named if ids),
        *(f"of {_listed(tuple(map(' and '.join, choice)))} one is enough" for choice in change.chooses_more),
        *(f"no longer one of {_listed(tuple(map(' and '.join, choice)))}" for choice in change.chooses_less),
    )


def _listed(ids: tuple[str, ...]) -> str:
    return ", ".join(map(one_line, ids[:_MOST_NAMED])) + (" …" if len(ids) > _MOST_NAMED else "")
