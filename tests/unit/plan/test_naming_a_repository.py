"""The repository that a section names, and what looks like one and is none."""

from __future__ import annotations

import pytest

from orch_tui.plan.parsing import parse

PLAN = """# P

## Section A: One
{field}

Do it.

## Section B: Two
Dependencies: Section A
"""


def named(field: str) -> str:
    return parse(PLAN.format(field=field)).sections[0].hints.repository


@pytest.mark.parametrize(
    ("field", "repository"),
    [
        ("Repo: api", "api"),
        ("Repository: ../api", "../api"),
        ("- **Repository:** `api`", "api"),
        ("- Repo: ./services/api.", "./services/api"),
        ("Repo: ..", ".."),
        ("Repo: .", "."),
        ("Repo: ~/src/web", "~/src/web"),
        ("Target repo: api (the backend)", "api"),
        ("| Repo | api |\n|---|---|", "api"),
        ("Repo: https://forge.example/acme/api.git", "https://forge.example/acme/api.git"),
        ("Repo: the one of the backend team", "the one of the backend team"),
        ("Repo: api, web", "api, web"),
    ],
)
def test_a_section_names_its_repository(field: str, repository: str):
    assert named(field) == repository


@pytest.mark.parametrize(
    "field",
    [
        "Repo: none",
        "Repo: n/a",
        "- **Repository:** `UserRepository` with `find` and `save`",
        "- Repository: UserRepository",
        "- Repository: src/repositories/user.ts",
        "- **Repository:** keeps users by their id and forgets them",
    ],
)
def test_a_class_that_keeps_objects_is_no_place_to_work_in(field: str):
    assert named(field) == ""


def test_data_names_a_repository_too():
    text = (
        '{"tasks": [{"id": "a", "title": "One", "repo": "../api"}, {"id": "b", "title": "Two", "depends_on": ["a"]}]}'
    )
    assert [one.hints.repository for one in parse(text).sections] == ["../api", ""]


def test_files_of_the_same_name_in_two_repositories_do_not_collide():
    both = "# P\n\n## Section A: One\n{}Files: `README.md`\n\n## Section B: Two\nFiles: `README.md`\n"
    assert [one.type for one in parse(both.format("")).findings].count("file-overlap") == 1
    assert "file-overlap" not in [one.type for one in parse(both.format("Repo: api\n")).findings]
