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
