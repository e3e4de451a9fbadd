"""Sentences in which a careful reader hears of a relation between sections, and look-alikes in which he does not."""

import pytest

from orch_tui.plan.model import FindingType
from orch_tui.plan.parsing import parse

_SECTIONS = (
    "## Section A: Keel\nDepends on: none\n",
    "## Section B: Mast\nDepends on: A\n",
    "## Section C: Sail\nDepends on: A\n",
    "## Section D: Flag\nDepends on: A\n",
)


def told(kind: FindingType, *, head: str = "", within_b: str = "", notes: str = "") -> list[set[str]]:
    """The ids of the findings of one type in a plan that says so at its top, in section B, or at its end."""
    first, second, *others = _SECTIONS
    text = "\n".join(["# Harbour plan\n", head, first, second + within_b + "\n", *others, "## Notes", notes])
    return [set(found.ids) for found in parse(text).findings if found.type == kind]


@pytest.mark.parametrize(
    "field",
    [
        "Can parallel with: Nothing - sequential",
        "Can parallel with: None",
        "**Can run in parallel with:** nothing",
        "Parallel with: no other section",
        "Parallel mit: nichts",
    ],
)
def test_a_section_that_may_run_beside_nothing_is_kept_apart_from_all_that_could_run_beside_it(field: str) -> None:
    assert told("exclusive", within_b=field) == [{"B", "C", "D"}]
    plan = parse("# Harbour plan\n\n" + "\n".join([*_SECTIONS[:1], _SECTIONS[1] + field + "\n", *_SECTIONS[2:]]))
    assert {(pair.one, pair.other, pair.evidence.line) for pair in plan.exclusions} == {("B", "C", 8), ("B", "D", 8)}


@pytest.mark.parametrize("field", ["Independent of: nothing", "Can parallel with: Section C", "Parallel: no"])
def test_what_says_something_else_keeps_nothing_apart(field: str) -> None:
    assert told("exclusive", within_b=field) == []


def test_a_section_that_may_run_beside_nothing_and_is_ordered_against_all_needs_no_word_about_it() -> None:
    text = (
        "# P\n\n## Section A: Keel\nDepends on: none\n\n## Section B: Mast\nDepends on: A\nCan parallel with: Nothing\n"
    )
    assert parse(text).exclusions == ()
    assert parse(text).findings == ()


@pytest.mark.parametrize(
    "words",
    [
        "Must not overlap with Section C.",
        "Never at the same time as the Sail section.",
        "Cannot run concurrently with C.",
        "Do not start while C is running.",
        "**Do not run in parallel with:** Section C (same files)",
        "Conflicts with: C",
        "Conflicts with Section C (both edit `deck.py`); do not run them at once.",
        "Exclusive with: C",
        "Not parallel with C",
        "Not in parallel with: C",
        "Parallel: not with C",
        "Cannot be parallelized with Section C.",
        "Not parallelizable with Section C",
        "Keep apart from Section C: both write the same table.",
        "Avoid running alongside Section C.",
        "Run this alone, not together with Section C.",
        "Never work on this and Section C at the same time.",
        "Serialize with Section C.",
        "Should be serialized with Section C (any order).",
        "Darf nicht parallel zu Section C laufen.",
        "Darf nicht gleichzeitig mit Section C bearbeitet werden.",
        "Nicht zeitgleich mit C",
        "Kann nicht parallel zu Section C laufen.",
        "Solange Section C läuft, nicht anfangen.",
        "Ne pas exécuter en parallèle avec Section C.",
        "Ne pas lancer en même temps que Section C.",
        "No ejecutar en paralelo con Section C.",
        "No debe ejecutarse al mismo tiempo que Section C.",
        "不能与 Section C 并行。",
        "不可与 Section C 同时进行。",
        "Section C と並行して実行しないこと。",
        "Section C と同時に実行しない。",
        "勿与 Section C 并行执行。",
        "⛔ Do NOT run concurrently with C",
        "Only one of this and Section C may run at a time.",
        "If Section C is running, do not start.",
    ],
)
def test_what_within_b_keeps_b_and_c_apart(words: str) -> None:
    assert told("exclusive", within_b=words) == [{"B", "C"}]


@pytest.mark.parametrize(
    "words",
    [
        "B and C must never run at the same time.",
        "Sections B and C must not run in parallel.",
        "Section B and Section C cannot run simultaneously.",
        "Never run B and C in parallel.",
        "Do not run Sections B and C concurrently.",
        "- B / C: not in parallel (same file)",
        "B and C touch the same file, so do not run them in parallel.",
        "Only one of Section B and Section C may run at a time.",
        "B und C dürfen nicht gleichzeitig laufen.",
        "Section B und Section C nicht parallel ausführen.",
        "Sections B et C ne doivent pas être exécutées en parallèle.",
        "Las secciones B y C no deben ejecutarse en paralelo.",
        "B 和 C 不能并行。",
        "B と C は並行して実行しない。",
        "B and C are mutually exclusive: they share the dock.",
        "Run B and C one at a time, in either order.",
        "Keep B and C apart: both write the same table.",
        "Mast and Sail must not run in parallel.",
        "B and C conflict (same file) and cannot be run in parallel.",
        "Sections B and C must not be overlapping.",
        "Section B stays out whenever Section C is running.",
        "Section B holds off as long as Section C is running.",
    ],
)
def test_what_elsewhere_keeps_b_and_c_apart(words: str) -> None:
    assert told("exclusive", notes=words) == [{"B", "C"}]


@pytest.mark.parametrize(
    "words",
    [
        "Can run in parallel with Section C.",
        "Not only in parallel with Section C, also with D.",
        "Does not need to run together with Section C.",
        "The server must not answer two calls at the same time as Section C describes.",
        "Do not worry: can run in parallel with Section C.",
        "No conflict with Section C; runs in parallel.",
        "There is no reason not to run in parallel with Section C.",
        "No dependencies; can run in parallel with Section C.",
        "Does not depend on anything; parallel with Section C.",
        "Not blocked by anything, can run in parallel with C.",
        "Does not conflict with Section C.",
        "Keine Abhängigkeit, parallel zu Section C.",
        "Nicht abhängig von D, kann parallel zu Section C laufen.",
        "No file overlap with Section C, so parallel is fine.",
        "It does not matter if it runs at the same time as Section C.",
        "Sin dependencias, en paralelo con Section C.",
        "Pas de dépendance : en parallèle avec Section C.",
        "Do not merge; work in parallel with Section C.",
        "Not started; in parallel with Section C.",
        "The tests do not run in parallel.",
        "If not done, run in parallel with C.",
        "Do not duplicate the helper while Section C is open for review; share it.",
        "Section C extends the rig, so it follows Section D (same file, not parallel across stories).",
    ],
)
def test_what_within_b_keeps_nobody_apart(words: str) -> None:
    assert not told("exclusive", within_b=words)


@pytest.mark.parametrize(
    "words",
    [
        "Either Section B or Section C, not both.",
        "Pick one of Section B and Section C.",
        "Do only one of Section B or Section C.",
        "Sections B and C are alternatives; choose one.",
        "Section B and Section C are mutually exclusive approaches.",
        "Section B and Section C are mutually exclusive options: choose one before starting.",
        "Section C is an alternative to Section B.",
        "Decide between Section B and Section C before work begins.",
        "Implement Section B or Section C (choose one).",
        "B or C: pick whichever is cheaper, not both.",
        "Entweder Section B oder Section C umsetzen.",
        "Section B oder Section C, nicht beides.",
        "Nur eine von beiden: Section B oder Section C.",
        "Choisir l'une des deux : Section B ou Section C.",
        "Elegir una: Section B o Section C.",
        "Section B 和 Section C 二选一。",
        "Section B か Section C のどちらかを選ぶ。",
        "One of Section B / Section C will be built.",
        "We will do B or C but not both.",
        "Sections B and C are options.",
        "Sección B o C: una, no las dos.",
    ],
)
def test_what_elsewhere_makes_b_and_c_a_choice(words: str) -> None:
    assert told("alternatives", notes=words) == [{"B", "C"}]


@pytest.mark.parametrize(
    "words",
    [
        "Alternative to Section C.",
        "Alternative: Section C",
        "Do this or Section C, not both.",
        "Only if Section C is not chosen.",
        "Instead of Section C.",
        "Skip this if Section C is done instead.",
        "Alternative zu Section C.",
        "Mutually exclusive alternative to Section C; choose one.",
        "Statt: Abschnitt C",
    ],
)
def test_what_within_b_makes_b_and_c_a_choice(words: str) -> None:
    assert told("alternatives", within_b=words) == [{"B", "C"}]


@pytest.mark.parametrize(
    "words",
    [
        "Choose one of the colours.",
        "Use the new mast instead of the sail.",
        "Either file may be used.",
        "Use either Section B or Section C output as the input.",
        "Use `rig()` from Section C instead of writing a new one.",
        "Reuse the helper from Section C instead of Section D.",
        "Choose either hemp or nylon, as in Section C.",
        "Instead of polling (Section C), Section D uses a queue.",
        "Can start after either Section C or Section D.",
        "Not both at once: see Section C and Section D for how.",
    ],
)
def test_what_within_b_is_no_choice_between_sections(words: str) -> None:
    assert not told("alternatives", within_b=words)


@pytest.mark.parametrize(
    "words",
    [
        "Sections B and C can be done in either order.",
        "Either B or C can go first.",
        "Section D can start after either B or C is done.",
        "Start with either Section B or Section C.",
        "Instead of doing B before C, run them side by side.",
        "One of the risks is in Section B and Section C.",
        "Pick one of the ready sections (B, C, D) and begin.",
        "An agent picks one of Section B, C, D at a time.",
        "Entweder zuerst Section B oder zuerst Section C.",
    ],
)
def test_what_elsewhere_is_no_choice_between_sections(words: str) -> None:
    assert not told("alternatives", notes=words)


@pytest.mark.parametrize(
    "words",
    [
        "> Historical draft only. This plan is superseded by\n> [plan-v3.md](plan-v3.md); not current.",
        "> NOTE: This plan is superseded by `docs/other.md`.",
        "> **Archived (2026-04-06):** This plan is superseded by the simplified direction and should not be used.",
        "> **OBSOLETE — 2026-02-18**",
        "> [!WARNING]\n> **SUPERSEDED 2026-01-01**",
        "**Status:** Superseded by plan-b.md",
        "Status: ❌ Abandoned",
        "**Status**: 🗄️ Archived",
        "> ⚠️ DEPRECATED: do not use.",
        "This roadmap is no longer maintained.",
        "This plan was abandoned in March.",
        "This document has been retired.",
        "> This plan is no longer being pursued.",
        "Superseded — see v2.",
        "~~Superseded~~ Superseded by v2",
        "| Status | Superseded |",
        "- Status: Deprecated",
        "Status: Cancelled",
        "This plan has been withdrawn.",
        "We no longer follow this plan.",
        "This plan is out of date; see roadmap-2.md.",
        "Historical: kept for reference only.",
        "HISTORICAL DOCUMENT — do not implement.",
        "Diese Planung wurde verworfen.",
        "Dieser Plan wurde durch plan-b.md ersetzt.",
        "Status: veraltet",
        "**Hinweis:** Dieser Plan ist überholt.",
        "Este plan está obsoleto.",
        "Este documento ha sido reemplazado por plan-b.md.",
        "Ce plan est obsolète.",
        "Ce plan est remplacé par plan-b.md.",
        "Estado: obsoleto",
        "Statut : abandonné",
        "本计划已废弃。",
        "状态：已废弃",
        "此文档已过时，请参阅新计划。",
        "この計画は廃止されました。",
        "このドキュメントは古くなっています（廃止）。",
        "本計画は plan-b.md に置き換えられました。",
        "[ARCHIVED]",
    ],
)
def test_what_retires_the_plan(words: str) -> None:
    assert told("retired", head=words) == [set()]


@pytest.mark.parametrize(
    "words",
    [
        "The earlier SSE boundary in this plan is superseded by `hmr.md`.",
        "> **Shipped.** The titlebar contract in this plan is superseded by `b.md`.",
        "The original 4-phase plan has been superseded. This file now reflects the current roadmap.",
        "This plan replaces plan-a.md, which is superseded by it.",
        "This plan supersedes plan-a.md.",
        "Supersedes: plan-a.md",
        "This plan removes the deprecated client.",
        "This plan covers how the archived rows are replaced.",
        "Retired sensors are removed.",
        "The old login page is replaced by the portal.",
        "Archive old boats when this plan is done.",
        "Deprecated endpoints must be gone by May.",
        "This plan is not deprecated.",
        "This document describes how deprecated flags are removed.",
        "Replaced the mast in spring.",
        "Goal: `foo` replaced by `bar` everywhere.",
        "If this plan is superseded, archive it.",
        "This plan will be archived when done.",
        "Do not use this plan without reading the notes.",
        "- `old.md` — superseded by this plan",
        "This file lists obsolete boats to replace.",
        "Dieser Plan ersetzt den alten Plan.",
        "Este plan reemplaza el plan antiguo.",
        "本计划取代旧计划。旧计划已废弃。",
        "Outdated hulls come first.",
        "This plan has replaced the Old Plan (archived).",
        "Section 3 of this document is obsolete.",
        "This plan is about obsolete hulls.",
        "Superseded plans: none",
    ],
)
def test_what_does_not_retire_the_plan(words: str) -> None:
    assert not told("retired", head=words)


@pytest.mark.parametrize(
    "words",
    [
        "B and C must land together.",
        "Section B and Section C have to be merged together.",
        "Sections B and C ship in the same PR.",
        "Sections B and C must go out in one release.",
        "Land Section B and Section C in a single PR.",
        "Section B + Section C are one atomic change.",
        "Sections B and C must be done in one go by the same agent.",
        "Treat Sections B and C as one unit.",
        "Sections B–C: one commit, all or nothing.",
        "Do not merge Section B without Section C.",
        "Neither Section B nor Section C may be merged alone.",
        "Section B und Section C müssen gemeinsam gemergt werden.",
        "Section B und Section C gehören in einen Commit.",
        "Section B et Section C doivent être fusionnées ensemble.",
        "Section B y Section C deben integrarse juntas.",
        "Section B 和 Section C 必须一起合并。",
        "Section B と Section C は同時にマージすること。",
        "Sections B and C must be deployed at the same time (same release).",
        "Sections B and C make no sense apart.",
        "Neither Section B nor Section C may land on its own.",
    ],
)
def test_what_elsewhere_makes_one_piece_of_b_and_c(words: str) -> None:
    assert told("atomic-group", notes=words) == [{"B", "C"}]


@pytest.mark.parametrize(
    "words",
    [
        "Must land together with Section C.",
        "Must ship with Section C in the same PR.",
        "Same PR as Section C.",
        "Bundle with Section C in one commit.",
        "Atomic with Section C",
        "Merge together with Section C.",
        "Do not land without Section C.",
        "Muss zusammen mit Section C gemergt werden.",
    ],
)
def test_what_within_b_makes_one_piece_of_b_and_c(words: str) -> None:
    assert told("atomic-group", within_b=words) == [{"B", "C"}]


@pytest.mark.parametrize(
    "words",
    [
        "Each section is one commit.",
        "One commit per section.",
        "Section B lands in a single commit; so does Section C.",
        "Sections B and C each land in one PR.",
        "Every section must be small enough to be done in one session.",
        "Section B writes rows atomically, as Section C does.",
        "Sections B and C must not land together.",
        "Sections B and C should be separate PRs, not in one PR.",
        "Section B and Section C use an atomic unit of work.",
        "Sections B and C can be split.",
        "Sections B and C are reviewed in one session.",
        "Run one agent per section.",
        "Section B's writes are atomic; Section C reads them.",
    ],
)
def test_what_elsewhere_makes_no_piece_of_several_sections(words: str) -> None:
    assert not told("atomic-group", notes=words)


@pytest.mark.parametrize(
    "words",
    [
        "Commit everything in a single commit.",
        "Do this in one session. Then go on to Section C.",
        "Writes of Section C are atomic.",
        "Update all rows in one commit, then Section C starts.",
    ],
)
def test_what_within_b_makes_no_piece_of_several_sections(words: str) -> None:
    assert not told("atomic-group", within_b=words)


@pytest.mark.parametrize("title", ["[OBSOLETE] Harbour plan", "Harbour plan (superseded)", "Harbour plan - archived"])
def test_a_title_retires_the_plan(title: str) -> None:
    text = f"# {title}\n\n" + "\n".join(_SECTIONS)
    assert [found.line for found in parse(text).findings if found.type == "retired"] == [1]


def test_of_several_that_are_kept_apart_each_is_kept_from_each() -> None:
    pairs = told("exclusive", notes="Sections B, C and D must never run at the same time.")
    assert sorted(map(sorted, pairs)) == [["B", "C"], ["B", "D"], ["C", "D"]]


def test_sections_of_which_one_waits_for_the_other_are_no_choice() -> None:
    assert not told("alternatives", notes="Choose one of Section A and Section B.")


def test_what_an_item_says_of_itself_does_not_retire_the_plan() -> None:
    plan = parse("# P\n\n- [ ] This plan is replaced by the new one\n- [ ] Build\n- [ ] Ship\n")
    assert [found.type for found in plan.findings if found.type == "retired"] == []


def test_plain_numbers_are_sections_where_a_clause_begins() -> None:
    text = "# Plan\n\n## Section 1: Keel\n\n## Section 2: Mast\nDepends on: none\n\n## Notes\n{} never in parallel.\n"
    kept = [parse(text.format(words)).exclusions for words in ("Run 1 and 2", "Of the 1 and 2 inch nails")]
    assert [[(pair.one, pair.other) for pair in pairs] for pairs in kept] == [[("1", "2")], []]


def test_what_is_said_of_these_tasks_is_said_of_those_below_the_same_heading() -> None:
    text = (
        "# Plan\n\n## Phase 1: Hull\n\nThese tasks must land together.\n\n- [ ] T1 Keel\n- [ ] T2 Mast\n\n"
        "## Phase 2: Deck\n\n- [ ] T3 Sail (depends on T1)\n"
    )
    assert [found.ids for found in parse(text).findings if found.type == "atomic-group"] == [("T1", "T2")]


def test_of_many_sections_the_first_are_named_and_the_others_counted() -> None:
    tasks = "".join(f"- [ ] T{number} Plank {number}\n" for number in range(1, 16))
    text = f"# Plan\n\n## Phase 1: Hull\n\nThese tasks must land together.\n\n{tasks}- [ ] T16 Paint (after T1)\n"
    found = next(found for found in parse(text).findings if found.type == "atomic-group")
    assert "'T12' and 4 more are meant as one piece of work" in found.message
