"""What of Claude Code's own suggestions a person's "always" takes over."""

from __future__ import annotations

import pytest
from claude_agent_sdk import PermissionUpdate
from claude_agent_sdk.types import PermissionRuleValue

from orch_tui.agents.claude.permissions import choices, lasting, words

RULES = [PermissionRuleValue("Bash", "npm test *"), PermissionRuleValue("WebFetch")]


def test_what_is_allowed_from_now_on_is_named_and_kept_for_the_session_only() -> None:
    suggested = [
        PermissionUpdate("addRules", rules=RULES, behavior="allow", destination="localSettings"),
        PermissionUpdate("addDirectories", directories=["/data"], destination="userSettings"),
        PermissionUpdate("setMode", mode="acceptEdits", destination="projectSettings"),
    ]
    found = lasting(suggested)
    assert [one.destination for one in found] == ["session"] * 3
    assert words(found) == "Bash(npm test *), WebFetch, work in /data, edits"
    assert choices(found) == ("allow", "always", "deny", "never")


@pytest.mark.parametrize(
    "update",
    [
        PermissionUpdate("addRules", rules=RULES, behavior="deny"),
        PermissionUpdate("addRules", rules=[], behavior="allow"),
        PermissionUpdate("addDirectories", directories=[]),
        PermissionUpdate("setMode", mode="bypassPermissions"),
        PermissionUpdate("replaceRules", rules=RULES, behavior="allow"),
        PermissionUpdate("removeRules", rules=RULES, behavior="deny"),
        PermissionUpdate("removeDirectories", directories=["/data"]),
    ],
)
def test_what_takes_away_or_lets_more_pass_than_edits_is_never_taken_over(update: PermissionUpdate) -> None:
    assert lasting([update]) == []
    assert choices([]) == ("allow", "deny", "never")
