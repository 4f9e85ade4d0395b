# Dispatch Box. `make` lists what it can do.
PYTHON ?= python3
PORT ?= 8001
DB_DIR ?= db
DEMO ?= demo
EXPORT ?= site
PY = .venv/bin/python
SPECIMENS = $(CURDIR)/tests/specimens
SQL ?= on
SQL_FLAG = $(if $(filter off,$(SQL)),--no-sql)
ROLE ?= annotator
WORKERS ?= 2
N ?= 10000
unexport PYTHONDONTWRITEBYTECODE  # compiling every module anew costs each process seconds
TWO_WORKERS = --numprocesses 2 --dist loadfile --no-loadscope-reorder
SERVE = $(PY) -m web serve --port $(PORT)

.PHONY: help setup scrape serve serve-production export user token demo test test-fast nightly fuzz check bench lock clean
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-20s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/ready ## Build .venv with everything that is needed
.venv/ready: pyproject.toml requirements-dev.lock requirements-schemas.txt
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed: make setup PYTHON=python3.11")'
	$(PYTHON) -m venv .venv
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.lock
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --requirement requirements-schemas.txt
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

scrape: setup ## Fetch, load and resolve (SWEEP=1, EVERYTHING=1, PARLDATA, DB_DIR change what and where)
	$(PY) -m scrapers scrape --db-dir "$(DB_DIR)"

serve: setup ## Serve what is in db/ on http://127.0.0.1:8001 (PORT, DB_DIR, SQL=off)
	$(SERVE) $(SQL_FLAG) --db-dir "$(DB_DIR)"

serve-production: setup ## Serve with two workers, behind a proxy (docs/serving.md; BASE_URL, WORKERS, SQL=off, PORT, DB_DIR)
	exec $(SERVE) $(SQL_FLAG) --workers $(WORKERS) --db-dir "$(DB_DIR)"

export: setup ## Write everything as plain files into site/, to be read without a server (EXPORT, BASE_URL, DB_DIR)
	$(PY) -m export --db-dir "$(DB_DIR)" --to "$(EXPORT)"

user: setup ## Make an account, or change its password: make user NAME=ada (ROLE=reader, annotator or reviewer)
	$(PY) -m accounts user "$(NAME)" --role "$(ROLE)" --db-dir "$(DB_DIR)"

token: setup ## Print a token for a program of an account, once: make token NAME=ada
	@$(PY) -m accounts token "$(NAME)" --db-dir "$(DB_DIR)"

demo: setup ## The whole walk on a fictional House, without a network, served on http://127.0.0.1:8001 (PORT)
	rm -rf "$(DEMO)"
	QUOTES="$(SPECIMENS)/quotes" $(PY) -m demo_servers.hansard -- $(PY) -m demo_servers.theyworkforyou -- \
	  $(PY) -m scrapers scrape --pause 0 --parldata "file://$(SPECIMENS)/parldata" --db-dir "$(DEMO)"
	@echo "Demo: a fictional House" > "$(DEMO)/notice.txt"
	@echo "Open http://127.0.0.1:$(PORT)/ - Ctrl-C ends it."
	QUOTES="$(SPECIMENS)/quotes" $(SERVE) --db-dir "$(DEMO)"

test: setup ## Run the tests: all within five minutes, or some (T=tests/web/test_search.py K=operators)
	$(PY) -m pytest $(if $(T)$(K),$(T) $(if $(K),-k "$(K)"),$(TWO_WORKERS))

test-fast: setup ## Run the tests that need no browser, no server and no process, within a minute
	$(PY) -m pytest $(TWO_WORKERS) -m "not browser and not slow" $(T) $(if $(K),-k "$(K)")

nightly: setup ## Run the tests on every page in every look, with more examples of each property and more kills
	TEST_PROFILE=nightly $(PY) -m pytest $(TWO_WORKERS) $(T) $(if $(K),-k "$(K)")

fuzz: setup ## Try mutated documents on parsers, loader and imports (N=10000, SEED; crashes go to fuzz-crashes/)
	$(PY) -m tests.fuzz --count $(N) $(if $(SEED),--seed $(SEED))

check: setup ## Lint, types, and the arrows between packages
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	$(PY) -m pytest --quiet tests/test_arrows.py tests/test_house_rules.py

bench: setup ## Measure against bare loaders and limits on this machine
	$(PY) -m benchmarks

LOCK = uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate
lock: ## Write requirements.lock (to run) and requirements-dev.lock (to develop) anew from pyproject.toml (needs uv)
	$(LOCK) --output-file requirements.lock pyproject.toml
	sed -n '/==/s/ \\$$//p' requirements.lock > .pins.txt
	$(LOCK) --extra similarity --extra dev --constraint .pins.txt --output-file requirements-dev.lock pyproject.toml
	rm .pins.txt

clean: ## Take away what make made, but never db/
	rm -rf .venv "$(DEMO)" .mypy_cache .pytest_cache .ruff_cache .hypothesis
