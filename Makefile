# Everything a person does with this checkout. The first target that needs it makes .venv; only python3, git and make
# have to be there. PYTHON=python3.12 chooses another interpreter.
ifndef PYTHON
PYTHON := $(or $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
  $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done),python3)
endif
VENV := .venv
PY := $(VENV)/bin/python
STAMP := $(VENV)/.installed
PIP := $(PY) -m pip --disable-pip-version-check install --quiet -c constraints.txt
PLANS ?=
# Tests in parallel; `make test JOBS=0` runs them in one process. ARGS hands more to pytest and to the benchmarks.
JOBS ?= auto
ARGS ?=
SEEDS ?= 200
EXAMPLES ?= 100
# Hundreds of processes are started here; each would compile the program anew where bytecode is not kept.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test check check-format lint types floors format bench plan-score chaos simulate soak bytes syscalls machine full-disk clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(STAMP)  ## build a small program from a plan, without an account
	@$(VENV)/bin/orch-tui demo

test: $(STAMP)  ## every test
	$(PY) -m pytest -n $(JOBS) --dist worksteal $(ARGS)

check: check-format lint types floors  ## format, lint, types, import floors; `make -k check` goes on after a failure

check-format: $(STAMP)
	$(PY) -m ruff format --check .

lint: $(STAMP)
	$(PY) -m ruff check .

types: $(STAMP)
	$(PY) -m pyright --pythonpath $(PY)

floors: $(STAMP)
	$(VENV)/bin/lint-imports

format: $(STAMP)  ## put the format and the imports in order
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

bench: $(STAMP)  ## measure, beside a bare baseline of the same run
	$(PY) benchmarks/run.py $(ARGS)

plan-score: $(STAMP)  ## how well plans are read: PLANS=folder with score.py and labelled plans
	$(PY) benchmarks/plan_score.py $(PLANS) $(ARGS)

syscalls: $(STAMP)  ## the i-th system call of a runner fails, once and for ever; ARGS='--count 50 --isolation worktree'
	$(PY) tests/faults $(ARGS)

bytes: $(STAMP)  ## every length and every bit of a journal, through every door; ARGS='--every 7' for some
	$(PY) tests/damage $(ARGS)

# N rounds, from the seed SEED on, JOBS at once; a round that is not right keeps its directory and says its seed.
chaos: $(STAMP)  ## kill everything at random moments: N=rounds SEED=first JOBS=at once
	$(PY) tests/chaos --rounds $(or $(N),20) --jobs $(if $(filter auto,$(JOBS)),2,$(JOBS)) $(if $(SEED),--seed $(SEED)) $(ARGS)

full-disk: $(STAMP)  ## fill a small disk to the last kilobytes at every step of a run (as root): ARGS='--most 128 --step 8'
	$(PY) tests/process/filling.py $(ARGS)

simulate: $(STAMP)  ## runs on a virtual machine that fails in every way: SEEDS=n of them, or SEED=n alone
	$(PY) tests/simulation/simulating.py $(if $(SEED),--seed $(SEED),--seeds $(SEEDS)) $(ARGS)

machine: $(STAMP)  ## the same, any order of commands and faults by Hypothesis: EXAMPLES=n of them
	SIMULATED_EXAMPLES=$(EXAMPLES) $(PY) -m pytest -n 0 --timeout 0 tests/simulation/test_commands_and_faults.py $(ARGS)

soak: $(STAMP)  ## a night of 8 hours in some 15 minutes: 2,000 sections, 100,000 events, memory of runner and cockpit
	$(PY) tests/soak $(ARGS)

clean:  ## remove the virtual environment, caches and builds
	rm -rf $(VENV) build dist .pytest_cache .ruff_cache .import_linter_cache .hypothesis snapshot_report.html
	find src tests -type d -name __pycache__ -prune -exec rm -rf {} +

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "orch-tui needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) -V 2>/dev/null || echo 'none')."; \
	  echo "Install one and name it: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "'$(PYTHON)' cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "installing into $(VENV) (once; again when pyproject.toml or constraints.txt change)"
	@$(PY) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@$(PIP) hatchling editables
	@$(PIP) --no-build-isolation -e '.[dev]'
	@touch $@
