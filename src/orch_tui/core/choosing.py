"""What a section waits for while it runs: of alternatives one option is enough, and a skipped one passes on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from orch_tui.core.state import SectionState, State, Status
from orch_tui.plan.either import Choice, Option, members

Sections = Mapping[str, SectionState]
MOST_NAMED = 6


def chosen_from(section: SectionState, upstream: str) -> bool:
    """Whether `upstream` is one of several that would do."""
    for choice in section.choices:
        for option in choice:
            if upstream in option:
                return True
    return False


def count_choices(sections: Sections, section: SectionState) -> None:
    """Bring what the choices of `section` are to its `unmet` and `broken` up to date."""
    still = closed = 0
    for choice in section.choices:
        found = _look(sections, choice)
        still += found != "met"
        closed += found == "closed"
    section.unmet += still - section.open_choices
    section.broken += closed - section.closed_choices
    section.open_choices, section.closed_choices = still, closed


def _look(sections: Sections, choice: Choice) -> Literal["met", "open", "closed"]:
    """Whether one option is through, or else one can still be; skipped ones count when there is no other."""
    return _among(sections, choice) or _among(sections, choice, skipped=True) or "closed"


def _among(sections: Sections, choice: Choice, *, skipped: bool = False) -> Literal["met", "open", "closed", ""]:
    """The same among the options that are not skipped as a whole; "" without any. Plain loops: choices may be long."""
    found: Literal["open", "closed", ""] = ""
    for option in choice:
        passed, frees, breaks = bool(option) and not skipped, True, False
        for name in option:
            section = sections[name]
            passed = passed and section.verdict == "skipped"
            frees = frees and section.frees
            breaks = breaks or section.breaks
        if passed:
            continue
        if frees:
            return "met"
        if not breaks:
            found = "open"
        elif not found:
            found = "closed"
    return found


def _standing(sections: Sections, choice: Choice) -> tuple[Option, ...]:
    """The options that are not skipped as a whole; all, when none is left."""
    return tuple(one for one in choice if not one or any(sections[name].verdict != "skipped" for name in one)) or choice


def satisfied(sections: Sections, section: SectionState) -> Iterator[tuple[Choice, Option | None]]:
    """The choices of a section, each with the option that is done; None while there is none."""
    for choice in section.choices:
        yield choice, next((one for one in choice if _done(sections, one)), None)


def _done(sections: Sections, option: Option) -> bool:
    return all(sections[name].frees for name in option) and any(sections[name].verdict == "done" for name in option)


def needed(state: State, section: SectionState) -> list[str]:
    """The upstreams whose results a section starts from: of alternatives only those that are done."""
    one_of = members(section.choices)
    return [name for name in section.upstream if name not in one_of or state.sections[name].status is Status.DONE]


def blocking(state: State, section: SectionState) -> list[SectionState]:
    """What keeps a section from ever being started: sections that failed, or are blocked themselves."""
    return _through_skipped(state.sections, _wanted(state.sections, section, closed=True), closed=True)


def wants(section: SectionState) -> int:
    """How many things a section waits for when nothing is done yet: a choice is one."""
    return len(section.upstream) - len(members(section.choices)) + len(section.choices)


def waiting_words(state: State, section: SectionState) -> list[str]:
    """What it waits for now, each with its status: "A running", "B failed or C and D waiting"."""
    sections, one_of = state.sections, members(section.choices)
    plain = (name for name in section.upstream if name not in one_of and not sections[name].frees)
    words = [_said(one) for one in _through_skipped(sections, plain)]
    for choice in section.choices:
        if _look(sections, choice) != "met":
            options = _standing(sections, choice)
            named = [_option_words(sections, option) for option in options[:MOST_NAMED]]
            words.append(" or ".join(named) + (" …" if len(options) > MOST_NAMED else ""))
    return words


def _option_words(sections: Sections, option: Option) -> str:
    still = (name for name in option if not sections[name].frees)
    return " and ".join(_said(one) for one in _through_skipped(sections, still))


def _said(section: SectionState) -> str:
    return f"{section.id} {section.status.value}"


def _wanted(sections: Sections, section: SectionState, *, closed: bool = False) -> Iterator[str]:
    """Upstreams that are not over yet, or with `closed` those that never will be, of choices too."""
    idle = members(section.choices)
    if idle:
        wanting = {"closed"} if closed else {"open", "closed"}
        idle -= members(_standing(sections, one) for one in section.choices if _look(sections, one) in wanting)
    for name in section.upstream:
        if name not in idle and (sections[name].breaks if closed else not sections[name].frees):
            yield name


def _through_skipped(sections: Sections, names: Iterable[str], *, closed: bool = False) -> list[SectionState]:
    found: dict[str, SectionState] = {}
    seen: set[str] = set()
    work = [iter(names)]
    while work:
        for name in work.pop():
            if name in seen:
                continue
            seen.add(name)
            above = sections[name]
            if above.status is Status.SKIPPED:
                work.append(_wanted(sections, above, closed=closed))
            else:
                found[name] = above
    return list(found.values())
