# Two commands do it all on a fresh machine with Python 3.11: `make demo` and `make test`. Every target is quick the second time.
PYTHON ?= python3.11
ifeq (,$(shell command -v $(PYTHON) 2>/dev/null))
PYTHON := python3
endif
BIN := .venv/bin
DEMO := examples/broken-candies.json examples/seeds-for-sprouting.json examples/injection.json

.PHONY: setup demo test check audit evals serve bench train lock

setup: .venv/.run
.venv/.run: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	@# The command runs from this checkout: nothing is built, so nothing unlocked is fetched.
	@$(BIN)/python -c "import pathlib, site; pathlib.Path(site.getsitepackages()[0], 'drafter-checkout.pth').write_text(str(pathlib.Path.cwd()))"
	@printf '#!/bin/sh\nexec "%s/python" -m drafter "$$@"\n' "$(CURDIR)/$(BIN)" > $(BIN)/drafter && chmod +x $(BIN)/drafter
	@touch $@

.venv/.test: requirements-dev.lock .venv/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.lock
	@touch $@

demo: setup
	$(BIN)/drafter models pull
	DRAFTER_LOG_LEVEL=error DRAFTER_DATABASE_URL=memory $(BIN)/drafter draft $(DEMO)

check: .venv/.test audit
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/drafter prompts lint
	$(BIN)/drafter rules lint

# Known weaknesses of what is locked. Needs pip-audit and a network: without either it says so, and nothing fails.
audit:
	@if ! command -v pip-audit >/dev/null; then echo "audit: pip-audit is not installed, nothing was looked up"; else \
	found=$$(pip-audit --disable-pip --require-hashes --progress-spinner off --requirement requirements.lock 2>&1) && echo "audit: nothing known" || \
	case "$$found" in *"known vulnerabilit"*) echo "$$found"; exit 1;; *) echo "audit: the list of weaknesses could not be reached";; esac; fi

# No model and no network: the rules, triage, and drafts from tape. Exit code 3: a changed prompt needs `drafter evals run … --record`.
evals: .venv/.test
	$(BIN)/drafter evals run policy_dev triage drafting_replay

test: check evals
	$(BIN)/drafter models pull
	$(BIN)/pytest --numprocesses auto --maxprocesses 4 --dist loadgroup

serve: setup
	$(BIN)/drafter serve --no-auth

bench: .venv/.test
	@for file in benchmarks/*.py; do echo "== $$file"; $(BIN)/python $$file || exit $$?; done

# Makes the second reader's weights anew from evals/sets/reader/, and those of triage from evals/sets/triage_*.jsonl.
train: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-train.lock
	$(BIN)/drafter rules train
	$(BIN)/python -m drafter.evals.triage_training

# Needs uv. Registry settings are the environment's own; none is written into the locks.
lock:
	uv pip compile --quiet --generate-hashes --no-header --no-emit-index-url --python-version 3.11 pyproject.toml --output-file requirements.lock
	uv pip compile --quiet --generate-hashes --no-header --no-emit-index-url --python-version 3.11 --group dev --constraint requirements.lock \
		pyproject.toml --output-file requirements-dev.lock
	uv pip compile --quiet --generate-hashes --no-header --no-emit-index-url --python-version 3.11 --group train --constraint requirements.lock \
		pyproject.toml --output-file requirements-train.lock
