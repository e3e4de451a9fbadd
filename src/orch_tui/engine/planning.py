"""From a plan file to the events that create a run: settings resolved, graph read, text kept by its hash."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from pathlib import Path

from orch_tui import git
from orch_tui.agents import registry
from orch_tui.config import Config
from orch_tui.core.run_events import Asked, PlanRead, RunCreated, SectionEntry, Settings
from orch_tui.counted import Resource, claims, counted
from orch_tui.engine import repositories, workflows
from orch_tui.engine.checks import discovered
from orch_tui.engine.front_matter import count_in, dollars_in, one_of_in, word_in, words_in
from orch_tui.engine.rule_files import rule_files
from orch_tui.environment import allowed_env
from orch_tui.errors import AgentUnavailable, ConfigError, PlanError
from orch_tui.flow.workflow import asks_forge, phase_agents
from orch_tui.forge.commands import missing
from orch_tui.merge_settings import BRANCHES, LAND_STRATEGIES, MERGE_STRATEGIES
from orch_tui.plan.decoding import decode
from orch_tui.plan.difference import text_sha
from orch_tui.plan.model import Plan, Section
from orch_tui.store import files
from orch_tui.store.layout import RunDir, private_dir
from orch_tui.worktree_settings import completed

MOST_AT_ONCE = 64
_EACH_ITS_OWN = (
    "'branches: plan' leaves one branch for the plan, and its workflow makes a pull request of each section's own: "
    "with 'local', `orch-tui land --strategy pull-request` makes one for all."
)


def read_plan(run: RunDir, path: Path, sha256: str, *, unattended: bool = False) -> Plan:
    """The plan at `path`, which must still have the hash `sha256`; its bytes are kept in the run's directory.

    Raises PlanError when it cannot be read, is not a plan, or was edited meanwhile; `unattended`, also for a cycle.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PlanError(f"cannot read the plan {str(path)!r}: {error.strerror}") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise PlanError(f"the plan {path.name!r} was edited while it was being opened", hint="open it again")
    from orch_tui.plan.parsing import parse  # takes longer to import than all else; a run taken up does not need it

    plan = parse(decode(data))
    for finding in plan.findings:
        if finding.type == "not-a-plan":
            raise PlanError(f"{path.name!r} is not a plan: {finding.message}")
        if finding.type == "invalid-front-matter":  # whoever wrote it did not want the defaults
            raise PlanError(f"{path.name!r}: {finding.message}", hint="mend the front matter, or remove it")
        if finding.type == "cycle" and unattended:
            raise PlanError(
                f"{path.name!r} cannot start: {finding.message}", hint="mend the plan, or look at it in the cockpit"
            )
    private_dir(run.plans)
    files.replace(run.plan(sha256), data)
    return plan


def read_event(
    run: RunDir, plan: Plan, sha256: str, created: RunCreated, config: Config, env: Mapping[str, str] | None = None
) -> PlanRead:
    """The graph of a plan and its settings, as they enter the journal. Raises ConfigError.

    `env` is the environment agents get a part of; with None nobody looks whether they are set up.
    """
    settings, notices = resolve(run, created, plan, config)
    resources = counted(config.resources, plan.settings.get("resources") or {})
    flows, broken = workflows.load_all(run.root)
    if settings.workflow not in flows:
        raise broken.get(settings.workflow) or ConfigError(
            f"there is no workflow {settings.workflow!r}", hint=f"known: {', '.join(sorted(flows))}"
        )
    rules, unread = rule_files(run.root, config.rules, isolated=settings.isolation == "worktree")
    sections = tuple(_entry(section, settings, resources) for section in plan.sections)
    places = repositories.look_up(run.root, plan, settings, config, sha256)
    if env is not None:
        at_work = [section for section in sections if not section.done]
        agents = {section.agent for section in at_work}
        used = {section.hints.workflow for section in at_work} | {settings.workflow}
        in_use = [flow for name, flow in flows.items() if name in used]
        agents |= {agent for flow in in_use for agent in phase_agents(flow)}
        notices = (*notices, *_not_set_up(agents, config, env))
        if any(map(asks_forge, in_use)):
            lacking = missing(config.forge, allowed_env(env, config.env_pass), run.root, patience=5.0)
            notices = (*notices, *([f"{lacking}. Until then no section gets through its workflow."] if lacking else []))
            notices = (*notices, *([_EACH_ITS_OWN] if settings.branches == "plan" else []))
    return PlanRead(
        plan_sha=sha256,
        title=plan.title,
        reader=plan.reader,
        sections=sections,
        dependencies=plan.dependencies,
        findings=(*plan.findings, *places.findings),
        exclusions=plan.exclusions,
        proposals=plan.proposals,
        settings=settings,
        notices=(
            *notices,
            *_unseen(run, settings, sha256),
            *places.notices,
            *_unknown_agents(plan, settings),
            *_unknown_workflows(plan, settings, flows, broken),
            *_claimed(plan, resources),
            *unread,
        ),
        agents={name: _cannot(name) for name in registry.names()},
        preamble=plan.preamble,
        workflows=tuple(flows.values()),
        agent_from=_agent_from(created.asked, plan, config),
        rules=rules,
        discovered=discovered(run.root),
        repositories=places.repositories,
    )


def _agent_from(asked: Asked, plan: Plan, config: Config) -> str:
    """Who chose the agent of the run, by the precedence of `resolve`."""
    levels = {"command line": asked.agent, "plan": word_in(plan.settings, "agent"), "settings": config.agent}
    return next((level for level, chosen in levels.items() if chosen), "")


def _entry(section: Section, settings: Settings, resources: Mapping[str, Resource]) -> SectionEntry:
    agent = section.hints.agent if section.hints.agent in registry.names() else settings.agent
    return SectionEntry(
        id=section.id,
        slug=section.slug,
        title=section.title,
        lines=section.lines,
        container=section.container,
        done=section.done,
        hints=section.hints,
        agent=agent,
        claims=claims(resources, section.hints.resources, (section.id, section.title)).amounts,
        text_sha=text_sha(section),
        text=section.body if section.made else None,
        around=section.around,
    )


@cache
def _cannot(agent: str) -> tuple[str, ...]:
    """What the agent cannot be told while it runs; nothing is held against one that cannot even be loaded."""
    try:
        can = registry.load(agent).capabilities
    except AgentUnavailable:
        return ()
    return tuple(word for word, able in (("steer", can.steer), ("pause", can.pause)) if not able)


def _not_set_up(agents: Iterable[str], config: Config, env: Mapping[str, str]) -> list[str]:
    """What a person would otherwise read only after the approval, perhaps in the morning."""
    lacking: list[str] = []
    for agent in sorted(agents):
        try:
            provider = registry.load(agent)
        except AgentUnavailable as error:
            lacking.append(error.line())
            continue
        except ConfigError as error:
            lacking.append(f"{error.line()}. A phase of a workflow names it, and no section gets through that.")
            continue
        allowed = allowed_env(env, (*provider.passes, *config.env_pass))
        if words := provider.check(allowed, dict(config.agents.get(agent, {}))):
            lacking.append(f"{words}. Until then no section can start with the agent {agent!r}.")
    return lacking


def _unknown_agents(plan: Plan, settings: Settings) -> list[str]:
    """A role such as "Agent: backend-developer" is no reason to refuse a plan, but it is to be seen."""
    unknown: dict[str, list[str]] = {}
    for section in plan.sections:
        if section.hints.agent and section.hints.agent not in registry.names():
            unknown.setdefault(section.hints.agent, []).append(section.id)
    return [
        f"{name!r}, which section {', '.join(ids[:5])}{' …' if len(ids) > 5 else ''} names, is no installed agent: "
        f"{settings.agent!r} will do it."
        for name, ids in unknown.items()
    ]


def _unknown_workflows(
    plan: Plan, settings: Settings, flows: Collection[str], broken: Mapping[str, ConfigError]
) -> list[str]:
    """Workflows that sections name and there are none of, or whose file is wrong: that of the run does it."""
    unknown: dict[str, list[str]] = {}
    for section in plan.sections:
        if section.hints.workflow and section.hints.workflow not in flows and not section.done:
            unknown.setdefault(section.hints.workflow, []).append(section.id)
    return [
        f"{name!r}, which section {', '.join(ids[:5])}{' …' if len(ids) > 5 else ''} names, is no workflow"
        f"{f' ({broken[name].line()})' if name in broken else ''}: {settings.workflow!r} will do it."
        for name, ids in unknown.items()
    ]


def _unseen(run: RunDir, settings: Settings, plan_sha: str) -> list[str]:
    """What the user changed and sections in worktrees do not see."""
    repo = git.repo.find(run.root) if settings.isolation == "worktree" else None
    words = git.notable.uncommitted(repo, apart=plan_sha) if repo else ""
    return [words] if words else []


def _claimed(plan: Plan, resources: Mapping[str, Resource]) -> list[str]:
    """Resources that sections claim and nobody counts, or more of them than there are."""
    unknown: dict[str, list[str]] = {}
    said: list[str] = []
    for section in plan.sections:
        found = claims(resources, section.hints.resources, (section.id, section.title))
        for name in found.unknown:
            unknown.setdefault(name, []).append(section.id)
        said += [f"section {section.id} claims {words}: it takes all there are." for words in found.too_many]
    named = [
        f"resource {name!r}, which section {', '.join(ids[:5])}{' …' if len(ids) > 5 else ''} claims, is not counted: "
        "say how many there are in `resources`."
        for name, ids in unknown.items()
    ]
    return [*named, *said]


def resolve(run: RunDir, created: RunCreated, plan: Plan, config: Config) -> tuple[Settings, tuple[str, ...]]:
    """Settings by precedence: command line, front matter of the plan, configuration; and what the user should know.

    Raises ConfigError for a value that is none, and for worktrees wished for where there is no git.
    """
    stated, asked = plan.settings, created.asked
    agent = asked.agent or word_in(stated, "agent") or config.agent or Settings().agent
    if agent not in registry.names():
        raise ConfigError(f"there is no agent {agent!r}", hint=f"known: {', '.join(registry.names())}")
    notices: list[str] = []
    isolation = asked.isolation or word_in(stated, "isolation") or config.isolation
    if isolation not in {"worktree", "none"}:
        raise ConfigError(f"isolation is 'worktree' or 'none', not {isolation!r}")
    repository = repositories.default_of(stated)
    elsewhere = repository or any(section.hints.repository and not section.done for section in plan.sections)
    if isolation == "worktree" and not elsewhere and git.repo.find(run.root) is None:
        if asked.isolation == "worktree" or stated.get("isolation") == "worktree":
            raise ConfigError(
                f"{str(run.root)!r} is not a git repository, so there can be no worktrees",
                hint="run `git init` there, or use isolation 'none'",
            )
        isolation = "none"
        notices.append("No git repository here: sections work in place, one at a time, and nothing is merged.")
    elif isolation == "none":
        notices.append("Isolation 'none': sections work in place in your own directory, and nothing is merged.")
    explicit = asked.concurrency or count_in(stated, "concurrency")
    concurrency = explicit or (1 if isolation == "none" else config.concurrency)
    if not 1 <= concurrency <= MOST_AT_ONCE:
        raise ConfigError(f"concurrency is 1 to {MOST_AT_ONCE}, not {concurrency}")
    if isolation == "none" and concurrency > 1:
        notices.append(f"Up to {concurrency} sections at once in the same directory, as you asked: they can collide.")
    worktree = completed(config.worktree, stated.get("worktree") or {})
    if worktree.cache and not (worktree.cache_key and worktree.setup):
        notices.append("'worktree.cache' keeps nothing: that needs 'worktree.setup' and 'worktree.cache_key'.")
    resources = counted(config.resources, stated.get("resources") or {})
    settings = Settings(
        agent=agent,
        model=asked.model or word_in(stated, "model") or config.model,
        concurrency=concurrency,
        isolation="none" if isolation == "none" else "worktree",
        max_attempts=count_in(stated, "max_attempts") or config.max_attempts,
        workflow=asked.workflow or word_in(stated, "workflow") or config.workflow or created.usual_workflow,
        checks=words_in(stated, "checks") or config.checks,
        worktree=worktree,
        resources={name: one.count for name, one in resources.items()},
        merge_batch=count_in(stated, "merge_batch") or config.merge_batch,
        section_budget=dollars_in(stated, "section_budget") or config.section_budget,
        merge_strategy=one_of_in(stated, "merge_strategy", MERGE_STRATEGIES) or config.merge_strategy,
        land_strategy=one_of_in(stated, "land_strategy", LAND_STRATEGIES) or config.land_strategy,
        branches=one_of_in(stated, "branches", BRANCHES) or config.branches,
        repository=repository,
    )
    return settings, tuple(notices)
