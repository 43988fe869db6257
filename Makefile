# make demo    hear it: sets up what is missing, then runs the whole path on a private JACK server
# make test    what CI runs: format, lint, types, floors, tests; a file of tests to a core, and beside them, one by one, what needs JACK
# make wheel   dist/liveband-*.whl, for pip install
# make deb     dist/liveband_*.deb, for this release of Debian or Ubuntu

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SUDO := $(shell [ "$$(id -u)" = 0 ] || command -v sudo)
SYSTEM := g++ gcc jackd2 libc6-dev libjack-jackd2-0 libportaudio2 libsndfile1 liblo-tools mma puredata-core python3-dev python3-venv timgm6mb-soundfont
NATIVE := $(wildcard bridge/native/* model/native/*)
INSTALL := $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends
TESTING := supercollider-language
HOSTS := ardour aubio-tools chromium desktop-file-utils dpf-source jalv lilv-utils lua5.4 lv2-dev lv2file pd-jsusfx pipewire pipewire-jack sordi strace zsh
PACKAGING := build-essential debhelper fakeroot lintian lv2-dev
TRAINING := fluid-soundfont-gm musescore-general-soundfont-small planetblupi-music-midi simutrans-data

.PHONY: demo test test-live test-offline setup playing wheel deb system test-system training-setup format lint types floors docs surfaces plugins bench requirements clean \
	bench-pages bench-page-frames bench-plugins bench-control bench-agreement bench-equality bench-training bench-codec-training bench-latency bench-transitions bench-storm bench-returns bench-crowd bench-hours chaos

demo: playing
	$(BIN)/liveband demo

test: setup test-system lint types floors
	$(BIN)/liveband --version
	$(BIN)/python -m tools.osc_reference --check docs/osc.md
	$(MAKE) --jobs=2 --output-sync=target test-live test-offline

# One by one: two at a time disturb each other. They often wait, and the others give way to them.
test-live:
	$(BIN)/python -m pytest -q -m jack tests/bridge tests/live

test-offline:
	nice -n 19 $(BIN)/python -m pytest -q -m "not jack" -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

setup: system $(VENV)/.ready

playing: system $(VENV)/.playing

system:
ifneq ($(shell command -v apt-get),)
	@missing="$$(for p in $(SYSTEM); do dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || echo $$p; done)"; \
	if [ -n "$$missing" ]; then \
	  echo "installing:" $$missing; \
	  $(SUDO) apt-get update -qq && $(INSTALL) $$missing; \
	fi
	@command -v jack_lsp >/dev/null || $(INSTALL) jack-example-tools
else
	@command -v jackd >/dev/null || echo "not Debian or Ubuntu: install JACK, libsndfile and a C compiler yourself (docs/install.md)"
endif

# What only the tests need: SuperCollider's language, as one of the OSC clients; hosts for the
# templates and the plugins: Ardour, LV2's tools and headers, CLAP's headers, Lua as REAPER has it, a JSFX engine;
# Chromium for the companion page; strace, to watch which files are written and who is addressed.
test-system: system
ifneq ($(shell command -v apt-get),)
	@command -v sclang >/dev/null || { $(SUDO) apt-get update -qq && $(INSTALL) $(TESTING); }
	@for p in $(HOSTS); do \
	  dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' && continue; \
	  if apt-cache show $$p >/dev/null 2>&1; then $(INSTALL) $$p; \
	  else echo "no package $$p here: its tests are skipped"; fi; \
	done
endif

training-setup: setup
	$(INSTALL) $(TRAINING)

# What plays, without torch; `setup` brings the rest into the same environment.
$(VENV)/.playing: requirements.txt pyproject.toml setup.py native_build.py $(NATIVE)
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q -c requirements.txt setuptools wheel cffi
	CFLAGS=-Werror $(BIN)/python -m pip install -q -c requirements.txt --no-build-isolation -e '.[picture]'
	touch $@

# --no-deps: the pinned list is complete, and a live-playback dependency of tinysoundfont is left out.
# The extra index holds torch's CPU build; PyPI's Linux build brings gigabytes of CUDA.
$(VENV)/.ready: requirements.txt pyproject.toml setup.py native_build.py $(NATIVE)
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --no-deps --retries 1 --extra-index-url https://download.pytorch.org/whl/cpu "$$(grep '^torch==' requirements.txt)"
	$(BIN)/python -m pip install -q --no-deps -r requirements.txt
	CFLAGS=-Werror $(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	$(BIN)/python -m compileall -q bridge model
	touch $(VENV)/.playing $@

wheel: playing
	$(BIN)/python -m tools.wheel dist

# Built from what git tracks, as it is in the tree now.
deb: system
	@for p in $(PACKAGING); do dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || { $(SUDO) apt-get update -qq; $(INSTALL) $$p; }; done
	rm -rf build/deb && mkdir -p build/deb/liveband dist
	git ls-files -z | xargs -0 cp -P --parents -t build/deb/liveband
	cd build/deb/liveband && dpkg-buildpackage -b -us -uc
	cp build/deb/*.deb dist
	lintian --fail-on error build/deb/*.changes
	@dpkg-deb -f build/deb/*.deb Installed-Size | awk '{ printf "installed: %d MB\n", $$1 * 1024 / 1e6 }'
	@du -h --si dist/liveband_*.deb

format:
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix -q .

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: setup
	$(BIN)/mypy

floors: setup
	$(BIN)/lint-imports

docs: setup
	$(BIN)/python -m tools.osc_reference > docs/osc.md

surfaces: setup
	$(BIN)/python -m tools.surfaces

# The LV2 and the CLAP plugin, in build/plugins, for the liveband of this checkout; LV2 needs lv2-dev.
# `liveband plugins install` puts them where this user's DAWs look.
plugins: playing
	$(MAKE) -C plugins

bench: setup
	$(BIN)/python -m tools.benchmarks.engines

# Losses and load with five pages of the remote open, beside none.
bench-pages: setup
	$(BIN)/python -m tools.benchmarks.pages

# Pictures a second of the remote's page, with its script thread slowed down as on a phone.
bench-page-frames: setup test-system
	$(BIN)/python -m tools.benchmarks.page_frames

# Xruns, time per cycle and losses of the LV2 plugin live in jalv with every core busy, beside an empty plugin.
bench-plugins: setup test-system
	$(BIN)/python -m tools.benchmarks.plugins

bench-equality: setup
	$(BIN)/python -m tools.benchmarks.equality

# Sequences a minute of the generator's training, beside the plain step, with one process and two.
bench-training: setup
	$(BIN)/python -m tools.benchmarks.training

# Crops a minute of the codec's training, beside the plain step.
bench-codec-training: setup
	$(BIN)/python -m tools.benchmarks.codec_training

bench-control: setup
	$(BIN)/python -m tools.trials control --json

bench-agreement: setup
	$(BIN)/python -m tools.trials agreement --json

bench-latency: setup
	$(BIN)/python -m tools.trials latency --json

bench-transitions: setup
	$(BIN)/python -m tools.trials transitions --json

bench-storm: setup
	$(BIN)/python -m tools.trials storm --json

bench-returns: setup
	$(BIN)/python -m tools.trials returns --json

chaos: setup
	$(BIN)/python -m tools.trials chaos --json

bench-crowd: setup
	$(BIN)/python -m tools.trials crowd --json

# A day of music, past the wrap of JACK's frame counter, with the passthrough model; then an hour with the real one.
bench-hours: setup
	$(BIN)/python -m tools.trials hours 25 --checkpoint passthrough --json
	$(BIN)/python -m tools.trials hours 1 --json

requirements:
	{ echo '# Every Python package of the project, pinned; made by `make requirements`.'; \
	  $(BIN)/pip freeze --all --exclude-editable | grep -v '^pip==' | sed 's/+cpu//'; } > requirements.txt

clean:
	rm -rf $(VENV) build dist *.egg-info bridge/_native*.so model/_native*.so
