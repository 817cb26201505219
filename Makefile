# One door to everything. `make run` needs nothing but Python 3.11+ (with venv) and make; `make test` also a JDK and Maven.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test check bench kafka faults-kafka fuzz lock format clean

run: $(VENV)/run  ## start Izvor with demo data on http://127.0.0.1:8080
	$(BIN)/izvor up --demo

test: check  ## every suite
	$(BIN)/pytest -n 2 tests

check: $(VENV)/dev  ## style, types, import contracts (no tests)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/dev  ## measure, and write tests/benchmarks/results.json
	$(BIN)/python -m tests.benchmarks

bench-million: $(VENV)/dev  ## lists, searches and reports of a million invoices, made once in build/million (16 GB)
	$(BIN)/python -m tests.benchmarks --kept build/million --invoices 1000000

kafka: $(VENV)/dev  ## a broker on 127.0.0.1:9092, for `izvor up --kafka 127.0.0.1:9092` (needs a JDK and Maven)
	$(BIN)/python -m tests.kafka

faults-kafka: $(VENV)/dev  ## kill relay and consumer 300 rounds long, the broker now and then, and count what went wrong
	$(BIN)/python -m tests.support.faults

fuzz: $(VENV)/dev  ## at least 20,000 calls made up from the OpenAPI document: no 5xx, nothing undocumented
	$(BIN)/python -m tests.support.explore

mutate: $(VENV)/dev  ## change the model in thousands of small ways: how many does a test notice?
	$(BIN)/python -m tests.support.mutate

format: $(VENV)/dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(VENV)/dev  ## resolve pyproject.toml anew into the two lock files
	$(BIN)/uv pip compile -q --universal --no-emit-index-url --generate-hashes pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal --no-emit-index-url --generate-hashes --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

$(VENV)/bin/pip:
	$(PYTHON) -m venv $(VENV)

$(VENV)/run: $(VENV)/bin/pip requirements.lock pyproject.toml
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install -q --disable-pip-version-check --no-deps -e .
	touch $@

$(VENV)/dev: $(VENV)/bin/pip requirements-dev.lock pyproject.toml
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/pip install -q --disable-pip-version-check --no-build-isolation --no-deps -e .
	touch $@ $(VENV)/run

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build *.egg-info
