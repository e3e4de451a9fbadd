"""The project's own words to agents: AGENTS.md and its like, as sections will find them."""

from __future__ import annotations

from pathlib import Path

from orch_tui.git.rule_files import LARGEST, Written, committed, in_place

NAMES = ("AGENTS.md", "CLAUDE.md")


def write(top: Path, **files: str) -> None:
    for name, text in files.items():
        path = top / name.replace("__", "/").replace("_md", ".md")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_of_every_directory_the_first_name_there_is_is_read_the_outer_ones_first(repo, top, sh):
    write(top, deep__in__AGENTS_md="deep", CLAUDE_md="not this", AGENTS_md="top", web__CLAUDE_md="web")
    sh("add", ".")
    sh("commit", "-m", "words")
    assert committed(repo, NAMES) == [
        Written(path="AGENTS.md", text="top"),
        Written(path="web/CLAUDE.md", text="web"),
        Written(path="deep/in/AGENTS.md", text="deep"),
    ]
    assert committed(repo, ("CLAUDE.md",))[0].text == "not this"
    assert committed(repo, ()) == []


def test_what_is_not_committed_is_not_what_sections_find(repo, top, sh):
    write(top, AGENTS_md="old")
    sh("add", ".")
    sh("commit", "-m", "words")
    write(top, AGENTS_md="new", web__AGENTS_md="never added", pay__AGENTS_md="only added")
    sh("add", "pay")
    assert committed(repo, NAMES) == [Written(path="AGENTS.md", text="old")]


def test_links_are_followed_within_the_commit_and_nowhere_else(repo, top, sh, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("secret")
    write(top, AGENTS_md="top", web__CLAUDE_md="web")
    (top / "CLAUDE.md").symlink_to("AGENTS.md")
    for name, target in (("a", "../CLAUDE.md"), ("b", str(secret)), ("c", "nowhere"), ("web", "/etc/hostname")):
        (top / name).mkdir(exist_ok=True)
        (top / name / "AGENTS.md").symlink_to(target)
    sh("add", ".")
    sh("commit", "-m", "words")
    assert [(one.path, one.text) for one in committed(repo, NAMES)] == [
        ("AGENTS.md", "top"),
        ("a/AGENTS.md", "top"),
        ("web/CLAUDE.md", "web"),
    ]


def test_a_file_that_is_too_large_is_named_and_not_read(repo, top, sh, tmp_path):
    write(top, AGENTS_md="x" * (LARGEST + 1))
    sh("add", ".")
    sh("commit", "-m", "words")
    assert committed(repo, NAMES) == in_place(top, NAMES) == [Written(path="AGENTS.md", text=None)]


def test_a_directory_or_a_submodule_of_that_name_is_no_file(repo, top, sh):
    write(top, AGENTS_md__one="x")
    sh("add", ".")
    sh("commit", "-m", "words")
    assert committed(repo, NAMES) == []
    assert in_place(top, NAMES) == []


def test_in_place_the_file_in_the_directory_is_read(tmp_path):
    write(tmp_path, CLAUDE_md="words \N{SNOWMAN}", web__AGENTS_md="elsewhere")
    assert in_place(tmp_path, NAMES) == [Written(path="CLAUDE.md", text="words \N{SNOWMAN}")]
    (tmp_path / "AGENTS.md").write_bytes(b"\xff caf\xe9")
    assert in_place(tmp_path, NAMES)[0].text == "� caf�"
