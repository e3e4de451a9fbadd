"""What must hold after every death of a runner, at every recovery and at the end of a simulated run."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from virtual_agents import Agents
from virtual_disk import Killed
from virtual_machine import World
from virtual_people import People

from orch_tui.core.attempt_events import AttemptEnded, AttemptIntended, AttemptLost
from orch_tui.core.codec import decode_event, encode_state
from orch_tui.core.run_events import CommandAccepted
from orch_tui.core.state import State
from orch_tui.core.work_events import WorkMerged
from orch_tui.errors import DamageError
from orch_tui.invariants import of_state
from orch_tui.invariants.history import History
from orch_tui.store.journal import Tail, segment, segments
from orch_tui.store.record import Record
from orch_tui.store.replay import Replay

_MOST_FAILED = 3
"""Failures in a row, a person saying nothing in between, after which nobody tries again."""
_OPEN = re.compile(rb'"type":"(AttemptIntended|AttemptEnded|AttemptLost)"[^\n]*')


class Violated(AssertionError):
    """Something that is promised does not hold: the id of the invariant, and what was found."""


def records_of(world: World) -> list[Record]:
    """The journal as a new runner would read it."""
    tail = Tail(world.run.journal)
    found: list[Record] = []
    try:
        while records := tail.read():
            found += records
    except DamageError as error:
        raise Violated(f"I1 a new runner cannot read the journal: {error}") from error
    return found


class Checks:
    """Holds what is to hold against one world."""

    def __init__(self, world: World, agents: Agents, people: People) -> None:
        self._world, self._agents, self._people = world, agents, people
        self._closed_at: dict[str, float] = {}
        self._known: dict[int, int] = {}
        self._begin()
        world.checked = self._spawned

    def _begin(self) -> None:
        self._history_ = History()
        self._looked = 0
        self._sessions: set[str] = set()
        self._failed: dict[tuple[str, str, int], int] = {}

    # --- at once ------------------------------------------------------------------------------------------------------

    def _spawned(self, _what: str, attempt: Path) -> None:
        """I5: nothing is started whose intent a power cut could take."""
        marker = f"{self._world.run.name}/{attempt.parent.name}/{attempt.name}"
        directory = self._world.run.journal
        wanted = f'"attempt":{attempt.name},'.encode()
        told = b""
        for number in segments(directory):
            for line in self._world.disk.safe(segment(directory, number)).splitlines():
                if (
                    wanted in line
                    and (found := _OPEN.search(line))
                    and f'"section":"{attempt.parent.name}"'.encode() in line
                ):
                    told = found[1]
        if told != b"AttemptIntended":
            words = f"I5 a host of {marker} is started, and of its attempt the disk has {told.decode() or 'nothing'}"
            self._world.wrong = self._world.wrong or words
            raise Killed(words)

    # --- between two runners ------------------------------------------------------------------------------------------

    def between(self) -> State:
        """A runner is gone, the next one not there yet."""
        world = self._world
        if world.wrong:
            raise Violated(world.wrong)
        records = records_of(world)
        self._known = self._acknowledged(records)
        if self._agents.twins:
            raise Violated(f"I4 {self._agents.twins[0]}")
        state = self._history(records)
        self._folded(state)
        self._commands(state)
        self._no_orphans(state)
        return state

    def _acknowledged(self, records: list[Record]) -> dict[int, int]:
        """I1: what a runner was told to be safe is there. Returns the checksum of each record."""
        world = self._world
        last = max(world.acked, default=0)
        if last > len(records):
            raise Violated(f"I1 record {last} was acknowledged, and a new runner reads {len(records)}")
        crc, lines = self._sums(records), world.acked
        for seq, was in lines.items():
            if crc[seq] != was:
                raise Violated(f"I1 record {seq} is another one than was acknowledged")
        return crc

    def _sums(self, records: list[Record]) -> dict[int, int]:
        found: dict[int, int] = {}
        for number in segments(self._world.run.journal):
            for line in segment(self._world.run.journal, number).read_bytes().splitlines():
                seq = re.match(rb'\{"seq":(\d+),', line)
                sum_ = re.search(rb'"crc":"([0-9a-f]{8})"\}$', line)
                if seq and sum_ and int(seq[1]) <= len(records):
                    found[int(seq[1])] = int(sum_[1], 16)
        return found

    def _history(self, records: list[Record]) -> State:
        """Everything that is to hold of a journal by itself, and what the world knows beside."""
        done = self._history_.state.seq
        if done and self._known.get(done) != self._looked:  # what was read then was never safe, and is gone
            self._begin()
            done = 0
        history, sessions, failed = self._history_, self._sessions, self._failed
        for record in records[done:]:
            event = decode_event(record.type, record.v, record.data)
            self._looked = self._known[record.seq]
            for found in history.look(record, event):
                raise Violated(f"{found.invariant} {found.section} {found.text}")
            match event:
                case AttemptIntended():
                    if (event.session_id in sessions) is not bool(event.resumes):
                        raise Violated(f"I4 session {event.session_id} is used twice")
                    sessions.add(event.session_id)
                    place = (event.section, event.phase, event.visit)
                    if failed.get(place, 0) >= _MOST_FAILED:
                        raise Violated(
                            f"I9 attempt {event.attempt} of {event.section} after {failed[place]} that failed"
                        )
                case AttemptEnded() | AttemptLost():
                    last = history.state.attempt(event.section, event.attempt)
                    if last.failure and last.counted:
                        place = (event.section, last.phase, last.visit)
                        failed[place] = failed.get(place, 0) + 1
                case CommandAccepted():
                    failed.clear()
                case _:
                    pass
        return history.state

    def _folded(self, whole: State) -> None:
        """I12 and I13: with the snapshot the same as without it. And what is to hold of any state."""
        if self._world.run.snapshot.exists():
            short = Replay(self._world.run)
            short.read_all()
            if short.state.seq == whole.seq and encode_state(short.state) != encode_state(whole):
                raise Violated("I12 the state is another one with the snapshot than without it")
        for found in of_state(whole):
            raise Violated(f"{found.invariant} {found.section} {found.text}")

    def _commands(self, state: State) -> None:
        """I1: what was left is there still, or was answered."""
        there = {path.stem for path in (self._world.run.inbox / "new").iterdir()}
        for name, op in self._people.sent.items():
            if name not in there and name not in state.commands:
                raise Violated(f"I1 command {name} ({op}) is gone, and nobody answered it")

    def _no_orphans(self, state: State) -> None:
        """I15: nothing lives on of an attempt that is over."""
        open_ = {state.attempt(name, number).marker for name, number in state.live.items()}
        now = self._world.agenda.now
        for one in self._world.processes.values():
            if one.ended or one.marker in open_:
                continue
            slug, number = one.marker.split("/")[1:]
            section = next((each for each in state.sections.values() if each.slug == slug), None)
            if section is None or len(section.attempts) < int(number):
                continue
            over = section.attempts[int(number) - 1].ended_at
            began = self._closed_at.setdefault(one.marker, now)
            if over and now - began > 30.0:
                raise Violated(f"I15 {one.kind} of {one.marker} lives {now - began:.0f} s after its attempt was over")

    # --- at the end ---------------------------------------------------------------------------------------------------

    def at_the_end(self, state: State) -> None:
        """I14, I15, and that what each section did is merged once."""
        world = self._world
        for one in world.processes.values():
            if not one.ended and one.kind != "host":
                raise Violated(f"I15 {one.kind} of {one.marker} lives at the end")
        brought = world.git.brought(world.run.name)
        for section in state.sections.values():
            text = brought.get(section.id, "")
            merged = [attempt.number for attempt in section.attempts if attempt.merge_commit and not attempt.undone]
            if merged and section.verdict == "done" and (section.id, merged[-1]) in self._agents.ledger and not text:
                raise Violated(f"effect: {section.id} is done and merged, and its work is not on the branch")
        brought_in = Counter(one.parents[1] for one in world.git.line(world.run.name) if len(one.parents) > 1)
        for commit, times in brought_in.items():
            if times > 1:
                raise Violated(f"effect: {commit} was merged {times} times")
        kept = self._kept()
        for where, words in self._agents.left.items():
            if words not in kept and words not in world.lost:
                raise Violated(f"I14 {words!r}, left in {where}, is on no branch, no rescue ref and in no worktree")
        merges = [one for one in records_of(world) if one.type == WorkMerged.__name__]
        for record in merges:
            if record.data["commit"] not in world.git.commits:
                raise Violated(
                    f"effect: {record.data['section']} was merged as {record.data['commit']}, which is not there"
                )

    def _kept(self) -> set[str]:
        """Whatever is on a ref, or in a worktree that stands."""
        git = self._world.git
        tips = {*git.branches.values(), *git.rescued.values()}
        commits = {commit for tip in tips for commit in git.history(tip)}
        found = {text for commit in commits for text in git.commits[commit].tree.values()}
        return found | {text for tree in git.trees.values() for text in tree.dirty.values()}
