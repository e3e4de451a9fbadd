"""What a spec-kit plan says about the order of its phases, stories and tasks outside of the tasks themselves.

Its lines have a subject of their own: `- **US1 (Phase 3)**: Depends on Foundational - BLOCKS US2`,
`- T008 blocks T009, T015`, `**Phase 1** → **Phase 2**`, `- **Polish**: 全US完了後`; below a bullet with a subject its
bullets speak of the same. Which words state order is the business of `phrases`, whom they name that of `speckit_names`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from orch_tui.plan import speckit_words as spoken
from orch_tui.plan.fields import Relation, plain
from orch_tui.plan.first_last import ALL_OTHERS
from orch_tui.plan.later import later
from orch_tui.plan.names import id_key
from orch_tui.plan.order_words import NEVER, SOFT
from orch_tui.plan.phrases import Phrase, in_text
from orch_tui.plan.reading import Container, Order, Statement, WorkItem
from orch_tui.plan.sequence import ADVICE, CHAIN
from orch_tui.plan.speckit_names import TASK, Meant, Names, Token
from orch_tui.plan.speckit_text import EDGE, at_colon, bare_between, soft_order
from orch_tui.plan.trie import alternatives
from orch_tui.plan.vocabulary import phrases

_ARROW = later(r"\s*(?:[-─═=]*(?:→|▶|►|➜|➔|⟶|⇒)|[-─]+>|=+>)\s*")
_BESIDE = later(r"\s*(?:[,、，/&+|]|\b(?:and|und|y|e|et)\b|と|和|및)\s*")
_ARROW_OUTSIDE = later(rf"{_ARROW.pattern}(?![^()]{{0,200}}\))")
_SPACED = later(r"\s(?:→|->|=>)|(?:→|->|=>)\s")
_COMMA = later(r"[,，]\s")
"""Where arrows stand without blanks, a comma with one ends a chain."""
_LISTED = later(rf"[^()]{{1,60}}\((?P<tasks>{TASK}[^()]*)\)[\s.*_]*")
_CLAUSE = later(r"\s+[-–—−]+\s+|[;；]\s*|(?<=[^\W\d_])[.]\s+|(?<=[\d)])\.\s+|[。！]|\s+but\s+|——", re.IGNORECASE)
_CLOSED = later(r"(?<=[）)\dA-Za-z])\s*(?:後(?=に|、|は|$)|后(?=开始|可|立即|，|,|。|$)|후(?=에|\s|$))")
_UNTIL = later(rf"\bparallel with (?P<beside>.+?) until (?P<until>{TASK})", re.IGNORECASE)
_TOGETHER = later(r"\[P\]|\bparallel\b|\btogether\b", re.IGNORECASE)
_ALSO = later(spoken.ALSO, re.IGNORECASE)
_EXCEPT = later(
    rf"\b(?:except(?:ing)?(?: for)?|apart from|other than|excluding|außer|excepto|salvo|sauf)\s+(?P<who>{TASK}[^;.]*?)"
    r"(?=$|[;.)]|\s+(?:which|that|because|since|can|may|depends?|needs?|is|are)\b)",
    re.IGNORECASE,
)
_EITHER_OR = later(spoken.EITHER_OR, re.IGNORECASE)
_STRICT = later(spoken.STRICT, re.IGNORECASE)
_SEQUENTIAL = later(r"\bsequen[ct]ial|\bsequenziell|\bsecuencial|\bséquentiel|順次|串行|直列|순차", re.IGNORECASE)
_USES = later(rf"(?P<who>{TASK})\s+{spoken.USES}\s+(?P<whom>.*?{TASK}.*)", re.IGNORECASE)
"""A task that takes what others leave: "T006 uses T005"."""
_PARTS = later(rf"[;；]\s*|,\s+(?={TASK}\s+(?:{spoken.USES}|(?:requires|needs|exige|requer)\s))", re.IGNORECASE)
_NOTE = later(r"\([^()]*\)|（[^（）]*）")
_EVERYTHING = later(alternatives(phrases("everything")), re.IGNORECASE)
_A_THING = later(r"の(?!完了|実装|終了|後|あと)[^、。]+が前提$")
"""A file or a figure of somebody's is presupposed; nobody is said to come first."""
_LAST = later(r"(?P<who>(?:\S+ ){0,3}?\S*?)[\s*_]*(?:\b(?:comes?|runs?|goes|go|is|done)\s+)?\blast", re.IGNORECASE)
"""All that a clause says: "Polish (T017-T020) last"."""
_A_CLAUSE = 100
_MOST_NAMED = 2_000
"""Tasks that "all tasks" names one by one."""
_CRITICAL = later(
    r"critical[ -]paths?\b|kritische[rn]? pfad|ruta crítica|camino crítico|chemin critique|关键路径|クリティカル", re.I
)
"""Opens a summary by arrows; what its lines say in words is stated."""
_CRITICAL_DEPENDENCIES = later(r"critical[ -]path (?=dependenc)", re.IGNORECASE)


def _beginnings(listed: str) -> re.Pattern[str]:
    words = [re.escape(" ".join(word.split())) for word in listed.split(",") if word.strip()]
    latin = [word for word in words if ord(word[0]) < 0x2FFF]
    glued = [word for word in words if ord(word[0]) >= 0x2FFF]
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(latin)})|{'|'.join(glued)}", re.IGNORECASE)


_ORDER, _HINT = _beginnings(spoken.ORDER_HEADINGS), _beginnings(spoken.HINT_HEADINGS)


@dataclass(slots=True, kw_only=True)
class Relations:
    """What was read: statements; whether tasks have a dependency list of their own; who is said to go together.

    `chained` are tasks that are said to run one after another although they have statements of their own, `chains` the
    orders of those that are named with the words ("T013-T016 sequential (same file)"). `lanes` are the tasks of each
    chain of arrows, and those that are named beside chains: "T003→T004; T005→T006; T007 [P]".
    """

    statements: list[Statement] = field(default_factory=list[Statement])
    by_task: bool = False
    together: dict[str, list[int]] = field(default_factory=dict[str, list[int]])
    chained: set[int] = field(default_factory=set[int])
    chains: list[Order] = field(default_factory=list[Order])
    lanes: list[list[int]] = field(default_factory=list[list[int]])


def is_order(heading: str) -> bool:
    """Whether what stands under such a heading states order."""
    return bool(_ORDER.search(heading)) and not is_hint(heading)


def is_hint(heading: str) -> bool:
    """Whether what stands under such a heading only advises ("Parallel Opportunities", "Within Each User Story")."""
    found = _HINT.search(_CRITICAL_DEPENDENCIES.sub("dependenc", heading))
    return bool(found and (found.start() < 4 or ord(found[0][0]) >= 0x2FFF or not _ORDER.search(heading)))


@dataclass(slots=True)
class Lines:
    """Reads lines with subjects; keeps the subject of a bullet for its further clauses and the bullets below it.

    With `strict` a clause whose subject is somebody unknown says nothing: such are the lines below a phase's heading.
    """

    items: Sequence[WorkItem]
    containers: Sequence[Container]
    names: Names
    out: Relations = field(default_factory=Relations)
    strict: bool = False
    _by_task: int = 0
    _by_phase: int = 0
    _hint: bool = False
    _summary: bool = False
    _open: list[tuple[int, Meant]] = field(default_factory=list[tuple[int, Meant]])
    _this: int = -1

    def finish(self) -> Relations:
        """All that was said; three lines about tasks or more, twice as many as about phases, are *the* list."""
        self.out.by_task = self._by_task >= 3 and self._by_task >= 2 * self._by_phase
        return self.out

    def heading(self, number: int, text: str) -> None:
        """Begins a new part; the phase or task that its heading names is the subject of its lines."""
        self.names.here(number)
        self._hint = self._summary = False
        self._open = [(-1, self.names.meant(text, subject=True))] if self.names.meant(text) else []

    def of_phase(self, container: int) -> None:
        """Begins the lines below the heading of a phase."""
        self._hint, self._summary, self._this = False, False, container
        self._open = [(-1, Meant(containers=[container]))]

    def line(self, number: int, line: str, *, indent: int = 0) -> None:
        """Reads one line, or one paragraph."""
        self.names.here(number)
        text = _CLOSED.sub("完了後", re.sub(r"^\d{1,3}[.)]\s+", "", plain(line).replace("`", "")))
        while self._open and self._open[-1][0] >= indent:
            self._open.pop()
        head, rest = at_colon(text)
        if not text or self._hints(text, head):
            return
        if (
            self._mixed(text, number, line)
            or self._arrows(text, number, line)
            or (self._summary and _ARROW.search(text))
        ):
            return
        subject = self._meant(head, subject=True) if head and not in_text(head) else Meant()
        inherited = self._open[-1][1] if self._open else Meant()
        self._open.append((indent, subject or inherited))
        first = True
        for clause in _CLAUSE.split(rest if subject else text):
            given = subject or inherited
            subject = self._clause(clause, given, number, line, opens=first and not subject) or given
            first = False

    def row(self, number: int, line: str, who: str, relation: Relation, whom: str) -> None:
        """Reads one cell of a table of dependencies."""
        subject, meant = self._meant(who, subject=True), self._meant(whom)
        if subject and meant and not NEVER.search(whom.partition("(")[0]):
            self._state(subject, relation, meant, number, line)

    def arrow(self, before: str, after: str, number: int, quote: str) -> None:
        """Reads one arrow of a drawing."""
        first, second = self._meant(before, subject=True), self._meant(after, subject=True)
        if first and second:
            self._state(second, "needs", first, number, quote)

    def branch(self, above: str, below: str, number: int, quote: str) -> None:
        """Reads one branch of a tree: what hangs below waits for what it hangs on, but not the tasks of a phase."""
        first, second = self._meant(above, subject=True), self._meant(below, subject=True)
        held = {item for at in first.containers for item in self.names.members[at]}
        if first and second and not (second.items and held.issuperset(second.items)):
            self._state(second, "needs", first, number, quote)

    def _meant(self, text: str, *, subject: bool = False) -> Meant:
        return self.names.meant(text, subject=subject, this=self._this)

    def _hints(self, text: str, head: str) -> bool:
        """Whether the line only advises, or stands below a line of its own that says so ("Parallel execution:")."""
        title = text.rstrip(":：") if text.endswith((":", "：")) else ""
        if title and not self._meant(title):
            self._summary = bool(_CRITICAL.search(title))
            self._hint = is_hint(title) and not self._summary
        return self._hint or (bool(head) and not self._meant(head) and is_hint(head) and not is_order(head))

    def _mixed(self, text: str, number: int, line: str) -> bool:
        """`T001 → T002; T003 needs T001`: chains and sentences in one line."""
        parts = _PARTS.split(text)
        drawn = [bool(_ARROW.search(part)) for part in parts]
        if all(drawn) or not any(drawn) or ADVICE.search(text) or soft_order(text):
            return False
        given = Meant()
        for part, arrow in zip(parts, drawn, strict=True):
            if not (arrow and self._arrows(part, number, line)):
                given = self._clause(part, given, number, line, opens=False) or given
                self.out.lanes += [] if arrow or in_text(part) else [[at] for at in self._meant(part).items]
        return True

    def _arrows(self, text: str, number: int, line: str) -> bool:
        """`Phase 1 → Phase 2 (Foundational) → US1 / US2`: each group waits for the one before it."""
        chains = [] if self._summary else [*self._explained(text), *self._chains(text)]
        if not chains:
            return False
        advice = ADVICE.search(text) or _EITHER_OR.search(text) or soft_order(text)
        if not advice or _STRICT.search(text):
            for before, after in (pair for groups in chains for pair in pairwise(groups)):
                self._state(after, "needs", before, number, line)
            self.out.lanes += [[at for one in groups for at in one.items] for groups in chains]
            if len(chains) > 1:
                self.out.lanes += [[at] for at in self._meant(text).items]
        return True

    def _explained(self, text: str) -> list[list[Meant]]:
        """`Models (T001/T002) → screens (T003→T004)`: every name is explained by its tasks, which may be a chain."""
        parts = _ARROW_OUTSIDE.split(text)
        told = [_LISTED.fullmatch(part) for part in parts]
        if len(parts) < 2 or not all(told):
            return []
        inside = [found["tasks"] for found in told if found]
        groups = [self._meant(_ARROW.sub(", ", tasks)) for tasks in inside]
        return [groups, *(chain for tasks in inside for chain in self._chains(tasks))] if all(groups) else []

    def _chains(self, text: str) -> list[list[Meant]]:
        """The chains of a line, one after another: "T003→T004; T005→T006", "T003→T004, T005→T006"."""
        chains: list[list[Meant]] = []
        groups: list[Meant] = []
        last: Token | None = None
        tight = not _SPACED.search(text)
        for token in self.names.tokens(text, this=self._this):
            between = bare_between(text[last.end : token.start]) if last else ""
            if last and token.depth > last.depth and "→" not in between:
                continue
            beside = bool(last and groups and _BESIDE.fullmatch(between))
            if last and _ARROW.fullmatch(between):
                groups.append(Meant())
            elif not beside or (tight and len(groups) > 1 and _COMMA.match(text, last.end if last else 0)):
                chains.append(groups)
                groups = [Meant()]
            groups[-1].add(token.meant)
            last = token
        return [chain for chain in (*chains, groups) if len(chain) > 1]

    def _clause(self, clause: str, given: Meant, number: int, line: str, *, opens: bool) -> Meant:
        """Reads one clause and returns the subject that holds for the next (nothing: the same)."""
        if found := _UNTIL.search(clause):
            self._state(self._meant(found["until"]), "needs", self._meant(found["beside"]), number, line, more=True)
        said = [one for one in in_text(clause) if one.relation in {"needs", "blocks"}]
        if not said and (found := _USES.match(clause)):
            self._state(self._meant(found["who"]), "needs", self._meant(found["whom"]), number, line, more=True)
        if not said:
            self._in_sequence(clause, given, number, line)
            self._group(clause)
            bare = _NOTE.sub("", clause)
            if len(bare) < _A_CLAUSE and (last := _LAST.fullmatch(bare.strip(" *_."))):
                who = self._meant(last["who"], subject=True) if last["who"] else given
                if len(who.containers) == 1 and not who.rest:
                    self._state(Meant(containers=who.containers), "needs", Meant(rest="all"), number, line)
            short = len(bare.split()) <= 5
            return self._meant(clause, subject=True) if opens and short else Meant()
        self._excepted(clause, number, line)
        own = Meant()
        for one in said:
            own = self._phrase(one, clause, own or given, number, line) or own
        return own

    def _excepted(self, clause: str, number: int, line: str) -> None:
        """ "Polish depends on all stories, except T041": that task does not wait for what its phase waits for."""
        found = _EXCEPT.search(clause)
        for item in self._meant(found["who"]).items if found else ():
            self.out.statements.append(
                Statement(relation="needs", text="none", quote=line.strip(), line=number, item=item)
            )

    def _phrase(self, one: Phrase, clause: str, given: Meant, number: int, line: str) -> Meant:
        own = self._speaker(one, clause)
        unknown = bool(one.subject.strip(EDGE)) and not own
        meant = self._meant(_NOTE.sub(lambda note: "" if SOFT.search(note[0]) else note[0], one.text))
        if one.text == ALL_OTHERS and (own or given).containers:
            meant = Meant(rest="all" if one.relation == "needs" else "later")
        if one.negated or (self.strict and unknown and one.loose) or _A_THING.search(one.text + one.quote[-3:]):
            return own
        if not meant and _EVERYTHING.fullmatch(one.text.strip(EDGE + ".;")):
            meant = Meant(rest="all")
        if (own or given) and meant:
            self._state(own or given, one.relation, meant, number, line, more=bool(_ALSO.search(clause)))
        return own

    def _speaker(self, one: Phrase, clause: str) -> Meant:
        """Who is meant before a phrase, all of "T007, T008 and T009"."""
        own = self._meant(one.subject, subject=True) if one.subject.strip(EDGE) else Meant()
        start = clause.rfind(one.subject, 0, one.at) if own else -1
        for token in reversed(list(self.names.tokens(clause[:start], this=self._this)) if start > 0 else []):
            if not _BESIDE.fullmatch(_NOTE.sub("", clause[token.end : start])):
                break
            own.add(token.meant)
            start = token.start
        return own

    def _in_sequence(self, clause: str, given: Meant, number: int, line: str) -> None:
        """ "Phases run sequentially", "sequential within the story": what runs one after another."""
        if not (CHAIN.search(clause) or _SEQUENTIAL.search(clause)) or NEVER.search(clause):
            return
        own = self._meant(clause)
        named = own.items or [item for at in own.containers[:1] for item in self.names.members[at]]
        if own.by_id and len(own.containers) < 2 and len(named) > 1:
            self.out.chains.append(
                Order(groups=tuple((item,) for item in named), line=number, quote=line, implied=False)
            )
        if given.items and not own.containers:
            self.out.chained |= set(given.items)
        elif not self.strict and len(own.containers) > 1 and not (ADVICE.search(clause) or _EITHER_OR.search(clause)):
            for before, after in pairwise(own.containers):
                self._state(Meant(containers=[after]), "needs", Meant(containers=[before]), number, line)

    def _group(self, clause: str) -> None:
        """`T007 [P] with T008`: both go together."""
        named = self._meant(clause).items
        if len(named) > 1 and _TOGETHER.search(clause):
            for item in named:
                self.out.together[id_key(self.items[item].id)] = [other for other in named if other != item]

    def _state(
        self, subject: Meant, relation: Relation, meant: Meant, number: int, line: str, *, more: bool = False
    ) -> None:
        text, quote = self._words(meant, subject), line.strip()
        if not text:
            return
        if not self.strict:
            self._by_task += (subject.by_id and meant.by_id) or (bool(subject.items) and meant.by_id)
            self._by_phase += not (subject.by_id and meant.by_id) and not subject.items
        for item in subject.items:
            said = Statement(relation=relation, text=text, quote=quote, line=number, item=item, adds=more)
            self.out.statements.append(said)
        for container in self._all(subject) or subject.containers:
            own = ", ".join(dict.fromkeys(part for part in text.split(", ") if part != unique(container)))
            if meant.rest == "previous" and subject.rest:
                own = self._words(Meant(containers=self._before(container)), subject) or own
            said = Statement(
                relation=relation, text=own, quote=quote, line=number, container=container, kind="container"
            )
            self.out.statements.append(said)

    def _all(self, subject: Meant) -> list[int]:
        return self.names.phases if subject.rest == "all" and not subject.containers else []

    def _before(self, container: int) -> list[int]:
        """The phase before: "each phase depends on the previous"."""
        phases = self.names.phases
        return phases[: phases.index(container)][-1:] if container in phases and len(phases) > 1 else []

    def _words(self, meant: Meant, subject: Meant) -> str:
        """The same in words that linking understands without doubt: ids of tasks and the unique names of phases."""
        words = [self.items[at].id for at in meant.items]
        words += [unique(at) for at in meant.containers]
        if meant.rest == "previous" and subject.items:
            words.append("all previous")
        elif meant.rest and subject.items:
            inside = set(subject.items)
            words += [item.id for at, item in enumerate(self.items[:_MOST_NAMED]) if at not in inside]
        elif meant.rest:
            own = [at for at, phase in enumerate(self.names.phases) if phase in subject.containers]
            first, last = min(own, default=0), max(own, default=len(self.names.phases))
            chosen = slice(first) if meant.rest == "previous" else slice(last + 1 if meant.rest == "later" else 0, None)
            words += [unique(at) for at in self.names.phases[chosen] if at not in subject.containers]
        return ", ".join(dict.fromkeys(words))


def unique(container: int) -> str:
    """A name for a container that no plan uses."""
    return f"container {container}"
