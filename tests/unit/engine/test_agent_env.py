"""What the processes of an attempt find in their environment."""

from __future__ import annotations

from pathlib import Path

from orch_tui.config import Config
from orch_tui.core.state import AttemptState
from orch_tui.engine.agent_env import AgentEnv, numbers
from orch_tui.store.layout import RunDir


def test_sections_side_by_side_have_ports_of_their_own_and_so_have_runs():
    assert numbers(1, 20_000, 0) == {"ORCH_SLOT": "1", "ORCH_PORT_BASE": "20000"}
    assert numbers(2, 20_000, 0) == {"ORCH_SLOT": "2", "ORCH_PORT_BASE": "20020"}
    assert numbers(2, 20_000, 3) == {"ORCH_SLOT": "2", "ORCH_PORT_BASE": "23020"}


def test_where_there_are_no_ports_left_none_is_promised():
    assert numbers(3, 65_496, 0) == {"ORCH_SLOT": "3"}
    assert "ORCH_PORT_BASE" in numbers(2, 65_496, 0)
    assert numbers(51, 20_000, 0) == {"ORCH_SLOT": "51"}, "those of the next run"
    assert numbers(1, 20_000, None) == {"ORCH_SLOT": "1"}


def test_an_attempt_of_an_earlier_version_has_no_number(tmp_path: Path):
    attempt = AttemptState(number=1, agent="script", session_id="s", marker="r/A/1")
    assert "ORCH_SLOT" not in AgentEnv(RunDir(tmp_path), Config(), {}).of(attempt)


def test_agents_have_the_allowed_part_of_the_environment_and_the_markers(tmp_path: Path):
    ours = {"PATH": "/bin", "SECRET": "x", "TOKEN_A": "a", "XDG_STATE_HOME": str(tmp_path / "state")}
    given = AgentEnv(RunDir(tmp_path), Config(env_pass=("TOKEN_*",), port_base=3000), ours)
    attempt = AttemptState(number=1, agent="script", session_id="s", marker="r/A/1", slot=1)
    assert given.of(attempt) == {
        "PATH": "/bin",
        "TOKEN_A": "a",
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "ORCH_ATTEMPT": "r/A/1",
        "ORCH_RUN": str(tmp_path),
        "ORCH_SLOT": "1",
        "ORCH_PORT_BASE": "3000",
    }
