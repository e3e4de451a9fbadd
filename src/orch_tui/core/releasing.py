"""Which worktrees of a section nobody needs any more."""

from __future__ import annotations

from collections.abc import Iterator

from orch_tui.core.effects import ReleaseWorktree
from orch_tui.core.state import Phase, SectionState, State


def released(state: State, section: SectionState) -> Iterator[ReleaseWorktree]:
    """The worktrees nobody needs now: those up to the attempt that was merged, of a section that is done the others
    too, unless they are in conflict, and all of one that is skipped, or of a run that was cancelled. Those of a section
    that failed stay, for a person to look at. Several attempts share one; it goes with the first of them, and so does
    the branch of a section that is done where the plan leaves one for all.
    """
    one_for_all = section.verdict == "done" and state.settings.branches == "plan"
    under_way = section.id in state.running or section.id in state.live
    given_up = not under_way and (section.verdict == "skipped" or state.phase is Phase.CANCELLED)
    merged = max((attempt.number for attempt in section.attempts if attempt.step == "merged"), default=0)
    done = section.verdict == "done"
    for attempt in section.attempts:
        if attempt.branch and (given_up or attempt.number <= merged or (done and attempt.step != "conflict")):
            own = attempt.tree in {0, attempt.number}
            yield ReleaseWorktree(
                section=section.id,
                attempt=attempt.number,
                slug=section.slug,
                path=attempt.path if own else "",
                branch=attempt.branch if own and one_for_all else "",
                made=attempt.proves,
                repository=attempt.repository,
            )
