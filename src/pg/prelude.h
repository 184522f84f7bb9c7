// The one door to the server's headers. Every file that calls the server includes this first and
// includes further server headers only inside GPSYNC_SERVER_HEADERS_BEGIN/END.
#pragma once

// The standard library comes first: port.h turns printf and its family into macros.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#define GPSYNC_SERVER_HEADERS_BEGIN extern "C" {
#define GPSYNC_SERVER_HEADERS_END }

GPSYNC_SERVER_HEADERS_BEGIN
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/elog.h"
#include "utils/memutils.h"
GPSYNC_SERVER_HEADERS_END

#include "pg/compat/version.h"

// Modules are built with hidden visibility; only what the server looks up by name is exported.
// (Before PostgreSQL 16 PGDLLEXPORT is empty on Linux, so PG_FUNCTION_INFO_V1 would hide its record.)
#undef PGDLLEXPORT
#define PGDLLEXPORT __attribute__((visibility("default")))

// Declares and opens an SQL-callable function: GPSYNC_FUNCTION(gpsync_x) { return guarded([&]() -> Datum
// {…}); }
#define GPSYNC_FUNCTION(name)                            \
    extern "C" PGDLLEXPORT Datum name(PG_FUNCTION_ARGS); \
    extern "C" {                                         \
    PG_FUNCTION_INFO_V1(name);                           \
    }                                                    \
    extern "C" PGDLLEXPORT Datum name(PG_FUNCTION_ARGS)
