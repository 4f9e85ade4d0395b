# Dispatch Box. `make` lists what it can do.
PYTHON ?= python3
PORT ?= 8001
DB_DIR ?= db
DEMO ?= demo
EXPORT ?= site
PY = .venv/bin/python
SQL ?= on
SQL_FLAG = $(if $(filter off,$(SQL)),--no-sql)
ROLE ?= annotator
WORKERS ?= 2
N ?= 10000
SPEECHES ?= 6600
unexport PYTHONDONTWRITEBYTECODE  # compiling every module anew costs each process seconds
TWO_WORKERS = --numprocesses 2 --dist loadfile --no-loadscope-reorder
SERVE = $(PY) -m web serve --port $(PORT)

.PHONY: help setup demo scrape serve user token export serve-production test test-fast check nightly fuzz bench pictures lock clean
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-20s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/ready ## Build .venv with everything that is needed (the other targets do so where it is missing)
.venv/ready: pyproject.toml requirements-dev.lock requirements-schemas.txt
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed: make setup PYTHON=python3.11")'
	$(PYTHON) -m venv .venv
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.lock
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --requirement requirements-schemas.txt
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup ## Try it on a fictional House, without a network, at http://127.0.0.1:8001 (PORT, DEMO; FRESH=1 starts again)
	@$(PY) -m demo_servers --port $(PORT) --db-dir "$(DEMO)" $(if $(filter-out 0,$(FRESH)),--fresh)

scrape: setup ## Fetch and load debates (DB_DIR, PARLDATA, SWEEP=1, EVERYTHING=1; docs/scraping.md)
	$(PY) -m scrapers scrape --db-dir "$(DB_DIR)"

serve: setup ## Serve what is in db/ at http://127.0.0.1:8001 (PORT, DB_DIR, SQL=off)
	$(SERVE) $(SQL_FLAG) --db-dir "$(DB_DIR)"

user: setup ## Add an account or change its password: make user NAME=ada (ROLE=reader, annotator or reviewer)
	$(PY) -m accounts user "$(NAME)" --role "$(ROLE)" --db-dir "$(DB_DIR)"

token: setup ## Print a token for a program, once: make token NAME=ada
	@$(PY) -m accounts token "$(NAME)" --db-dir "$(DB_DIR)"

export: setup ## Write everything as plain files that need no server into site/ (EXPORT, BASE_URL, DB_DIR)
	$(PY) -m export --db-dir "$(DB_DIR)" --to "$(EXPORT)"

serve-production: setup ## Serve with two workers, behind a proxy (BASE_URL, WORKERS, PORT, DB_DIR, SQL=off; docs/serving.md)
	exec $(SERVE) $(SQL_FLAG) --workers $(WORKERS) --db-dir "$(DB_DIR)"

test: setup ## Run all tests, within five minutes, or some of them (T=tests/web/test_search.py K=operators)
	$(PY) -m pytest $(if $(T)$(K),$(T) $(if $(K),-k "$(K)"),$(TWO_WORKERS))

test-fast: setup ## Run the tests that need no browser, server or process, within a minute
	$(PY) -m pytest $(TWO_WORKERS) -m "not browser and not slow" $(T) $(if $(K),-k "$(K)")

check: setup ## Check style, types, and which package imports which
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	$(PY) -m pytest --quiet tests/test_arrows.py tests/test_house_rules.py

nightly: setup ## Run more tests: every page in every look, more examples of each property, every command of the docs
	TEST_PROFILE=nightly $(PY) -m pytest $(TWO_WORKERS) $(T) $(if $(K),-k "$(K)")

fuzz: setup ## Try damaged documents on parsers, loader and imports (N=10000, SEED; crashes go to fuzz-crashes/)
	$(PY) -m tests.fuzz --count $(N) $(if $(SEED),--seed $(SEED))

bench: setup ## Measure speed, as one table with goals and limits (SPEECHES=130000, ONLY=load,pages; docs/benchmarks.md)
	@$(PY) -m benchmarks --speeches $(SPEECHES) --only "$(ONLY)"

pictures: setup ## Make the pictures of README and docs from the demo, with a Chromium
	$(PY) -m demo_servers.pictures

LOCK = uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate
lock: ## Write both lock files from pyproject.toml (needs uv)
	$(LOCK) --output-file requirements.lock pyproject.toml
	sed -n '/==/s/ \\$$//p' requirements.lock > .pins.txt
	$(LOCK) --extra similarity --extra dev --constraint .pins.txt --output-file requirements-dev.lock pyproject.toml
	rm .pins.txt

clean: ## Delete what make made, the demo included, but never db/
	rm -rf .venv "$(DEMO)" .mypy_cache .pytest_cache .ruff_cache .hypothesis
