# Two commands for everyone: make demo, make test. Both set up what they need on a machine with Python >= 3.11, git and make.

PYTHON ?= python3
BIN := .venv/bin
WORKERS ?= 2

.PHONY: demo test check bench pictures lock clean

demo: .venv/.run            ## practice mode on http://127.0.0.1:8080
	@$(BIN)/tungnha demo

test: .venv/.dev            ## the whole suite
	@sh tests/e2e/find-browser.sh $(BIN)/playwright
	$(BIN)/pytest -n $(WORKERS) --dist worksteal

check: .venv/.dev           ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: .venv/.dev           ## how fast, as ratios in one run
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.commune
	$(BIN)/python -m benchmarks.nation

pictures: .venv/.dev        ## the pictures in docs/
	@sh tests/e2e/find-browser.sh $(BIN)/playwright
	$(BIN)/python -m tests.e2e.pictures
	$(BIN)/python -m tests.reports.pictures

lock: .venv/.dev            ## after a change of dependencies in pyproject.toml
	$(BIN)/python -m pip install -q uv
	$(BIN)/uv pip compile pyproject.toml --group build --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url -q -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 -c requirements.lock \
	  --generate-hashes --no-emit-index-url -q -o requirements-dev.lock

clean:
	rm -rf .venv build *.egg-info

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Từng Nhà needs Python 3.11 or newer: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.run: requirements.lock pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: requirements-dev.lock pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch .venv/.run $@
