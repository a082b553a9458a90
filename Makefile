# opstui: everything starts here. `make demo` and `make test` need nothing but Python 3.11+ and make.
#
# Two stamps inside the environment say what is installed: what opstui needs to run, and on top of it what its tests
# and checks need. All versions come from constraints.txt; a change there or in pyproject.toml renews the environment.

VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

# The first interpreter that runs and is new enough (a name that exists may still be an empty shim).
NEW_ENOUGH := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c '$(NEW_ENOUGH)' >/dev/null 2>&1 && echo $$p && break; done)

# Compiled modules are most of a quick start (uncompiled: 4.5 times as long), whatever the caller's environment says.
unexport PYTHONDONTWRITEBYTECODE
unexport PYTHONPATH

.DEFAULT_GOAL := help
.PHONY: help demo test soak check lint types imports docs docs-check format bench pictures gallery wheel clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/.runs ## the console on a small shop's boards; without a terminal, the same printed
	@$(BIN)/opstui demo

test: $(VENV)/.dev ## every test, two at a time on each core
	@$(BIN)/python -m pytest --numprocesses auto --dist loadgroup --quiet $(ARGS)

soak: $(VENV)/.dev ## the long proof that nothing is lost: crashes, failing disks, kills, then random keys in every scene; an hour or two
	@cd tests && $(abspath $(BIN))/python -m soak $(ARGS)
	@OPSTUI_SOAK=1 $(BIN)/python -m pytest --numprocesses auto --quiet tests/ui/test_anything.py

check: lint types imports docs ## what must be clean before a commit: lint, types, import contracts, documents

lint: $(VENV)/.dev ## ruff, and its formatter's opinion
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/.dev ## mypy, strict
	@$(BIN)/mypy

imports: $(VENV)/.dev ## the direction of every import
	@$(BIN)/lint-imports

docs: $(VENV)/.dev ## README and docs against the program: commands run, keys and links compared
	@$(BIN)/python -m pytest --quiet tests/test_docs.py

docs-check: $(VENV)/.dev ## all Markdown that opstui writes, read by markdownlint, Mermaid, two parsers and a browser; needs node, skips what is not there
	@PYTHONPATH=tests $(BIN)/python -m papers $(ARGS)

format: $(VENV)/.dev ## let ruff put things right
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(VENV)/.dev ## speed, as ratios to yardsticks run beside it; KTUI=path measures kanban-tui too
	@$(BIN)/python -m bench $(ARGS)

pictures: $(VENV)/.dev ## the README's pictures of the console
	@$(BIN)/python -m bench.readme_pictures $(ARGS)

gallery: $(VENV)/.dev ## docs/gallery.md: every screen in every size and look
	@$(BIN)/python -m bench.gallery $(ARGS)

wheel: $(VENV)/.dev ## dist/opstui-*.whl
	@$(BIN)/python -m hatchling build --target wheel

clean: ## forget the environment and everything derived
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests bench -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.runs: pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "opstui needs Python 3.11 or newer with its venv module" \
		"(Debian: apt-get install python3-venv). If you have one under another name: make PYTHON=/path/to/python3.13"; exit 1; } >&2
	@$(PYTHON) -c '$(NEW_ENOUGH)' || { echo "$(PYTHON) will not do: opstui needs Python 3.11 or newer with its venv module" \
		"(Debian: apt-get install python3-venv)"; exit 1; } >&2
	@echo "Making the environment $(VENV) with $$($(PYTHON) --version) ..." >&2
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) --upgrade pip
	@$(PIP) --group build
	@$(PIP) --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q src
	@touch $@

$(VENV)/.dev: $(VENV)/.runs
	@echo "Adding what tests and checks need ..." >&2
	@$(PIP) --group dev
	@touch $@
