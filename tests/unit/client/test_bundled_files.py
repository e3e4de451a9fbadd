"""The workflows and prompts that come with the program, as `workflow check` looks at them."""

from pathlib import Path

from orch_tui.client.workflows import all_files


def test_what_comes_with_the_program_can_be_carried_out(tmp_path: Path):
    files = {file.name: file.wrong for file in all_files(tmp_path)}
    assert files == dict.fromkeys(("bugfix", "local", "minimal", "pipeline", "standard"), ())
