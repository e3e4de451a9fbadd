"""A pull request as a forge tells of it, and what follows: wait, go on, or see to it.

The JSON is that of `gh pr view --json` (state OPEN, CLOSED, MERGED; mergeable MERGEABLE, CONFLICTING, UNKNOWN;
statusCheckRollup of CheckRun and StatusContext) and of GitHub's REST interface for reviews (`user`, `state`, `body`,
`commit_id`) and their comments (`path`, `line`, `body`, `original_commit_id`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from orch_tui.errors import MachineError

Verdict = Literal["approved", "merged", "closed", "changes", "red", "wait"]
_PASSED = frozenset({"SUCCESS", "SKIPPED", "NEUTRAL"})
_PENDING = frozenset({"PENDING", "EXPECTED", "STALE", ""})
_COUNTING = frozenset({"APPROVED", "CHANGES_REQUESTED", "DISMISSED"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A check of the head commit. `state` is pass, fail or pending."""

    name: str
    state: Literal["pass", "fail", "pending"]
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequest:
    """`state` is OPEN, CLOSED or MERGED; `head` is the commit (hex) that it stands at."""

    number: int
    url: str
    state: str
    head: str
    checks: tuple[Check, ...]
    conflicts: bool = False
    """Whether it cannot be merged into its base as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A review of one commit (hex)."""

    by: str
    state: str
    body: str
    commit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A comment on a line, made on one commit (hex); `line` is 0 when it is about the file."""

    by: str
    path: str
    line: int
    body: str
    commit: str


def read_view(text: str) -> PullRequest:
    """What `gh pr view --json` printed. Raises MachineError when it is something else."""
    data = _documents(text)
    if len(data) != 1 or not isinstance(data[0], dict):
        raise MachineError(f"expected a pull request as JSON, got {text[:80]!r}")
    found = cast("dict[str, Any]", data[0])
    number, state, head = found.get("number"), found.get("state"), found.get("headRefOid")
    if not isinstance(number, int) or state not in {"OPEN", "CLOSED", "MERGED"} or not isinstance(head, str):
        raise MachineError(f"expected number, state and headRefOid of a pull request, got {text[:200]!r}")
    checks = tuple(_check(one) for one in _rows(found.get("statusCheckRollup")))
    conflicts = _text(found, "mergeable") == "CONFLICTING"
    return PullRequest(
        number=number, url=_text(found, "url"), state=str(state), head=head, checks=checks, conflicts=conflicts
    )


def read_reviews(text: str) -> tuple[Review, ...]:
    """What GitHub's REST interface gives as reviews, one page after another. Raises MachineError."""
    return tuple(
        Review(
            by=_login(row), state=_text(row, "state").upper(), body=_text(row, "body"), commit=_text(row, "commit_id")
        )
        for page in _documents(text)
        for row in _rows(page)
    )


def read_remarks(text: str) -> tuple[Remark, ...]:
    """What GitHub's REST interface gives as comments of reviews, one page after another. Raises MachineError."""
    return tuple(
        Remark(
            by=_login(row),
            path=_text(row, "path"),
            line=next((n for n in (row.get("line"), row.get("original_line")) if isinstance(n, int)), 0),
            body=_text(row, "body"),
            commit=_text(row, "original_commit_id"),
        )
        for page in _documents(text)
        for row in _rows(page)
    )


def verdict(of: PullRequest, reviews: Sequence[Review]) -> tuple[Verdict, str]:
    """What is to be done about a pull request, and why in words.

    What was said of an earlier commit has been answered, and an approval is of exactly what is merged.
    """
    if of.state != "OPEN":
        return ("merged" if of.state == "MERGED" else "closed"), of.state.lower()
    latest = {review.by: review for review in reviews if review.state in _COUNTING}
    wishes = [one for one in latest.values() if one.state == "CHANGES_REQUESTED"]
    if now := [one.by for one in wishes if one.commit == of.head]:
        return "changes", f"{', '.join(now)} asked for changes"
    if of.conflicts:
        return "changes", "conflicts with its base"
    if failed := [check.name for check in of.checks if check.state == "fail"]:
        return "red", f"failed: {', '.join(failed)}"
    if pending := [check.name for check in of.checks if check.state == "pending"]:
        return "wait", f"waits for {', '.join(pending)}"
    if wishes:
        return "wait", f"waits for {', '.join(one.by for one in wishes)} to look again"
    if by := [one.by for one in latest.values() if one.state == "APPROVED" and one.commit == of.head]:
        return "approved", f"approved by {', '.join(by)}"
    return "wait", "waits for a review"


def what_to_see_to(of: PullRequest, reviews: Sequence[Review], remarks: Sequence[Remark]) -> Iterator[str]:
    """What was said of the commit that a pull request stands at, and which checks failed, for who sees to it."""
    for check in of.checks:
        if check.state == "fail":
            yield f"Check {check.name} failed: {check.url}".rstrip(": ")
    for review in reviews:
        if review.commit == of.head and review.body.strip() and review.state in {"CHANGES_REQUESTED", "COMMENTED"}:
            yield f"{review.by}: {review.body.strip()}"
    for remark in remarks:
        if remark.commit == of.head:
            at = f"{remark.path}:{remark.line}" if remark.line else remark.path
            yield f"{at}: {remark.by}: {remark.body.strip()}"


def _check(row: Mapping[str, Any]) -> Check:
    done = _text(row, "status") in {"COMPLETED", ""}
    state = (_text(row, "conclusion") or _text(row, "state")).upper() if done else ""
    known: Literal["pass", "fail", "pending"] = (
        "pass" if state in _PASSED else "pending" if state in _PENDING else "fail"
    )
    name = _text(row, "name") or _text(row, "context") or "a check"
    return Check(name=name, state=known, url=_text(row, "detailsUrl") or _text(row, "targetUrl"))


def _documents(text: str) -> list[object]:
    """JSON values one after another: gh prints each page by itself."""
    decoder, found, at = json.JSONDecoder(), list[object](), 0
    text = text.strip()
    try:
        while at < len(text):
            value, at = decoder.raw_decode(text, at)
            found.append(value)
            at += len(text[at:]) - len(text[at:].lstrip())
    except (ValueError, RecursionError) as error:
        raise MachineError(f"expected JSON, got {text[:80]!r}") from error
    return found


def _rows(value: object) -> list[Mapping[str, Any]]:
    if value is None:
        return []
    rows = cast("list[object]", value) if isinstance(value, list) else [value]
    if rows == [value] or not all(isinstance(row, dict) for row in rows):
        raise MachineError(f"expected a list, got {json.dumps(value)[:80]}")
    return cast("list[Mapping[str, Any]]", rows)


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    return value if isinstance(value, str) else ""


def _login(row: Mapping[str, Any]) -> str:
    user: object = row.get("user")
    return _text(cast("Mapping[str, Any]", user), "login") if isinstance(user, dict) else "somebody"
