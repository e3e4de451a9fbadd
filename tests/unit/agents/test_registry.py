"""Finding providers by name."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from orch_tui import process
from orch_tui.agents import registry
from orch_tui.agents.base import Provider
from orch_tui.errors import ConfigError


def test_the_built_in_agents_are_there():
    assert {"claude", "script", "simulated"} <= set(registry.names())


@pytest.mark.parametrize("name", ["claude", "script", "simulated"])
def test_each_is_a_provider_under_its_own_name(name: str):
    provider = registry.load(name)
    assert isinstance(provider, Provider)
    assert provider.name == name


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(ConfigError) as error:
        registry.load("cloude")
    assert "'cloude'" in error.value.line()
    assert "claude, script, simulated" in error.value.line()


def test_names_and_checks_import_neither_providers_nor_the_sdk():
    """The runner asks both before every dispatch; the SDK alone takes 0.8 s and 70 MB."""
    code = (
        "import sys; from orch_tui.agents import registry; registry.names(); "
        "assert not [m for m in sys.modules if m.startswith('orch_tui.agents.') and m.count('.') == 2 "
        "and m.rsplit('.')[-1] not in ('base', 'registry')], sorted(sys.modules); "
        "registry.load('claude').check({}, {}); "
        "heavy = {'claude_agent_sdk', 'anthropic', 'mcp', 'textual', 'pydantic'} & set(sys.modules); "
        "assert not heavy, heavy"
    )
    done = process.run([sys.executable, "-c", code], cwd=Path.cwd(), env={"PATH": ""})
    assert done.code == 0, done.err.decode()
