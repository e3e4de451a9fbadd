"""The part of the review that changes the graph: each key asks what it needs to know, then sends one mend."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from orch_tui.clean import one_line
from orch_tui.client.reviewing import EdgeRow, Reviewed
from orch_tui.cockpit import outcomes
from orch_tui.cockpit.screens.approving import Approving
from orch_tui.cockpit.screens.assign import Assigning
from orch_tui.cockpit.screens.confirm import Confirm
from orch_tui.cockpit.screens.picker import Choose, Offer, Picked, Picker
from orch_tui.cockpit.screens.steer import Steer
from orch_tui.cockpit.widgets.choice_list import Choice
from orch_tui.cockpit.widgets.lines import Line
from orch_tui.plan.edit_words import all_words
from orch_tui.plan.edits import AddEdge, AddNote, DropEdge, Edit, Exclude, Include, MarkDone, ReverseEdge

WHY = ("why", "why, if you want to say (tab)")
NEEDS = ("needs", "what of it is needed, if you want to say")
_NAMED = 6  # sections that a question names
_BETWEEN = "\0"  # between the two ids of an edge in a choice's value


class Mending(Approving):
    """A board whose keys change the graph. Marked sections take the place of the selected one."""

    def __init__(self) -> None:
        super().__init__()
        self.marked: set[str] = set()

    @property
    def targets(self) -> list[str]:
        """What a mend is about: the marked sections in the plan's order, else the selected one."""
        if self.reviewed is None:
            return []
        marked = [name for name in self.reviewed.sections if name in self.marked] if self.marked else []
        return marked or ([self.section] if self.section else [])

    def _whom(self, sections: Sequence[str]) -> str:
        """ "B  Warm the pot", "3 marked sections"."""
        if len(sections) != 1 or self.reviewed is None:
            return f"{len(sections)} marked sections"
        return _called(self.reviewed, sections[0])

    def refuses(self, edits: Sequence[Edit], why: str = "") -> str:
        """Why these edits cannot be made now, by the same rules as the runner's; "" when they can."""
        return outcomes.foreseen(self.state, "mend", {"edits": tuple(edits), "why": why})

    def send(self, edits: Sequence[Edit], why: str = "") -> None:
        """Send one mend."""
        words = one_line(all_words(edits), 120)
        self.cockpit.command(
            "mend", {"edits": tuple(edits), "why": why}, words=f"{words} · {self.key('undo')} takes it back"
        )

    # --- marks ---

    def action_mark(self) -> None:
        """Mark the section, or unmark it, and go on to the next."""
        if self.section:
            self.marked ^= {self.section}
            self.sections.action_move(1)
            self._marks_changed()

    def action_mark_wave(self) -> None:
        """Mark the whole wave, or unmark it when all of it is marked."""
        if self.reviewed is None or not self.section:
            return
        number = self.reviewed.wave_of.get(self.section)
        wave = set(self.reviewed.waves[number - 1]) if number else {self.section}
        self.marked = self.marked - wave if wave <= self.marked else self.marked | wave
        self._marks_changed()

    def action_clear_marks(self) -> None:
        """No marks."""
        self.marked.clear()
        self._marks_changed()

    def forget_marks(self, reviewed: Reviewed) -> None:
        """Sections that are not there any more are not marked."""
        if not self.marked <= reviewed.sections.keys():
            self.marked &= reviewed.sections.keys()
            self.sections.mark(self.marked)

    def _marks_changed(self) -> None:
        self.sections.mark(self.marked)
        count = len(self.marked)
        self.say(f"{count} marked: x D s i e are about {'all of them' if count > 1 else 'it'}" if count else "no marks")

    # --- edges ---

    def action_add_edge(self, direction: int) -> None:
        """Let the sections wait for another one (1), or another one for them (-1)."""
        self.ask(self._add_edge, direction)

    async def _add_edge(self, direction: int) -> None:
        reviewed, targets = self.reviewed, self.targets
        if reviewed is None or not targets:
            self.say("no section is selected")
            return

        def edits(picked: Picked) -> list[Edit]:
            needs = picked.typed.get("needs", "")
            return [
                AddEdge(upstream=picked.value, downstream=name, needs=needs)
                if direction > 0
                else AddEdge(upstream=name, downstream=picked.value, needs=needs)
                for name in targets
            ]

        ask = f"{self._whom(targets)} waits for …" if direction > 0 else f"… waits for {self._whom(targets)}"
        offer = Offer(
            ask=ask if len(targets) == 1 else ask.replace("sections waits", "sections wait"),
            choices=_others(reviewed, targets, direction),
            does="adds",
            fields=(WHY, NEEDS),
            refuses=lambda picked: self.refuses(edits(picked)),
            detail=lambda name: self._text_of(reviewed, name),
            lead="type an id or words of the title",
        )
        picked = await self.cockpit.push_screen_wait(Picker(offer))
        if picked is not None:
            self.send(edits(picked), picked.typed["why"])

    def action_drop(self) -> None:
        """Drop one of the section's edges."""
        self.ask(self._change_edge, "Drop which dependency?", "drops", DropEdge)

    def action_reverse(self) -> None:
        """Turn one of the section's edges round."""
        self.ask(self._change_edge, "Turn which dependency round?", "turns it round", ReverseEdge)

    async def _change_edge(self, ask: str, does: str, edit: type[DropEdge] | type[ReverseEdge]) -> None:
        rows = self.reviewed.edges(self.section) if self.reviewed is not None and self.section else ()
        if not rows:
            self.say("this section waits for nothing, and nothing waits for it")
            return

        def edits(picked: Picked) -> list[Edit]:
            upstream, downstream = picked.value.split(_BETWEEN)
            return [edit(upstream=upstream, downstream=downstream)]

        by_value = {_edge_value(row): row for row in rows}
        offer = Offer(
            ask=ask,
            choices=[_edge_choice(value, row) for value, row in by_value.items()],
            does=does,
            fields=(WHY,),
            refuses=lambda picked: self.refuses(edits(picked)),
            detail=lambda value: _edge_words(by_value[value]),
        )
        picked = await self.cockpit.push_screen_wait(Picker(offer))
        if picked is not None:
            self.send(edits(picked), picked.typed["why"])

    def _text_of(self, reviewed: Reviewed, name: str) -> list[Line]:
        from orch_tui.client import passages

        plan = self.cockpit.looking.plan_text(reviewed.edition.read.plan_sha)
        shown = passages.section_text(plan, reviewed.sections[name], 12)
        return [Line(text=line.text, kind="dim", margin=line.margin) for line in shown if line.text.strip()]

    # --- sections ---

    def action_exclude(self) -> None:
        """Leave the sections out, or take them in again; asks what becomes of those that wait for them."""
        self.ask(self._exclude)

    async def _exclude(self) -> None:
        reviewed, targets = self.reviewed, self.targets
        if reviewed is None or not targets:
            self.say("no section is selected")
            return
        if all(reviewed.sections[name].planned == "excluded" for name in targets):
            self.send([Include(section=name) for name in targets])
            return
        targets = [name for name in targets if reviewed.sections[name].planned != "excluded"]
        behind = _behind(reviewed, targets)
        ways: dict[str, list[Edit]] = {
            "release": [Exclude(section=name, dependants="release") for name in targets],
            "exclude": [Exclude(section=name, dependants="exclude") for name in targets],
        }
        them = "it" if len(targets) == 1 else "them"
        choices = [Choice(value="release", key=f"leave {them} out; what waits for {them} goes on without")]
        if behind:
            choices.append(Choice(value="exclude", key=f"leave {them} out, and what waits for {them} as well"))
        else:
            choices = [Choice(value="release", key=f"leave {them} out")]
        offer = Offer(
            ask=f"Leave out {self._whom(targets)}?",
            lead=_behind_words(reviewed, behind, them),
            choices=choices,
            does="chooses",
            fields=(WHY,),
            refuses=lambda picked: self.refuses(ways[picked.value]),
        )
        picked = await self.cockpit.push_screen_wait(Choose(offer))
        if picked is not None:
            self.send(ways[picked.value], picked.typed["why"])

    def action_mark_done(self) -> None:
        """Done already, or not done yet whatever the plan's mark says."""
        self.ask(self._mark_done)

    async def _mark_done(self) -> None:
        reviewed, targets = self.reviewed, self.targets
        if reviewed is None or not targets:
            self.say("no section is selected")
            return
        undo = all(reviewed.sections[name].planned == "done" for name in targets)
        targets = [name for name in targets if (reviewed.sections[name].planned == "done") == undo]
        edits = [MarkDone(section=name, done=not undo) for name in targets]
        it, them = ("it is", "it") if len(targets) == 1 else ("they are", "them")
        way = f"{it} not done yet: to be carried out" if undo else f"{it} done already: nothing is run for {them}"
        offer = Offer(
            ask=f"{self._whom(targets)}: {'not done yet?' if undo else 'done already?'}",
            choices=[Choice(value="yes", key=way)],
            does="says so",
            fields=(WHY,),
            refuses=lambda _: self.refuses(edits),
        )
        picked = await self.cockpit.push_screen_wait(Choose(offer))
        if picked is not None:
            self.send(edits, picked.typed["why"])

    def action_assign(self) -> None:
        """Agent, model, effort, budget, workflow, priority."""
        self.ask(self._assign)

    async def _assign(self) -> None:
        reviewed, targets = self.reviewed, self.targets
        if reviewed is None or not targets:
            self.say("no section is selected")
            return
        assigning = Assigning(self._whom(targets), reviewed, targets, self.refuses)
        assigned = await self.cockpit.push_screen_wait(assigning)
        if assigned is not None:
            self.send(assigned.edits, assigned.why)

    def action_note(self) -> None:
        """Words for the agents of the sections."""
        self.ask(self._note)

    async def _note(self) -> None:
        targets = self.targets
        if not targets:
            self.say("no section is selected")
            return
        lead = "A note stands in the agent's brief, below the section's own text."
        text = await self.cockpit.push_screen_wait(Steer(f"Note on {self._whom(targets)}", lead))
        if text is not None:
            edits = [AddNote(section=name, text=text) for name in targets]
            if reason := self.refuses(edits):
                self.say(f"cannot note that: {reason}", "warning")
            else:
                self.send(edits)

    # --- back and forth ---

    def action_undo(self) -> None:
        """Take the last mend back; asks when it is somebody else's."""
        self.ask(self._undo)

    async def _undo(self) -> None:
        mends = self.reviewed.mends() if self.reviewed is not None else ()
        words = f"taken back: {mends[0].words} · {self.key('redo')} makes it again" if mends else ""
        if mends and mends[0].by != one_line(self.cockpit.who):
            question = f"The last mend is {mends[0].by}'s: {mends[0].words}. Take it back?"
            if not await self.cockpit.push_screen_wait(Confirm(question)):
                return
        await self.cockpit.carry_out("unmend", {"record": mends[0].record if mends else 0}, words=words)

    def action_redo(self) -> None:
        """Make it again."""
        self.ask(self._redo)

    async def _redo(self) -> None:
        undone = self.reviewed.undone if self.reviewed is not None else ()
        args = {"record": undone[0].record if undone else 0}
        await self.cockpit.carry_out("remend", args, words=f"again: {undone[0].words}" if undone else "")


def _called(reviewed: Reviewed, name: str) -> str:
    title = one_line(reviewed.sections[name].title, 60)
    return f"{one_line(name, 40)}" + (f"  {title}" if title != name else "")


def _others(reviewed: Reviewed, targets: Sequence[str], direction: int) -> list[Choice]:
    """Every section but the targets; those that make no sense are quiet and say why."""
    graph = reviewed.graph
    far = [graph.descendants(name) if direction > 0 else graph.ancestors(name) for name in targets]
    near = [graph.upstreams(name) if direction > 0 else graph.downstreams(name) for name in targets]
    circle, there = frozenset[str]().union(*far), frozenset(near[0]).intersection(*near[1:])
    chosen = frozenset(targets)
    choices: list[Choice] = []
    for name, section in reviewed.sections.items():
        if name in chosen:
            continue
        note = "closes a circle" if name in circle else "there already" if name in there else ""
        wave = reviewed.wave_of.get(name)
        choices.append(
            Choice(
                value=name,
                key=one_line(name),
                words=one_line(section.title),
                note=note or (f"wave {wave}" if wave else ""),
                quiet=bool(note),
            )
        )
    return choices


def _edge_value(row: EdgeRow) -> str:
    return f"{row.upstream}{_BETWEEN}{row.downstream}"


def _edge_choice(value: str, row: EdgeRow) -> Choice:
    words = f"{one_line(row.downstream)} waits for {one_line(row.upstream)}"
    return Choice(value=value, key=words, words=row.other_title, note=row.kind)


def _edge_words(row: EdgeRow) -> list[Line]:
    if row.by:
        return [Line(text=f"by {row.by}" + (f": {row.why}" if row.why else ""), kind="mended", lead="~ ")]
    return [Line(text=f"“{row.quote}”", kind="quote", margin=str(row.line))]


def _behind(reviewed: Reviewed, targets: Iterable[str]) -> list[str]:
    chosen = list(targets)
    found = {name for target in chosen for name in reviewed.behind(target)} - set(chosen)
    return [name for name in reviewed.sections if name in found]


def _behind_words(reviewed: Reviewed, behind: Sequence[str], them: str) -> str:
    if not behind:
        return f"Nothing waits for {them}."
    named = ", ".join(_called(reviewed, name) for name in behind[:_NAMED])
    more = f" and {len(behind) - _NAMED} more" if len(behind) > _NAMED else ""
    waits = "section waits" if len(behind) == 1 else "sections wait"
    return f"{len(behind)} {waits} for {them}, directly or not: {named}{more}."
