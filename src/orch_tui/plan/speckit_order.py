"""What the "Dependencies & Execution Order" part of a spec-kit plan says about its phases, stories and tasks.

Its lines have a subject of their own: `- **US1 (Phase 3)**: Depends on Foundational - BLOCKS US2`,
`- T008 blocks T009, T015`, `- Tests (T004-T007) before implementation (T008-T014)`, `**Phase 1** → **Phase 2**`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from orch_tui.plan.document import Document
from orch_tui.plan.names import id_key
from orch_tui.plan.phrases import Relation, plain
from orch_tui.plan.reading import Container, Statement, WorkItem

TASK = r"T\d{3,4}[a-z]?"
"""Regular expression for the id of a task."""
_ORDER = re.compile(
    r"\W*(?:task |phase |user story |story |critical |key |blocking |sequential )*"
    r"(?:dependenc|execution order|blocking|ordering|implementation order|sequen)",
    re.IGNORECASE,
)
_HINT = re.compile(
    r"\W*(?:parallel|within each|implementation strategy|mvp|incremental|notes|single developer|suggested|format"
    r"|path conv|validation|task generation|summary|quick|checkpoint)",
    re.IGNORECASE,
)
_VERBS: tuple[tuple[Relation | None, str], ...] = (
    (None, r"(?:does|do|did)(?: not|n't) (?:need|depend|require|block)|not (?:depend|block)\w*"),
    (None, r"no (?:other |hard )*(?:dependenc\w+|blockers)|independen\w+(?: of| from)?|integrat\w+(?: with)?"),
    (None, r"(?:in )?parallel(?: with)?|alongside|concurrent\w*"),
    ("blocks", r"(?:must |should )?(?:be )?(?:complete\w*|finish\w*|done|pass|exist)? ?before"),
    ("blocks", r"un?blocks?|blocks?|enables?|prerequisites? (?:for|of)"),
    (
        "needs",
        r"(?:all )?depend(?:s|ing|ent)? (?:up)?on|requires?|needs?|waits? (?:for|on)|blocked (?:by|on)|builds on",
    ),
    ("needs", r"(?:can |must |may |should )?(?:only )?(?:starts?|begins?|runs?)?(?: only)? ?(?:after|once)"),
    ("needs", r"must follow|follows"),
)
"""What the words between two references say; None: nothing about order. The first that fits at a place counts."""
_VERB = re.compile("|".join(rf"(?P<v{at}>\b(?:{words})\b)" for at, (_, words) in enumerate(_VERBS)), re.IGNORECASE)
_ARROW = re.compile(r"\s*(?:→|->|=>|➜|⟶|─+>)\s*")
_CLAUSE = re.compile(r"\s+[-–—]+\s+|;\s*|(?<=[a-z)\d])\.\s+|\s+but\s+", re.IGNORECASE)
_UNTIL = re.compile(rf"\bparallel with (?P<beside>.+?) until (?P<until>{TASK})", re.IGNORECASE)
_MORE = re.compile(r"\b(?:additionally|also|as well|in addition)\b", re.IGNORECASE)
_TOGETHER = re.compile(r"\[P\]|\bparallel\b|\btogether\b", re.IGNORECASE)
_DASH = r"\s*(?:[-–—]|\bto\b|\bthrough\b|\.\.\.?)\s*"
_REFERENCE = re.compile(
    rf"(?P<task>\b{TASK})(?:{_DASH}(?P<last>T?\d{{3,4}}[a-z]?)(?![\w-]))?(?!\w)"
    rf"|\b(?:US ?|(?:user )?stor(?:y|ies) )(?P<story>\d{{1,3}})(?:{_DASH}(?:US ?)?(?P<last_story>\d{{1,3}}))?\b"
    rf"|\bphases? (?P<phase>\d{{1,3}}(?:\.\d{{1,3}})?)(?:{_DASH}(?P<last_phase>\d{{1,3}})\b|(?P<plus>\+))?"
    r"|(?P<rest>\b(?:all|every|any|each)(?: of)?(?: the)?(?: other)?"
    r" (?:phases?|tasks?|previous|prior|preceding|above|work)(?: phases?| tasks?)?)\b"
    r"|(?P<stories>\b(?:(?:all|any|each|every|desired|the|other) )*user stories"
    r"|\b(?:any|all|each|every) (?:user )?stor(?:y|ies))\b"
    r"|(?P<name>(?-i:\b[A-Z])[\w&-]*(?: (?:(?-i:[A-Z])[\w&-]*|&)){0,4})",
    re.IGNORECASE,
)
_MOST_STORIES = 50


@dataclass(slots=True, kw_only=True)
class Relations:
    """What was read: statements; whether tasks have a dependency list of their own; who is said to go together."""

    statements: list[Statement] = field(default_factory=list[Statement])
    by_task: bool = False
    together: dict[str, list[int]] = field(default_factory=dict[str, list[int]])


def is_order(heading: str) -> bool:
    """Whether what stands under such a heading states order."""
    return bool(_ORDER.match(heading))


def is_hint(heading: str) -> bool:
    """Whether what stands under such a heading only advises ("Parallel Opportunities", "Within Each User Story")."""
    return bool(_HINT.match(heading))


def read_relations(document: Document, items: Sequence[WorkItem], containers: Sequence[Container]) -> Relations:
    """What the lines under headings about dependencies say."""
    reader = _Lines(items, containers)
    tasks = {line for item in items for line in range(item.line, item.end + 1)}
    for number in _lines(document):
        if number not in tasks:
            reader.line(number, document.line(number))
    return reader.finish()


def _lines(document: Document) -> list[int]:
    """Lines under a heading about order that stand under no heading with mere hints."""
    about: list[bool] = []
    out: list[int] = []
    for at, heading in enumerate(document.headings):
        inherited = heading.parent >= 0 and about[heading.parent]
        about.append(not is_hint(heading.text) and (inherited or is_order(heading.text)))
        stop = document.headings[at + 1].line - 1 if at + 1 < len(document.headings) else heading.end
        if about[-1]:
            fenced = {
                number
                for fence in document.fences
                if heading.line < fence.line <= stop and fence.language in {"", "text", "txt"}
                for number in range(fence.line + 1, fence.end)
            }
            out += [n for n in range(heading.line + 1, stop + 1) if not document.hidden[n] or n in fenced]
    return out


@dataclass(slots=True)
class _Meant:
    """What words refer to: items, containers, the same in words that linking understands, "all the others"."""

    items: list[int] = field(default_factory=list[int])
    containers: list[int] = field(default_factory=list[int])
    words: list[str] = field(default_factory=list[str])
    others: bool = False

    def __bool__(self) -> bool:
        return bool(self.items or self.containers or self.words)


class _Lines:
    """Reads lines with subjects; keeps the subject of a line for its further clauses."""

    def __init__(self, items: Sequence[WorkItem], containers: Sequence[Container]) -> None:
        self._items = items
        self._containers = containers
        self._place: dict[str, int] = {}
        for at, item in enumerate(items):
            self._place.setdefault(id_key(item.id), at)
        self._names: dict[str, list[int]] = {}
        for at, container in enumerate(containers):
            for name in (container.title, *container.aliases):
                self._names.setdefault(name.casefold(), []).append(at)
        self._out = Relations()
        self._by_task = self._by_phase = 0
        self._hint = False

    def finish(self) -> Relations:
        """All that was said; three lines about tasks or more, twice as many as about phases, are *the* list."""
        self._out.by_task = self._by_task >= 3 and self._by_task >= 2 * self._by_phase
        return self._out

    def line(self, number: int, line: str) -> None:
        """Reads one line."""
        text = re.sub(r"^\d{1,3}[.)]\s+", "", plain(line).replace("`", ""))
        if text.endswith(":") and not _REFERENCE.match(text):
            self._hint = is_hint(text)
        if not text or self._hint or text.lower().startswith("critical path"):
            return
        head, colon, rest = text.partition(":")
        head_means = self.meant(head)
        arrows = _ARROW.split(rest if colon and not head_means else text)
        if len(arrows) > 1 and all(self.meant(part) for part in arrows):
            for before, after in pairwise(arrows):
                self._state(self.meant(after), "needs", self.meant(before), number, line)
            return
        subject = head_means if colon and head_means and not _VERB.search(head) else _Meant()
        for clause in _CLAUSE.split(rest if subject else text):
            subject = self._clause(clause, subject, number, line)

    def _clause(self, clause: str, subject: _Meant, number: int, line: str) -> _Meant:
        """Reads one clause and returns the subject that holds for the next."""
        if found := _UNTIL.search(clause):
            self._state(self.meant(found["until"]), "needs", self.meant(found["beside"]), number, line, more=True)
        verbs = list(_VERB.finditer(clause))
        own = self.meant(clause[: verbs[0].start()]) if verbs else _Meant()
        subject = own or subject
        ends = [verb.start() for verb in verbs[1:]] + [len(clause)]
        relations: list[Relation | None] = [self._relation(verb) for verb in verbs]
        if not any(relations):
            self._group(clause)
            return subject
        for verb, relation, end in zip(verbs, relations, ends, strict=True):
            meant = self.meant(clause[verb.end() : end])
            if relation and subject and meant:
                self._state(subject, relation, meant, number, line, more=bool(_MORE.search(clause)))
        return subject

    def _relation(self, verb: re.Match[str]) -> Relation | None:
        return next(relation for at, (relation, _) in enumerate(_VERBS) if verb[f"v{at}"] is not None)

    def _group(self, clause: str) -> None:
        """`T007 [P] with T008`: both go together."""
        named = self.meant(clause).items
        if len(named) > 1 and _TOGETHER.search(clause):
            for item in named:
                self._out.together[id_key(self._items[item].id)] = [other for other in named if other != item]

    def _state(
        self, subject: _Meant, relation: Relation, meant: _Meant, number: int, line: str, *, more: bool = False
    ) -> None:
        words = meant.words
        if meant.others and subject.items:
            inside = set(subject.items)
            words = [item.id for at, item in enumerate(self._items) if at not in inside]
        text, quote = ", ".join(words), line.strip()
        if subject.items:
            self._by_task += bool(meant.items)
            for item in subject.items:
                said = Statement(relation=relation, text=text, quote=quote, line=number, item=item, adds=more)
                self._out.statements.append(said)
            return
        self._by_phase += 1
        for container in subject.containers:
            said = Statement(
                relation=relation, text=text, quote=quote, line=number, container=container, kind="container"
            )
            self._out.statements.append(said)

    def meant(self, text: str) -> _Meant:
        """What is referred to in `text`; tasks in brackets after a phase say which of its tasks are meant."""
        out = _Meant()
        for found in _REFERENCE.finditer(text):
            if found["task"]:
                self._tasks(found, out)
            elif found["story"]:
                last = min(int(found["last_story"] or found["story"]), int(found["story"]) + _MOST_STORIES)
                for story in range(int(found["story"]), last + 1):
                    self._named(f"US{story}", out, sure=True)
            elif found["phase"]:
                self._phases(found, out)
            elif found["rest"]:
                out.others = True
                out.words.append(found["rest"])
            elif found["stories"]:
                stories = [at for at, one in enumerate(self._containers) if _is_story(one)]
                out.containers += stories
                out.words += ["all user stories"] if stories else []
            elif found["name"]:
                self._names_in(found["name"], out)
        if out.items and out.containers:
            out.containers.clear()
            out.words = [word for word in out.words if re.match(TASK, word)]
        if "all user stories" in out.words and any(word.startswith("Phase ") for word in out.words):
            out.containers = [at for at in out.containers if _is_story(self._containers[at])]
            out.words = ["all user stories"]
        if not out:
            self._loosely(text, out)
        return out

    def _loosely(self, text: str, out: _Meant) -> None:
        """A word of the text that only one phase has in its title: "implementation before polish"."""
        for word in re.findall(r"[^\W\d_]{4,30}", text.casefold()):
            found = [at for at, one in enumerate(self._containers) if word in one.title.casefold().split()]
            if len(found) == 1 and self._containers[found[0]].label:
                container = self._containers[found[0]]
                out.containers.append(found[0])
                out.words.append(f"{container.label} {container.id}" if container.id else container.title)
                return

    def _tasks(self, found: re.Match[str], out: _Meant) -> None:
        first = self._place.get(id_key(found["task"]), -1)
        out.words.append(found["task"])
        if found["last"]:
            last_id = found["last"] if found["last"][0] in "Tt" else f"T{found['last']}"
            out.words[-1] += f"-{last_id}"
            last = self._place.get(id_key(last_id), -1)
            low, high = (int(re.sub(r"\D", "", one)) for one in (found["task"], last_id))
            if first >= 0 and last >= 0:
                numbers = [int(re.sub(r"\D", "", item.id)) for item in self._items]
                out.items += [at for at, value in enumerate(numbers) if low <= value <= high]
        elif first >= 0:
            out.items.append(first)

    def _phases(self, found: re.Match[str], out: _Meant) -> None:
        first = float(found["phase"])
        last = float("inf") if found["plus"] else float(found["last_phase"] or first)
        for at, container in enumerate(self._containers):
            number = re.fullmatch(r"\d{1,3}(?:\.\d{1,3})?", container.id)
            if container.label == "phase" and number and first <= float(container.id) <= last:
                out.containers.append(at)
                out.words.append(f"Phase {container.id}")
        if not any(one.label == "phase" and one.id == found["phase"] for one in self._containers):
            out.words.append(f"Phase {found['phase']}")

    def _names_in(self, phrase: str, out: _Meant) -> None:
        """The longest run of words from the beginning of `phrase` that is a phase's name."""
        spoken = phrase.split()
        for size in range(len(spoken), 0, -1):
            if self._named(" ".join(spoken[:size]), out):
                return

    def _named(self, name: str, out: _Meant, *, sure: bool = False) -> bool:
        found = self._names.get(name.casefold(), [])
        out.containers += found
        if found or sure:
            out.words.append(name)
        return bool(found)


def _is_story(container: Container) -> bool:
    return any(alias.startswith("US") and alias[2:].isdigit() for alias in container.aliases)
