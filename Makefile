# 'make' alone lists the targets. Everything runs in a virtual environment of its own, .venv.

PYTHON ?= python3
WORKERS ?= 2
# For the text embedder, before anything asks for it: else pip would choose the newest one,
# for GPUs. Where PyTorch's own index is reached, the small one for processors is had with
# PIP_EXTRA_INDEX_URL=https://download.pytorch.org/whl/cpu.
TORCH ?= torch==2.13.0
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
INSTALLED_BENCH := $(VENV)/.installed-bench
MAPPED := evals prompts retrievers serve

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo test e2e lint typecheck bench docs clean

help: ## list the targets
	@awk -F ': .*## ' '/^[a-z0-9]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

setup: $(INSTALLED) ## build .venv with recx-agent and the tools

demo: $(INSTALLED) ## fit a public data set and explain its recommendations
	$(BIN)/recx demo

test: $(INSTALLED) ## all tests but the end-to-end ones
	$(BIN)/pytest -n $(WORKERS) -m "not e2e"

e2e: $(INSTALLED) ## end-to-end tests with real parts
	$(BIN)/pytest -n $(WORKERS) --dist loadfile -m e2e tests/e2e

lint: $(INSTALLED) ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

# mypy finds the root folders under their package names through links.
typecheck: $(INSTALLED) ## mypy --strict
	mkdir -p build/typing/recx_agent
	for folder in $(MAPPED); do \
	    ln -sfn ../../../$$folder build/typing/recx_agent/$$folder; \
	done
	$(BIN)/mypy

bench: $(INSTALLED_BENCH) ## growth, ratios, SHAP: docs/benchmarks.md; a minute with ARGS=--quick
	$(BIN)/python -m benchmarks $(ARGS)

docs: $(INSTALLED) ## run every example of the README and docs/
	$(BIN)/pytest tests/docs

clean: ## remove what the other targets made
	rm -rf $(VENV) build dist *.egg-info .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(INSTALLED): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "recx-agent needs Python 3.11 or newer, and '$(PYTHON)' is not;" \
	         "name another one: make setup PYTHON=python3.12" >&2; exit 1; }
	@command -v gcc >/dev/null || command -v cc >/dev/null || { \
	    echo "recx-agent needs a C compiler to build lightfm-next, and there is neither" \
	         "gcc nor cc; on Debian: apt-get install gcc libc6-dev python3-dev" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet '$(TORCH)'
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

$(INSTALLED_BENCH): $(INSTALLED)
	$(BIN)/python -m pip install --quiet --editable '.[bench]'
	@touch $@
