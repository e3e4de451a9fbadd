"""The sections of an edition as they are laid out: those of the plan, and those that mends added to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import repeat

from orch_tui.core.edition import Edition
from orch_tui.core.run_events import PlanRead, SectionEntry
from orch_tui.core.state import State
from orch_tui.plan.adding import Added
from orch_tui.plan.difference import words_sha
from orch_tui.plan.edits import AddSection
from orch_tui.plan.model import Hints
from orch_tui.plan.slugs import slugs


def entries(read: PlanRead, added: Mapping[str, Added]) -> Sequence[SectionEntry]:
    """The plan's own sections, then the others in the order in which they were added; these stand on no line."""
    if not added:
        return read.sections
    names = slugs(((name, one.edit.title) for name, one in added.items()), (one.slug for one in read.sections))
    return (*read.sections, *map(_entry, added.values(), names, repeat(read.settings.agent)))


def added_by(edition: Edition) -> list[SectionEntry]:
    """Every section that mends of an edition add, those that were taken back too."""
    made = (edit for mend in (*edition.mends, *edition.undone) for edit in mend.edits if isinstance(edit, AddSection))
    return [_entry(Added(edit=edit, by="", at=0.0), "", "") for edit in made]


def taken(state: State) -> Iterator[str]:
    """Every id that a section of this run has, had, or would have."""
    yield from (one.id for one in (*state.sections.values(), *state.gone))
    for edition in filter(None, (state.edition, state.candidate)):
        yield from (one.id for one in (*edition.read.sections, *added_by(edition)))
        for known in edition.proposals.values():
            yield from (edit.section for edit in known.proposal.edits if isinstance(edit, AddSection))


def _entry(added: Added, slug: str, agent: str) -> SectionEntry:
    edit = added.edit
    return SectionEntry(
        id=edit.section,
        slug=slug,
        title=edit.title.strip(),
        lines=(0, 0),
        hints=Hints(files=edit.files, verify=edit.verify),
        agent=agent,
        text_sha=words_sha(edit.text),
        text=edit.text,
    )
