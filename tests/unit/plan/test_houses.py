"""How houses that all follow one framework write it: parts out of place, other languages, loose words."""

from orch_tui.plan.parsing import parse


def edges(text: str) -> set[str]:
    return {f"{edge.downstream}<-{edge.upstream}" for edge in parse(text).dependencies}


def done(text: str) -> set[str]:
    return {section.id for section in parse(text).sections if section.done}


PACKAGES = """# Work Packages: Greenhouse

## Phase 0: Ground

### Work Package WP01: Beds

**Goal**: somewhere to plant.

### Included Subtasks

- [x] T001 Dig
- [x] T002 Rake

### Dependencies

- None (starting package)

## Phase 1: Green

### Work Package WP02: Water

### Included Subtasks

- [ ] T003 Lay the pipe

### Dependencies

- Depends on WP01 (the beds must be there)

---

### Work Package WP03: Opening

### Included Subtasks

- [ ] T004 Open the door

### Dependencies

- Depends on WP01-WP02 (all is in place)

## Metrics

### Coverage

- ✅ R1 (Watering): WP02
- ✅ R2 (Door): WP03
"""


def test_parts_written_at_the_level_of_their_section_belong_to_it_when_they_come_back_behind_others() -> None:
    plan = parse(PACKAGES)
    assert edges(PACKAGES) == {"WP02<-WP01", "WP03<-WP01", "WP03<-WP02"}
    assert "T002 Rake" in plan.sections[0].body
    assert "Metrics" not in plan.sections[2].body


def test_a_mark_at_something_that_a_section_covers_is_not_the_sections() -> None:
    assert done(PACKAGES) == {"WP01"}


TODOS = """# Plan: Cistern

## TODOs

- [x] 1. Dig the pit

  **Parallelization**: Can Parallel: NO | Wave 1 | Blocks: [2] | Blocked By: []

- [ ] 2. Line it

  **并行化**:
  - **阻塞**: 无
  - **被阻塞**: Task 1

- [ ] F1. Compliance

  Look at all of it.

## Final Verification Wave

> Runs in parallel after ALL todos. ALL must APPROVE.

- [ ] F1. **Compliance** — `oracle`
- [ ] F2. **Quality** — `deep`
"""


def test_todos_that_end_in_a_final_wave_are_known_without_the_usual_fields() -> None:
    plan = parse(
        "# Plan\n\n## TODOs\n\n- [x] 1. **Dig**\n- [ ] 2. **Line**\n\n## Last\n\n- [ ] F1. **Look** — `oracle`\n"
    )
    assert plan.reader == "sisyphus"
    assert [section.id for section in plan.sections] == ["1", "2", "F1"]
    other = "# Keys\n\n## TODOs\n\n- [ ] 1. Map the keys\n- [ ] 2. Print them\n"
    assert parse(other).reader != "sisyphus"


def test_a_todo_told_again_in_the_final_wave_is_one_and_the_wave_waits_for_what_its_quote_says() -> None:
    assert parse(TODOS).reader == "sisyphus"
    assert [section.id for section in parse(TODOS).sections] == ["1", "2", "F1", "F2"]
    assert {"2<-1", "F2<-1", "F2<-2"} <= edges(TODOS)
    assert not any(edge.endswith(("<-F1", "<-F2")) for edge in edges(TODOS))


def test_a_matrix_in_spanish_names_the_final_wave_as_one() -> None:
    rows = "- **T1**: Sin dependencias (ya)\n- **T2**: depende de T1 (el pozo)\n- **FINAL**: depende de T1-T2\n"
    todos = "- [ ] 1. Cavar\n- [ ] 2. Forrar\n- [ ] F1. Auditar\n- [ ] F2. Probar\n"
    text = f"# Plan\n\n### Matriz de Dependencias\n\n{rows}\n## TODOs\n\n{todos}"
    assert edges(text) == {"2<-1", "F1<-1", "F1<-2", "F2<-1", "F2<-2"}


def test_all_later_implementation_tasks_are_all_that_follow() -> None:
    todos = "- [ ] 1. Dig\n\n  **Blocks**: All subsequent implementation tasks\n\n- [ ] 2. Line\n\n- [ ] 3. Fill\n"
    assert edges(f"# Plan\n\n## TODOs\n\n{todos}") == {"2<-1", "3<-1"}


def test_all_said_of_an_item_that_others_wait_for_means_those_that_do_not() -> None:
    fields = ("keine", "Aufgabe 1", "alle", "Aufgabe 3", "alle")
    text = "".join(
        f"### Aufgabe {at} — Teil {at}\n\n**Abhängigkeiten:** {said}\n\n" for at, said in enumerate(fields, 1)
    )
    assert edges(f"# Plan\n\n{text}") == {"2<-1", "3<-1", "3<-2", "4<-3", "5<-1", "5<-2", "5<-3", "5<-4"}
    assert not [found for found in parse(f"# Plan\n\n{text}").findings if found.type == "cycle"]


def test_a_cautious_and_a_bold_order_beside_fields_are_proposals() -> None:
    slices = "".join(f"{at}. [ ] **({200 + at}) Part {at}** — Dependencies: [201].\n\n" for at in (2, 3, 4))
    orders = (
        "Conservative shipping order: 201 → 202 → 203 → 204.\n\nAggressive parallel order: 201 → 204 → {202, 203}.\n"
    )
    text = f"# Slice Plan\n\n## Slices\n\n1. [ ] **(201) Part 1** — Dependencies: None.\n\n{slices}## Notes\n\n{orders}"
    assert edges(text) == {"202<-201", "203<-201", "204<-201"}


def test_a_phase_whose_parts_are_phases_of_their_own_holds_them() -> None:
    plans = "**Goal**: water\n**Plans**: 1\n\nPlans:\n- [x] {}-01: all of it\n\n"
    parts = "#### Phase 8.1 — Pipe ✅\n#### Phase 8.2 — Tap (1 plan)\n\n"
    text = (
        f"# Roadmap\n\n## Phases\n\n### Phase 7: Ground\n{plans.format('07')}"
        f"### Phase 8: Water\n\n**Goal**: flow\n**Depends on**: Phase 7\n\n{parts}"
        f"### Phase 9: Opening\n**Depends on**: Phase 8\n{plans.format('09')}"
    )
    assert edges(text) == {"8.1<-7", "8.2<-7", "9<-8.1", "9<-8.2"}
    assert done(text) == {"7", "8.1", "9"}


def test_chains_and_sentences_about_tasks_may_share_a_line() -> None:
    tasks = "".join(f"- [ ] T00{at} Parte {at}\n" for at in range(1, 7))
    said = "T001 -> T002; T003 exige o laboratório de 004; T004 usa T003; T005 agrega T002-T004; T006 depende de todos."
    text = f"# Tarefas\n\n## Fase 1: Tudo\n\n{tasks}\n## Dependências e Ordem de Execução\n\n{said}\n"
    last = {f"T006<-T00{at}" for at in range(1, 6)}
    assert edges(text) == {"T002<-T001", "T004<-T003", "T005<-T002", "T005<-T003", "T005<-T004"} | last


def test_a_habit_is_no_order() -> None:
    phases = "## Phase 1: Setup\n- [ ] T001 Begin\n\n## Phase 2: User Story 1 - Install it\n- [ ] T002 [US1] Sow\n\n"
    more = "## Phase 3: User Story 2 - Reap\n- [ ] T003 [US2] Reap\n\n## Dependencies\n\n### Phase Dependencies\n\n"
    for said in (
        "- **User Story 2 (Phase 3)**: after Setup - Independent of US1, but logically follows the install page",
        "- **US2**: after Setup (typically after US1)",
        "- **US2**: Após Setup (tipicamente após US1)",
    ):
        assert edges(f"# Tasks\n\n{phases}{more}- **US1**: after Setup\n{said}\n") == {"T002<-T001", "T003<-T001"}, said


def test_a_bracket_of_numbers_says_which_all_are() -> None:
    phases = "".join(
        f"### Phase {at}: Part {at}\n**Goal**: it\n**Depends on**: {said}\n\n"
        for at, said in enumerate(("Nothing", "Nothing", "Phase 1", "All surface phases ({})"), 1)
    )
    assert edges("# Roadmap\n\n" + phases.format("2-3")) == {"3<-1", "4<-2", "4<-3"}
    assert edges("# Roadmap\n\n" + phases.format("2-3 days")) == {"3<-1", "4<-1", "4<-2", "4<-3"}


def test_many_items_that_wait_for_all_wait_for_those_before_them() -> None:
    plan = parse("# P\n\n" + "".join(f"### Task {at}: Part {at}\n\n**Depends on**: all\n\n" for at in range(1, 41)))
    assert len(plan.dependencies) == 40 * 39 / 2
    assert not [found for found in plan.findings if found.type == "cycle"]
