"""The tool by which a Claude session reports its result. It runs here, in the session host."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from claude_agent_sdk import SdkMcpTool, create_sdk_mcp_server

from orch_tui.agents import result as results
from orch_tui.agents.base import SessionSpec
from orch_tui.agents.result import NotAResult, Result

SERVER = "orch"
TOOL = f"mcp__{SERVER}__report_result"
_WHAT = "Report the result of your work, once, when all of it is done or when you cannot go on. Nothing counts before."
_AGAIN = (
    f"No result was reported. Call the tool {TOOL} now with what was done, or with status blocked or failed and why; "
    "without it the work counts as failed."
)


class Reporting:
    """What a session reported, when its spec asks for that."""

    def __init__(self, spec: SessionSpec) -> None:
        self._spec = spec
        self._result: Result | None = None
        self._problem = ""
        self._told = False
        self._asked = False

    @property
    def servers(self) -> dict[str, Any]:
        """The server with the tool, for the SDK; none when nothing is to be reported. It is offered from the start."""
        if not self._spec.report:
            return {}
        tool = SdkMcpTool(name="report_result", description=_WHAT, input_schema=results.SCHEMA, handler=self.report)
        return {SERVER: {**create_sdk_mcp_server(SERVER, tools=[tool]), "alwaysLoad": True}}

    @property
    def tools(self) -> tuple[str, ...]:
        """Tools that no person is asked about."""
        return (TOOL,) if self._spec.report else ()

    @property
    def instructions(self) -> str:
        """What the session is told about it, beside its brief."""
        if not self._spec.report:
            return ""
        words = [f"End your work by calling the tool {TOOL}. Without that it counts as failed."]
        if self._spec.acceptance:
            words.append("Give evidence for each of these acceptance criteria, by its number:")
            words += [f"{at}. {one}" for at, one in enumerate(self._spec.acceptance, 1)]
        return "\n".join(words)

    @property
    def structured(self) -> dict[str, object] | None:
        """The result as plain data; None when there is none."""
        return None if self._result is None else asdict(self._result)

    @property
    def lacking(self) -> str:
        """Why there is no result; "" when there is one, or none is wanted."""
        if not self._spec.report or self._result is not None:
            return ""
        return results.NOT_REPORTED + (f"; what was given was refused: {self._problem}" if self._problem else "")

    def ask(self) -> str:
        """What a session is told that ends without a result: once, then ""."""
        if not self.lacking or self._asked:
            return ""
        self._asked = True
        return _AGAIN

    async def report(self, given: dict[str, Any]) -> dict[str, Any]:
        """The tool: take the result, or answer with what is wrong with it."""
        try:
            found = results.read(given, self._spec.cwd)
        except NotAResult as error:
            self._problem = str(error)
            return _answer(f"The result was not taken: {error}. Correct it and report again.", wrong=True)
        missing = results.unanswered(found, self._spec.acceptance) if found.status == "done" else ()
        if missing and not self._told:
            self._told = True
            self._problem = "acceptance criteria without evidence"
            listed = "\n".join(f"- {one}" for one in missing)
            words = f"These acceptance criteria have no evidence yet:\n{listed}\nSee whether they are met, do what is"
            return _answer(
                f"{words} missing, and report again with evidence, or without where there is none.", wrong=True
            )
        self._result = found
        return _answer("Taken. There is nothing more to do.")


def _answer(words: str, *, wrong: bool = False) -> dict[str, Any]:
    return {"content": [{"type": "text", "text": words}], "is_error": wrong}
