"""Arguments and options that several subcommands take."""

from __future__ import annotations

from pathlib import Path

import click

PLAN = click.argument("plan", type=click.Path(path_type=Path))
RUN = click.option("--run", "run_name", default="", metavar="NAME", help="A run by name.")
DIRECTORY = click.option(
    "-C",
    "directory",
    type=click.Path(path_type=Path),
    default=None,
    metavar="DIR",
    help="The project directory (default: the plan's, else this one).",
)
JSON = click.option("--json", "as_json", is_flag=True, help="As JSON.")
