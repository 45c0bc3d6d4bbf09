# One command for each thing a person does with this project; `make` alone lists them.
# Needs Python >= 3.11 (and, for installing, its package registry); everything else goes into .venv.

HOST    = 127.0.0.1
PORT    = 8000
WORKERS = 1
# The first of these that is new enough and can make environments.
PYTHON  = $(shell for name in python3 python3.13 python3.12 python3.11 python; do \
            $$name -c 'import sys, ensurepip; assert sys.version_info >= (3, 11)' 2>/dev/null && echo $$name && break; done)
PYTEST  =
ROUNDS  = 10
MINUTES = 10
IMAGE   = nabla
ENGINE  = docker
# What `make record` measures against: too large for everybody's test environment, so they get one of their own.
TORCH   = torch==2.13.0
JAX     = jax==0.10.2

VENV    = .venv
BIN     = $(VENV)/bin
# pip as it is in a fresh environment; every file it takes must have the locked hash.
INSTALL = $(BIN)/python -m pip install --disable-pip-version-check --quiet --require-hashes
LOCK    = $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --fork-strategy fewest \
          --no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock"

.DELETE_ON_ERROR:
.PHONY: help serve test check style format types openapi openapi-check functions functions-check errors pytest fuzz fuzz-text hadolint lock bench bench-language bench-derivatives mutants accuracy record image prove clean

help: ## list these commands
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 20

# ---- running

serve: $(VENV)/.runtime ## install what is locked, then serve on HOST:PORT with WORKERS processes
	@exec $(BIN)/nabla serve --host $(HOST) --port $(PORT) --workers $(WORKERS)

# ---- checking

test: $(VENV)/.dev ## install the test tools, then check everything (what CI runs)
	@$(MAKE) --no-print-directory check

check: style types openapi-check functions-check hadolint pytest ## check everything, with what is already installed

style: $(VENV)/.dev ## formatting and lint rules, the ban on running text among them
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/python scripts/banned_names.py

format: $(VENV)/.dev ## rewrite the code to the style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(VENV)/.dev ## mypy --strict
	$(BIN)/mypy --strict engine app

openapi: $(VENV)/.dev ## write openapi/openapi.json from the app
	$(BIN)/python -m app.openapi

# Compared before and after, not with git: a change not yet committed is no drift.
openapi-check: $(VENV)/.dev ## fail if openapi/openapi.json is not what the app says
	@cp openapi/openapi.json $(VENV)/openapi.before
	@$(BIN)/python -m app.openapi
	@cmp $(VENV)/openapi.before openapi/openapi.json \
	  || { echo 'openapi/openapi.json was out of date; it is rewritten now: review and commit it' >&2; exit 1; }

functions: $(VENV)/.dev ## write docs/functions.md from the engine's table
	$(BIN)/python -m engine.reference

functions-check: $(VENV)/.dev ## fail if docs/functions.md is not what the table says
	@cp docs/functions.md $(VENV)/functions.before
	@$(BIN)/python -m engine.reference
	@cmp $(VENV)/functions.before docs/functions.md \
	  || { echo 'docs/functions.md was out of date; it is rewritten now: review and commit it' >&2; exit 1; }

errors: $(VENV)/.dev ## write the answers in docs/errors.md, the page of wrong programs, anew
	$(BIN)/python -m tests.errors

pytest: $(VENV)/.dev ## the tests; PYTEST="-k name" passes options on
	$(BIN)/python -m pytest --numprocesses auto $(PYTEST)

fuzz: $(VENV)/.dev ## the properties again and again, with examples chosen anew: ROUNDS=10
	for round in $$(seq $(ROUNDS)); do HYPOTHESIS_PROFILE=explore $(BIN)/python -m pytest -q -m hypothesis tests || exit 1; done

fuzz-text: $(VENV)/.dev ## programs and formulas at random for MINUTES=10: nothing may crash, hang or take much memory
	$(BIN)/python -m tests.fuzz $(MINUTES)

# The wheel exists for x86-64 only; elsewhere this check is left to CI.
hadolint: $(VENV)/.dev ## lint the Dockerfile
	@if [ -x $(BIN)/hadolint ]; then $(BIN)/hadolint Dockerfile && echo 'hadolint: passed'; \
	else echo 'hadolint: not available for this processor, left out'; fi

mutants: $(VENV)/.dev ## flip signs in the table's rows: each must make a test fail
	$(BIN)/python -m tests.mutants

accuracy: $(VENV)/.dev ## the worst error of each function of elements, in ulp; writes docs/accuracy.md
	$(BIN)/python -m tests.accuracy

bench: $(VENV)/.dev ## the project's speed figures
	$(BIN)/python -m benchmarks

bench-language: $(VENV)/.dev ## how the time for a text grows with its length, from 100 tokens to 1,000,000
	$(BIN)/python -m benchmarks.language

bench-derivatives: $(VENV)/.dev ## time and memory of derivatives at scale, beside CasADi (and PyTorch, after make record)
	$(BIN)/python -m benchmarks.derivatives

# ---- locks, recorded figures, image

lock: $(VENV)/.dev ## renew the locks to the newest versions that pyproject.toml allows
	$(LOCK) --upgrade pyproject.toml -o requirements.txt
	$(LOCK) --upgrade --group build -o requirements-build.txt
	$(LOCK) --upgrade pyproject.toml --group dev -c requirements.txt -c requirements-build.txt -o requirements-dev.txt

record: $(VENV)/.dev ## record PyTorch's and JAX's figures anew, for the tests that compare with them
	test -x $(VENV)/record/bin/python || $(PYTHON) -m venv $(VENV)/record
	$(VENV)/record/bin/python -m pip install --disable-pip-version-check --quiet --require-hashes -r requirements-dev.txt
	$(VENV)/record/bin/python -m pip install --disable-pip-version-check --quiet '$(TORCH)' '$(JAX)'
	$(VENV)/record/bin/python -m tests.recording
	$(VENV)/record/bin/python -m tests.recording.by_jax

image: ## build the container image with ENGINE (docker, podman)
	$(ENGINE) build --tag $(IMAGE) .

prove: ## build and run the image where no container engine runs (as root; docs/container.md)
	docker/prove.sh

clean: ## remove what was installed and cached
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist

# ---- installing: a stamp for each lock, so that a second run installs nothing

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo 'no Python >= 3.11 with its venv module found (Debian: apt-get install python3-venv)' >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# The project itself goes in as a pointer to this folder, built with the locked build backend and no other.
$(VENV)/.runtime: requirements.txt requirements-build.txt pyproject.toml | $(BIN)/python
	$(INSTALL) -r requirements.txt -r requirements-build.txt
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	$(INSTALL) -r requirements-dev.txt
	@touch $@
