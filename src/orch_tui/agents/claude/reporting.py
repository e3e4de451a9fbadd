"""What a Claude session reports by its tools, and what it is told when it ends without that."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from orch_tui.agents import result as results
from orch_tui.agents.base import SessionSpec
from orch_tui.agents.result import LONGEST, MOST, NotAResult, Result
from orch_tui.clean import one_line

SERVER = "orch"
TOOL = f"mcp__{SERVER}__report_result"
_AGAIN = (
    f"No result was reported. Call the tool {TOOL} now with what was done, or with status blocked or failed and why; "
    "without it the work counts as failed."
)


class Reporting:
    """What a session reported, when its spec asks for that."""

    WHAT = (
        "Report the result of your work, once, when all of it is done or when you cannot go on. Nothing counts before."
    )

    def __init__(self, spec: SessionSpec) -> None:
        self._spec = spec
        self._result: Result | None = None
        self._problem = ""
        self._notes: list[str] = []
        self._told = False
        self._asked = False

    @property
    def instructions(self) -> str:
        """What the session is told about it, beside its brief."""
        if not self._spec.report:
            return ""
        words = [f"End your work by calling the tool {TOOL}. Without that it counts as failed."]
        if self._spec.output is not None:
            words.append("Its field `output` is what you are asked to come to, by the schema of that tool.")
        if self._spec.acceptance:
            words.append("Give evidence for each of these acceptance criteria, by its number:")
            words += [f"{at}. {one}" for at, one in enumerate(self._spec.acceptance, 1)]
        return "\n".join(words)

    @property
    def structured(self) -> dict[str, object] | None:
        """The result as plain data; None when there is none."""
        if self._result is None:
            return None
        decisions = tuple(dict.fromkeys((*self._result.decisions, *self._notes)))
        return asdict(replace(self._result, decisions=decisions[: MOST["decisions"]]))

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
            found = results.read(given, self._spec.cwd, self._spec.output)
        except NotAResult as error:
            self._problem = str(error)
            return answer(f"The result was not taken: {error}. Correct it and report again.", wrong=True)
        missing = results.unanswered(found, self._spec.acceptance) if found.status == "done" else ()
        if missing and not self._told:
            self._told = True
            self._problem = "acceptance criteria without evidence"
            listed = "\n".join(f"- {one}" for one in missing)
            words = f"These acceptance criteria have no evidence yet:\n{listed}\nSee whether they are met, do what is"
            return answer(
                f"{words} missing, and report again with evidence, or without where there is none.", wrong=True
            )
        self._result = found
        return answer("Taken. There is nothing more to do.")

    async def note(self, given: dict[str, Any]) -> dict[str, Any]:
        """The tool for a decision that is noted when it is made."""
        text = one_line(str(given.get("text", "")), LONGEST["decisions"] + 1)
        if not text or len(text) > LONGEST["decisions"]:
            return answer(
                f"Not noted: a decision is a sentence of {LONGEST['decisions']} characters at most.", wrong=True
            )
        if len(self._notes) >= MOST["decisions"]:
            return answer(f"Not noted: there are {MOST['decisions']} already, which is the most.", wrong=True)
        self._notes.append(text)
        return answer("Noted.")


def answer(words: str, *, wrong: bool = False) -> dict[str, Any]:
    """What a tool answers, for the SDK."""
    return {"content": [{"type": "text", "text": words}], "is_error": wrong}
