#include "stream/home.h"

#include <unistd.h>

#include <climits>
#include <cstdlib>

#include "pg/guard.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/guc.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

namespace {

char* home_setting = nullptr;  // empty: host name and data directory

// A path may hold any byte; what is stored and compared must be valid text in every encoding.
void append_printable(StringInfo out, const char* text) {
    for (; *text != '\0'; ++text) {
        const auto byte = static_cast<unsigned char>(*text);
        if (byte >= 0x20 && byte < 0x7F && byte != '%')
            appendStringInfoChar(out, *text);
        else
            appendStringInfo(out, "%%%02X", byte);
    }
}

// The data directory by its own path: the same files, started through a symbolic link, are the same server.
void append_data_directory(StringInfo out) {
    char resolved[PATH_MAX];
    append_printable(out, realpath(DataDir, resolved) != nullptr ? resolved : DataDir);
}

}  // namespace

void define_home_setting() {
    DefineCustomStringVariable(
        "gpsync.home", "The server that streams belong to, by a name of your own.",
        "A server delivers only streams whose home it is. Empty: the host's name and the data directory. "
        "Set it where these change although the server stays the same.",
        &home_setting, "", PGC_SIGHUP, 0, nullptr, nullptr, nullptr);
}

// Not kept between calls: the setting may change while the process runs.
char* server_home() {
    StringInfoData home;
    initStringInfo(&home);
    if (home_setting != nullptr && *home_setting != '\0') {
        append_printable(&home, home_setting);
        return home.data;
    }
    char host[256] = "";
    if (gethostname(host, sizeof host - 1) != 0) host[0] = '\0';
    append_printable(&home, host);
    appendStringInfoChar(&home, ':');
    append_data_directory(&home);
    return home.data;
}

}  // namespace gpsync

// server_home() -> text
GPSYNC_FUNCTION(gpsync_server_home) {
    return gpsync::pg::guarded([]() -> Datum { return CStringGetTextDatum(gpsync::server_home()); });
}
