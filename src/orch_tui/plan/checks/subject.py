"""What the checks look at: the text, what was read from it, and the graph."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from orch_tui.plan.dag import Graph
from orch_tui.plan.document import Document
from orch_tui.plan.linking import Links
from orch_tui.plan.model import Section
from orch_tui.plan.reading import Reading
from orch_tui.plan.statements import Paragraph, paragraphs


@dataclass(frozen=True, kw_only=True)
class Subject:
    """One plan as read. Items of the reading and sections have the same numbers."""

    document: Document
    reading: Reading
    links: Links
    sections: tuple[Section, ...]
    graph: Graph

    @cached_property
    def by_id(self) -> dict[str, Section]:
        """Sections by id."""
        return {section.id: section for section in self.sections}

    @cached_property
    def owner(self) -> list[int]:
        """For each line of the document (index 0 is not used) the number of the section it belongs to, or -1."""
        out = [-1] * (len(self.document.lines) + 2)
        for at, section in enumerate(self.sections):
            first, last = section.lines
            out[first : last + 1] = [at] * (last + 1 - first)
        return out

    @cached_property
    def prose(self) -> list[tuple[int, str]]:
        """Number and text, without blanks around it, of every line that is neither hidden nor empty."""
        return [
            (number, line.strip())
            for number, line in enumerate(self.document.lines, 1)
            if line and not self.document.hidden[number]
        ]

    @cached_property
    def paragraphs(self) -> list[Paragraph]:
        """The visible text as people read it: a sentence that goes on in the next line is one text."""
        return list(paragraphs(self.document, (number for number, _ in self.prose)))

    def meant(self, text: str, *, item: int = -1) -> list[int]:
        """The sections that `text` surely names, without section `item` itself."""
        found = self.links.references.resolve(text, subject=item, before=item if item >= 0 else 0, field=False)
        return [hit.item for hit in found.hits if hit.item != item and hit.way != "part"]

    def whole(self, text: str) -> tuple[int, ...]:
        """The sections of the one container that `text` names; none where it names sections."""
        found = self.links.references.resolve(text, before=0, field=False)
        return tuple(hit.item for hit in found.hits) if all(hit.way == "container" for hit in found.hits) else ()

    def around(self, line: int) -> list[str]:
        """The sections under the innermost container that holds a line; none before the first container."""
        at = bisect_right(self._container_lines, line) - 1
        if at < 0:
            return []
        innermost = self._containers_by_line[at]
        return [
            section.id
            for section, item in zip(self.sections, self.reading.items, strict=True)
            if innermost in item.containers
        ]

    @cached_property
    def _containers_by_line(self) -> list[int]:
        containers = self.reading.containers
        return sorted(range(len(containers)), key=lambda at: containers[at].line)

    @cached_property
    def _container_lines(self) -> list[int]:
        return [self.reading.containers[at].line for at in self._containers_by_line]
