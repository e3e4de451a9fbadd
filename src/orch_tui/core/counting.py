"""How an agent's service counts tokens, as far as a run has measured it; before that they are estimated (`tokens.py`).

Of each agent and model one brief is counted, beside the session that was sent it, and the rate is journalled: what is
sent next and what is shown of it beforehand are cut by the same rate, and neither waits for a service.
"""

from __future__ import annotations

from orch_tui.core.attempt_events import TokensCounted
from orch_tui.core.state import AttemptState, SectionState, State
from orch_tui.flow.workflow import AgentPhase
from orch_tui.tokens import UNIT, tokens_of

LEAST = 300
"""Tokens of a text that is counted: less is mostly what the service puts around it."""
_FURTHEST = 3.0
"""How many times too low or too high an estimate may be; a service that says more than that is not believed."""


def model_of(state: State, section: SectionState, phase: AgentPhase) -> str:
    """The model a session is asked for; "" leaves it to the agent."""
    return phase.model or section.model or state.settings.model


def rate(state: State, agent: str, model: str) -> float:
    """The units of `tokens.py` that one token has for this agent and model."""
    return UNIT * state.rates.get(_key(agent, model), 1.0)


def wanted(state: State, agent: str, model: str, brief: str) -> bool:
    """Whether this brief is to be counted."""
    return _key(agent, model) not in state.rates and tokens_of(brief) >= LEAST


def take_count(state: State, attempt: AttemptState, event: TokensCounted) -> None:
    """Keep what the service of an attempt's agent counted."""
    found = event.size / UNIT / event.tokens
    if 1 / _FURTHEST <= found <= _FURTHEST:
        state.rates[_key(attempt.agent, event.model)] = found


def _key(agent: str, model: str) -> str:
    return f"{agent} {model}".rstrip()
