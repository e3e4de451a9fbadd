"""The family of BMAD epics and stories: `## Epic 1: …` with `### Story 1.2: …`; stories are sections, epics containers.

Format: bmad-code-org/BMAD-METHOD, `epics.md`. A list of epics without stories, tables and lines about epics that stand
before the stories are about all stories of these epics.
"""

from __future__ import annotations

import re
from dataclasses import replace

from orch_tui.plan.containers import bare_title
from orch_tui.plan.document import Document, Heading
from orch_tui.plan.marks import without_marks
from orch_tui.plan.reading import Container, Reading, Statement, WorkItem
from orch_tui.plan.statements import paragraphs
from orch_tui.plan.under_headings import TO, Headed, pick, read_headed

_STORY = re.compile(
    r"\W*(?:user )?story\s+(?P<id>(?:[A-Z]{1,4}-?)?\d{1,4}(?:[.-]\d{1,4}){0,2}[a-z]?)\s*[:.–—−-]?\s*(?P<title>.*)",
    re.IGNORECASE,
)
_EPIC = re.compile(r"\W*epic\s+(?P<id>\d{1,4}|[A-Z])\b\s*[:.–—−-]?\s*(?P<title>.*)", re.IGNORECASE)
_GIVEN = re.compile(r"^\W*Given\b\W*(?P<rest>.*)", re.IGNORECASE)
_STORIES = re.compile(r"\bStor(?:y|ies) \d[\d., &–-]*(?:(?:and|to|through) \d[\d.]*)?(?<=\d)", re.IGNORECASE)
_NAMES = rf"\b(?:stor(?:y|ies) )?\d{{1,4}}\.\d{{1,4}}{TO}\d{{1,4}}\.\d{{1,4}})?|\bepics? (?:\d{{1,3}}|[A-Z])\b"
_CLOSED = re.compile(r"\s+(?:CLOSED|DONE|COMPLETED?|SHIPPED)$")
_TRACKER = re.compile(r"\s*\[[A-Za-z][\w.-]{1,30}\]\s*")


class BmadReader:
    """Reads epics with stories."""

    name = "bmad"

    def fits(self, document: Document) -> float:
        """Sure where two headings are stories with a number and one is an epic."""
        epics = any(_EPIC.match(heading.text) for heading in document.headings)
        return 0.97 if epics and len(pick(document, "story", _name)) > 1 else 0.0

    def read(self, document: Document) -> Reading:
        """Stories, and what stories and epics say; every heading of an epic is that epic."""
        headed = read_headed(document, pick(document, "story", _name), names=_NAMES)
        for at, item in enumerate(headed.items):
            headed.statements += _given(document, item, at)
        return _under_one_epic(headed).reading()


def _name(heading: Heading) -> tuple[str, str, str] | None:
    found = _STORY.match(without_marks(heading.text.replace("**", "")))
    if not found:
        return None
    return found["id"], "story", _bare(found["title"]) or f"Story {found['id']}"


def _given(document: Document, item: WorkItem, at: int) -> list[Statement]:
    """`**Given** the patterns from Stories 2.1-2.4`: what a story presupposes of others."""
    said: list[Statement] = []
    for one in paragraphs(document, document.visible(item.line + 1, item.end)):
        if (given := _GIVEN.match(one.text)) and (named := _STORIES.search(given["rest"])):
            said.append(
                Statement(relation="needs", text=named[0], quote=one.text.strip(), line=one.line, item=at, adds=True)
            )
    return said


def _bare(title: str) -> str:
    """A title without the tracker's id and status: `Foundation [bd-fyy] CLOSED` -> `Foundation`."""
    return bare_title(_CLOSED.sub("", without_marks(_TRACKER.sub(" ", title).strip())))


def _under_one_epic(headed: Headed) -> Headed:
    """An epic that has two headings, in the list of epics and above its stories: statements are about the latter."""
    held = {container for item in headed.items for container in item.containers}
    with_stories = {
        container.id: at
        for at, container in enumerate(headed.containers)
        if at in held and container.label == "epic" and container.id
    }
    moved = {
        at: with_stories[container.id]
        for at, container in enumerate(headed.containers)
        if at not in held and container.label == "epic" and container.id in with_stories
    }
    headed.statements = [
        replace(one, container=moved.get(one.container, one.container)) if one.container >= 0 else one
        for one in headed.statements
    ]
    headed.containers = [
        _without_tracker(replace(container, label="", id="") if at in moved else container)
        for at, container in enumerate(headed.containers)
    ]
    return headed


def _without_tracker(container: Container) -> Container:
    """`Foundation [bd-fyy] CLOSED` is "Foundation", and "bd-fyy" another name of it."""
    found = _TRACKER.search(container.title)
    if not found:
        return container
    return replace(container, title=_bare(container.title), aliases=(*container.aliases, found[0].strip(" []")))
