# make run    start the app (makes .venv on the first call); SFERUM_ADDRESS=0.0.0.0 opens it to the office's network
# make test   all tests; make lint: ruff and mypy; make bench: speed as ratios; make demo, shots, settings: committed files
# make backup FILE=… copies the database; make restore FILE=… puts a copy back; make check-store reads everything back
# The first Python that fits; the plain one, which run.py answers with a sentence, where none does.
FITS = import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c '$(FITS)' 2>/dev/null && echo $$p && exit; done; echo python3)
PY := .venv/bin/python
WORKERS ?= 2

.PHONY: run setup test lint format bench demo shots settings backup restore check-store clean

run:
	@$(PYTHON) scripts/run.py

setup:
	@$(PYTHON) scripts/run.py setup --dev

test: setup
	$(PY) -m pytest -n $(WORKERS) --dist loadgroup

lint: setup
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy

format: setup
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

bench: setup
	$(PY) -m pytest tests/benchmarks -m benchmark -s -p no:cacheprovider --benchmark-report docs/performance.md

demo: setup
	$(PY) -m scripts.make_demo

shots: setup
	$(PY) -m scripts.screenshots

settings: setup
	$(PY) -m scripts.make_settings_table

backup: setup
	$(PY) -m sferum_store backup "$(FILE)"

restore: setup
	$(PY) -m sferum_store restore "$(FILE)"

check-store: setup
	$(PY) -m sferum_store check

clean:
	rm -rf .venv .pytest_cache .ruff_cache .mypy_cache .hypothesis tests/output
