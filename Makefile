# The front door. Everything is built by Meson; this remembers the commands.
#   make demo     a site with sample stories on http://localhost:8080 (PORT=... for another)
#   make test     every test; ends with one line "N passed, N failed"
#   make help     the rest

PORT ?= 8080
PREFIX ?= /usr/local
BUILD = build

.PHONY: all demo test ci bench bench-million lighthouse fuzz tidy soak deb install clean format help
all: $(BUILD)/release/broadsheet

help:
	@sed -n 's/^# *\(make .*\)/\1/p' Makefile
# make          the program, in build/release
# make bench    the benchmarks, as a table with ratios
# make bench-million   what pages cost from 1,000 to 1,000,000 stories (14 GB, kept in BENCH_SITES)
# make lighthouse   Lighthouse on the demo, as on a telephone
# make deb      a Debian package
# make install  into PREFIX (/usr/local), DESTDIR honoured
# make fuzz     each fuzz target for a while (SECONDS=60)
# make tidy     clang-tidy over src
# make soak     a long mixed load, memory watched
# make format   clang-format over src and tests

$(BUILD)/release/build.ninja:
	@sh tools/setup.sh build
	@meson setup $(BUILD)/release --buildtype=release -Dprefix=$(PREFIX) >/dev/null

.PHONY: $(BUILD)/release/broadsheet
$(BUILD)/release/broadsheet: $(BUILD)/release/build.ninja
	@ninja --quiet -C $(BUILD)/release

demo: $(BUILD)/release/broadsheet
	@sh tools/demo.sh $(BUILD)/release/broadsheet $(BUILD)/demo $(PORT)

test:
	@sh tools/test.sh

ci:
	@sh tools/test.sh ci

bench: $(BUILD)/release/broadsheet
	@sh tools/setup.sh bench
	@ninja --quiet -C $(BUILD)/release bench/grow/settle_site
	@python3 bench/run.py $(BUILD)/release
	@python3 bench/files.py $(BUILD)/release

bench-million: $(BUILD)/release/broadsheet
	@ninja --quiet -C $(BUILD)/release bench/grow/settle_site bench/page/bench_page
	@python3 bench/flat.py $(BUILD)/release

lighthouse: $(BUILD)/release/broadsheet
	@sh tools/setup.sh test
	@python3 tests/lighthouse/run.py $(BUILD)/release/broadsheet

fuzz:
	@sh tools/fuzz.sh $(or $(SECONDS),60)

soak: $(BUILD)/release/broadsheet
	@python3 bench/soak.py $(BUILD)/release/broadsheet

tidy: $(BUILD)/release/build.ninja
	@clang-tidy -p $(BUILD)/release $$(git ls-files 'src/*.c')

format:
	@git ls-files '*.[ch]' | xargs clang-format -i

deb:
	@sh tools/setup.sh deb
	@sh packaging/deb.sh

install: $(BUILD)/release/broadsheet
	@meson install -C $(BUILD)/release --no-rebuild

clean:
	@rm -rf $(BUILD)
