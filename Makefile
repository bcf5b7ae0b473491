# Set-up and everyday tasks. `make run` needs Python 3.11 or newer; the rest it fetches itself.
.PHONY: run test check bench lock stop clean browser pango
.DEFAULT_GOAL := run

PIP := .venv/bin/python -m pip install -qq --no-deps --require-hashes --only-binary=:all:
APT := DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends

run: .venv/runtime pango
	@exec .venv/bin/python -m wholesale

# Many tests start processes: each would compile the package anew where bytecode is not written.
test: .venv/dev browser pango
	env -u PYTHONDONTWRITEBYTECODE .venv/bin/python -m pytest -n auto --dist worksteal $(ARGS)

check: .venv/dev
	.venv/bin/python -m ruff format --check .
	.venv/bin/python -m ruff check .
	.venv/bin/python -m mypy
	.venv/bin/python -m djlint --lint --quiet wholesale/templates
	@$(AUDIT)

# Up to a million orders, about nine minutes; `make bench ARGS="--orders 1000"` is quick.
bench: .venv/dev
	.venv/bin/python -m tests.bench $(ARGS)

# Recomputes both locks; `make lock ARGS=--upgrade` takes newer versions, a week old at least.
LOCK = .venv/bin/python -m uv pip compile setup.cfg --quiet --universal --python-version 3.11 \
	--generate-hashes --no-strip-extras --no-annotate --no-header --no-emit-index-url \
	--no-emit-find-links --exclude-newer "$$(date -u -d '7 days ago' +%F)"
lock: .venv/dev
	$(LOCK) --extra dev $(ARGS) -o requirements-dev.txt
	$(LOCK) -c requirements-dev.txt $(ARGS) -o requirements.txt
	rm -rf wholesale.egg-info

# Stops the embedded database, should one have outlived its app.
stop:
	@if [ -d instance/postgres ] && [ -x .venv/bin/python ]; then .venv/bin/python -c \
	  'from pathlib import Path; from wholesale import postgres; postgres.stop(Path("instance/postgres"))'; fi

# Removes what can be made again; the data in instance/ stays.
clean: stop
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis test-results *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/made:
	@$(FIND_PYTHON)
	@touch $@

.venv/runtime: requirements.txt .venv/made
	@echo "Installing the libraries into .venv (once, about half a minute)"
	@$(PIP) -r requirements.txt
	@touch $@

.venv/dev: requirements-dev.txt requirements.txt .venv/made
	@echo "Installing the libraries and the tools into .venv (once, about a minute)"
	@$(PIP) -r requirements-dev.txt
	@touch .venv/runtime $@

# Debian keeps venv apart from python3, hence the look for ensurepip.
define FIND_PYTHON
find_python() { \
  for python in $(PYTHON) python3.13 python3.12 python3.11 python3; do \
    "$$python" -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
      && return; \
  done; false; }; \
find_python || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
  && apt-get update -qq && $(APT) python3-venv >/dev/null && find_python; } || { \
  echo "This needs Python 3.11 or newer with its venv module (Debian: apt-get install" \
    "python3-venv). If it has an unusual name: make PYTHON=/path/to/python" >&2; exit 1; }; \
"$$python" -m venv .venv
endef

browser:
	@for name in chromium chromium-browser google-chrome google-chrome-stable; do \
	  command -v $$name >/dev/null && exit 0; done; \
	sudo=; [ "$$(id -u)" = 0 ] || sudo="sudo -n"; \
	if command -v apt-get >/dev/null && $$sudo true 2>/dev/null; then \
	  echo "Installing Chromium for the browser tests"; \
	  $$sudo apt-get update -qq && $$sudo env $(APT) chromium >/dev/null; \
	else echo "The browser tests need Chromium: apt-get install chromium" >&2; exit 1; fi

# PDFs need it; where it cannot be had the print page serves instead.
PANGO = libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
pango:
	@.venv/bin/python -W ignore -c 'import weasyprint' >/dev/null 2>&1 && exit 0; \
	sudo=; [ "$$(id -u)" = 0 ] || sudo="sudo -n"; \
	if command -v apt-get >/dev/null && $$sudo true 2>/dev/null; then \
	  echo "Installing libpango for PDFs"; \
	  { $$sudo timeout 120 apt-get update -qq; \
	    $$sudo env $(APT) $(PANGO); } >/dev/null 2>&1 && exit 0; fi; \
	echo "PDFs need libpango (Debian: apt-get install $(PANGO)); all else works without it."

# Findings fail; a vulnerability service that cannot be reached, or knows nothing, does not.
define AUDIT
echo "pip-audit"; \
.venv/bin/python -m pip_audit --progress-spinner off --disable-pip --require-hashes \
  -r requirements-dev.txt -f json >.venv/audit.json 2>.venv/audit.log || [ -s .venv/audit.json ] \
  || { echo "The libraries are unaudited, the service gave no answer:"; \
       tail -n 1 .venv/audit.log; exit 0; }; \
.venv/bin/python -c 'import json; \
found = json.load(open(".venv/audit.json"))["dependencies"]; \
skipped = sum("skip_reason" in one for one in found); \
bad = ["{name} {version}: ".format(**one) + ", ".join(v["id"] for v in one["vulns"]) \
       for one in found if one.get("vulns")]; \
print(len(found) - skipped, "libraries audited,", skipped, "unknown to the service"); \
raise SystemExit("\n".join(bad) or 0)'
endef
