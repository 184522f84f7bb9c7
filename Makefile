# The front door. PGXS builds what the server loads; CMake builds what never sees a server header
# (core, relay, emulator, unit tests, fuzzers, micro-benchmarks); `make test` and `make demo` install
# the Debian packages they miss by themselves (scripts/install-deps).

EXTENSION   = gpsync
EXTVERSION  = $(shell sed -n "s/^default_version *= *'\(.*\)'/\1/p" gpsync.control)
# make PG=17 is for that major version; PG_CONFIG=/path/to/pg_config for any other installation.
ifeq ($(PG_CONFIG),)
PG_CONFIG  := $(shell PG='$(PG)' scripts/pg-config)
endif
SERVER_HEADERS := $(shell $(PG_CONFIG) --includedir-server 2>/dev/null)
PGXS       := $(shell $(PG_CONFIG) --pgxs 2>/dev/null)
CMAKE_DIR   = build/cmake
SANITIZE_DIR = build/sanitize
STAGE       = $(CURDIR)/build/stage

# The parts of the extension's SQL in the order they run: each uses what is above it.
SQL_PARTS   = $(patsubst %,extension/parts/%.sql, \
  schema ops_events machine_tables machines triggers attach_checks status_checks define_machine publish shards attach \
  platform_tables test_data \
  operator_functions load_row \
  policies pii keys scrub_triggers scrub_on_write redact_in_stream \
  endpoints home stream_tables relay_fingerprint streams relay relay_lease relay_config skip_change spool held_events stream_readers stream_partitions stream_checks \
  topics \
  stream_slots stream_calls \
  status wait_for_sync recreate_stream prepare_upgrade dead_letters dead_letter_calls reset_breaker held_calls \
  supervisor redaction_problems \
  redacted_columns label_copies \
  doctor_text doctor_server doctor_relays doctor_streams doctor_failover doctor_triggers doctor_tables doctor_rows doctor_marks doctor_shards \
  explain_books explain_sync \
  doctor_redaction doctor_access doctor \
  migration_worker migration_mapping import_tables import_queries import_rejects import_steps import_calls import \
  sync_row resend \
  verify_tables verify_columns verify_queries verify verify_confirm run_verify repair verify_query doctor_verify doctor_import \
  keep_in_step track_duplicates doctor_steps \
  emit stream_history notifications doctor_notifications \
  lookup_tables lookup lookup_relay lookup_status doctor_lookup \
  ramp_tables ramp_route ramp_counters ramp_gates ramp_tick ramps ramp_status doctor_ramp \
  local_tables local_events local_feed history_access history history_scan history_apply analytics analytics_apply \
  local_backlog local_apply doctor_local \
  traffic batch_tables track_batches batch_queries batches batch_contents rollback_ranges rollback doctor_batches \
  status_page \
  grants renew_grants \
  guard guard_keys guard_endpoints guard_readers label_warnings table_warnings)
UPGRADES    = $(notdir $(wildcard extension/upgrade/*.sql))
DATA_built  = $(EXTENSION)--$(EXTVERSION).sql $(UPGRADES)

# Objects of every source in and under some folders.
objects      = $(patsubst %.cpp,%.o,$(sort $(shell find $(1) -name '*.cpp')))
CORE_OBJS    = $(call objects,src/core)
PG_OBJS      = $(call objects,src/pg)
FEATURE_OBJS = $(filter-out $(CORE_OBJS) $(PG_OBJS),$(call objects,src))
DECODER_OBJS = $(call objects,decoder)

MODULE_big  = gpsync
OBJS        = $(FEATURE_OBJS) $(PG_OBJS) $(CORE_OBJS)
EXTRA_CLEAN = $(DECODER_OBJS) gpsync_decoder.so build results regression.diffs regression.out \
              $(patsubst %.o,%.d,$(OBJS) $(DECODER_OBJS))

REGRESS     = $(sort $(patsubst sql/%.sql,%,$(wildcard sql/*.sql)))
REGRESS_OPTS = --inputdir=$(CURDIR)

PG_CPPFLAGS = -I$(CURDIR)/src -isystem $(SERVER_HEADERS)
PG_CXXFLAGS = -std=c++20 -fvisibility=hidden -Wall -Wextra -Werror -Wno-register -Wno-missing-field-initializers -MMD -MP
SHLIB_LINK += -lstdc++ -Wl,--as-needed -lre2 -lcrypto -luriparser -lutf8proc

ifneq ($(PGXS),)
# LLVM bitcode rules ignore PG_CXXFLAGS, and C++ gains nothing from it here.
override with_llvm := no
include $(PGXS)
# Tests name their database; PGXS would call it contrib_regression.
CONTRIB_TESTDB = gpsync_regress
-include $(patsubst %.o,%.d,$(OBJS) $(DECODER_OBJS))
# Another server's headers make every object new.
ifneq ($(file <build/server-headers),$(SERVER_HEADERS))
$(shell mkdir -p build && echo '$(SERVER_HEADERS)' >build/server-headers)
endif
$(OBJS) $(DECODER_OBJS): build/server-headers
# Core fails to compile if a server header gets in.
$(CORE_OBJS): override CPPFLAGS += -include $(CURDIR)/src/core/no_server_headers.hpp
# The files that say which version this is, the last two to a server from PostgreSQL 18 on.
VERSION_OBJS = src/core/version.o src/module.o decoder/plugin.o
$(VERSION_OBJS): override CPPFLAGS += -DGPSYNC_VERSION='"$(EXTVERSION)"'
$(VERSION_OBJS): gpsync.control
endif

.PHONY: configure programs cmake stage test test-bare test-packages deb dist sbom demo demo-stop unit sanitize sanitized fuzz torture bench lint deps

# PROGRAMS=no: only what the server loads.
all: gpsync_decoder.so $(if $(filter no,$(PROGRAMS)),,programs)

gpsync_decoder.so: $(DECODER_OBJS) $(PG_OBJS) $(CORE_OBJS)
	$(CXX) $(CXXFLAGS) -shared -o $@ $^ $(LDFLAGS) $(LDFLAGS_SL) $(SHLIB_LINK)

$(EXTENSION)--$(EXTVERSION).sql: $(SQL_PARTS) gpsync.control Makefile
	{ printf '%s\n' '\echo Use "CREATE EXTENSION gpsync" to load this file. \quit'; cat $(SQL_PARTS); } > $@.tmp && mv $@.tmp $@

$(UPGRADES): %: extension/upgrade/% $(EXTENSION)--$(EXTVERSION).sql $(wildcard test/upgrade/*.sql) \
    scripts/upgrade-script scripts/SqlStatements.pm
	scripts/upgrade-script $< > $@.tmp && mv $@.tmp $@

# CMAKE_FLAGS: more of cmake's arguments. The environment's CXXFLAGS are those of PostgreSQL here (debian/rules).
configure:
	@mkdir -p build
	@cmake -S . -B $(CMAKE_DIR) -DCMAKE_BUILD_TYPE=RelWithDebInfo $(CMAKE_FLAGS) >$(CMAKE_DIR).log 2>&1 || { cat $(CMAKE_DIR).log >&2; exit 1; }
# What people run; `make cmake` builds everything else too: unit tests, micro-benchmarks.
programs: configure
	@cmake --build $(CMAKE_DIR) --parallel 2 --target gpsync-relay nws-emulator token-system mq-emulator own-name-server -- --no-print-directory
# After programs: two builds of one tree at a time would get into each other's way.
cmake: programs
	@cmake --build $(CMAKE_DIR) --parallel 2 -- --no-print-directory

install: install-gpsync
install-gpsync: all
	$(MKDIR_P) '$(DESTDIR)$(pkglibdir)' '$(DESTDIR)$(bindir)'
	$(INSTALL_SHLIB) gpsync_decoder.so '$(DESTDIR)$(pkglibdir)/'
	$(if $(filter no,$(PROGRAMS)),,$(INSTALL_PROGRAM) $(CMAKE_DIR)/gpsync-relay '$(DESTDIR)$(bindir)/')

uninstall: uninstall-gpsync
uninstall-gpsync:
	rm -f '$(DESTDIR)$(pkglibdir)/gpsync_decoder.so' '$(DESTDIR)$(bindir)/gpsync-relay'

# Everything `install` installs, under build/stage: tests and demo load it from there (extension_destdir),
# so that they need no right on the system's directories and leave no trace in them.
stage: all
	rm -rf $(STAGE)
	$(MAKE) --no-print-directory install DESTDIR=$(STAGE) >/dev/null

deps:
	@scripts/install-deps test
test:
	@scripts/test
# Before a release: the README's two commands in a clone, on a Debian with nothing on it.
test-bare:
	@scripts/bare all
# Before a release: the packages built with Debian's flags in a clean root, lintian, their life in another one. SUITE=trixie.
test-packages:
	@scripts/package-test all
# Debian packages in build/deb; the distribution for PGXN; what the programs are made of (CycloneDX).
deb:
	@scripts/build-packages
dist:
	@scripts/dist
sbom:
	@scripts/sbom
demo:
	@demo/run
demo-stop:
	@demo/run stop
unit: cmake
	ctest --test-dir $(CMAKE_DIR) --output-on-failure
# The relay, the emulator and the unit tests with AddressSanitizer and UBSan, in a build of their own.
sanitized:
	@mkdir -p build
	@cmake -S . -B $(SANITIZE_DIR) -DCMAKE_BUILD_TYPE=RelWithDebInfo -DGPSYNC_SANITIZE=ON >$(SANITIZE_DIR).log 2>&1 || \
	  { cat $(SANITIZE_DIR).log; exit 1; }
	@cmake --build $(SANITIZE_DIR) --parallel 2 -- --no-print-directory
sanitize: sanitized
	ctest --test-dir $(SANITIZE_DIR) --output-on-failure -j2
fuzz:
	@scripts/fuzz
torture:
	@scripts/torture
bench:
	@scripts/bench
lint:
	@scripts/lint
