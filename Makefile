# Everything people and CI do here is a target. A recipe that runs one long program is one plain command, so that make
# hands Ctrl-C and SIGTERM straight to it.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.installed-runtime
DEVELOPMENT := $(VENV)/.installed-development
KAFKA_JARS := .cache/apache-kafka/.copied
PROVIDER := .cache/oidc-provider/.installed
KUSTOMIZE := .cache/kustomize/kustomize

PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --no-input

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: $(RUNTIME) ## play a whole control on real servers, print its statistics, leave nothing running
	@$(BIN)/stickprov demo

.PHONY: up
up: $(RUNTIME) ## serve the stack on one local address (PORT=8800) until Ctrl-C; data in .stickprov/
	@$(BIN)/stickprov up $(if $(PORT),--port $(PORT))

.PHONY: test
test: $(DEVELOPMENT) ## unit, contract, integration and e2e tests on real servers
	@$(BIN)/python -m pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder -m "not kafka and not browser and not oidc and not ops and not docker"

.PHONY: check
check: lint types imports test ## what must hold before a change lands

.PHONY: lint
lint: $(DEVELOPMENT) ## ruff: rules and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

.PHONY: types
types: $(DEVELOPMENT) ## mypy, strict
	@$(BIN)/mypy

.PHONY: imports
imports: $(DEVELOPMENT) ## import-linter: which package may know which
	@$(BIN)/lint-imports

.PHONY: test-kafka
test-kafka: $(DEVELOPMENT) $(KAFKA_JARS) ## every test that talks to a broker, on Apache Kafka itself (needs Java 17 and Maven)
	@$(BIN)/python -m pytest -m "not browser and not oidc and not ops and not docker"

test-kafka: export STICKPROV_TEST_BROKER = apache

.PHONY: test-browser
test-browser: $(DEVELOPMENT) ## the web client in Chromium (needs Debian's chromium)
	@$(BIN)/python -m pytest -m browser

.PHONY: test-oidc
test-oidc: $(DEVELOPMENT) $(PROVIDER) ## sign-in at a real OpenID provider, services, command and pages (needs Node.js and chromium)
	@$(BIN)/python -m pytest -m oidc

.PHONY: test-ops
test-ops: $(DEVELOPMENT) $(if $(shell command -v kustomize || command -v kubectl),,$(KUSTOMIZE)) ## whole stacks stopped, killed, restored, watched and served: real Prometheus, Alertmanager, proxy (needs Debian's prometheus, prometheus-alertmanager, nginx; kubectl or Go)
	@$(BIN)/python -m pytest -m ops

.PHONY: pictures
pictures: $(DEVELOPMENT) ## every page of the reviewing as it looks, by width and theme; PICTURES=folder (needs chromium)
	@$(BIN)/python -m pytest tests/browser/test_review_looks.py -k "sv" --pictures "$(PICTURES)"

PICTURES := .cache/pictures

.PHONY: test-docker
test-docker: $(DEVELOPMENT) ## the log on containers of PostgreSQL and Apache Kafka (needs a Docker engine)
	@$(BIN)/python -m pytest -m docker

.PHONY: chaos
chaos: $(DEVELOPMENT) $(if $(filter apache,$(BROKER)),$(KAFKA_JARS)) ## kill services under load, then count; SEED= KILLS=200 BROKER=noida|apache SHORT=1
	@$(BIN)/python -m chaos

chaos: export PYTHONPATH = tests

.PHONY: bench
bench: $(DEVELOPMENT) ## measure against peers and limits, print the table; ROWS="draw append" PAGE=1
	@$(BIN)/python -m bench $(ROWS) $(if $(PAGE),--page)

bench: export PYTHONPATH = tests

.PHONY: capacity
capacity: $(DEVELOPMENT) ## measure what a frame row, a case and a submit cost; PAGE=1 writes the capacity page
	@$(BIN)/python -m bench capacity $(if $(PAGE),--page)

capacity: export PYTHONPATH = tests

.PHONY: reference
reference: $(DEVELOPMENT) ## make the generated documents again: schemas, and what docs/reference lists
	@$(BIN)/python -m support.reference

reference: export PYTHONPATH = tests

.PHONY: sbom
sbom: $(DEVELOPMENT) ## bill of materials of what is shipped (CycloneDX), in .cache/sbom.json
	@$(BIN)/python -m support.supply_chain.sbom

sbom: export PYTHONPATH = tests

.PHONY: audit
audit: $(DEVELOPMENT) ## known vulnerabilities of what is shipped; AUDIT=if-reachable goes on where nobody can be asked
	@$(BIN)/python -m support.supply_chain.audit

audit: export PYTHONPATH = tests
audit: export AUDIT := $(AUDIT)

.PHONY: coverage-table
coverage-table: $(DEVELOPMENT) ## measure how often each kind of interval holds the truth, write the page
	@$(BIN)/python -m support.coverage_table

coverage-table: export PYTHONPATH = tests

.PHONY: samples
samples: $(DEVELOPMENT) ## reports of the board's own controls in every format, to look at, in .cache/reports/
	@$(BIN)/python -m support.report_samples .cache/reports

samples: export PYTHONPATH = tests

.PHONY: lock
lock: $(DEVELOPMENT) ## make both lock files again from pyproject.toml
	@$(LOCK) --group build --output-file requirements.lock
	@$(LOCK) --group build --group dev --constraints requirements.lock --output-file requirements-dev.lock

LOCK := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 pyproject.toml

$(RUNTIME): requirements.lock pyproject.toml | $(BIN)/python
	@$(call install,requirements.lock)
	@touch $@

# The development lock holds all of the runtime lock at the same versions.
$(DEVELOPMENT): requirements-dev.lock requirements.lock pyproject.toml | $(BIN)/python
	@$(call install,requirements-dev.lock)
	@touch $(RUNTIME) $@

$(BIN)/python:
	@python=$$(for candidate in python3.13 python3.12 python3.11 python3 python; do \
	    if $$candidate -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	      echo $$candidate; break; fi; done); \
	  test -n "$$python" || { echo "Stickprov needs Python 3.11 or newer with its venv module, and found none." >&2; exit 1; }; \
	  $$python -m venv $(VENV)

$(KAFKA_JARS): tests/kafka/pom.xml
	@rm -rf $(@D)
	@mvn -q -B -f tests/kafka/pom.xml dependency:copy-dependencies "-DoutputDirectory=$(CURDIR)/$(@D)"
	@touch $@

$(PROVIDER): tests/oidc/package.json tests/oidc/package-lock.json
	@rm -rf $(@D)
	@mkdir -p $(@D)
	@cp $^ $(@D)
	@npm --prefix $(@D) ci --no-audit --no-fund --ignore-scripts
	@touch $@

# Builds the Kubernetes manifests where there is no kubectl, whose own kustomize does.
$(KUSTOMIZE):
	@GOBIN="$(CURDIR)/$(@D)" go install sigs.k8s.io/kustomize/kustomize/v5@v5.8.1

define install
echo "installing $(1) (only when it changed)" && \
$(PIP) install --require-hashes -r $(1) && \
$(PIP) install --no-deps --no-build-isolation --editable .
endef
