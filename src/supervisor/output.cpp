#include "supervisor/output.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "mb/pg_wchar.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::supervisor {

namespace {

// The value of "level" in a line of JSON; the relay writes it among the first fields.
std::string_view level_of(std::string_view line) {
    constexpr std::string_view kField = "\"level\":";
    const size_t field = line.substr(0, 512).find(kField);
    if (field == std::string_view::npos) return {};
    const size_t open = line.find('"', field + kField.size());
    if (open == std::string_view::npos) return {};
    return line.substr(open + 1, line.find('"', open + 1) - open - 1);
}

// Never ERROR: that would be an error of this process.
int server_level(std::string_view relay_level) {
    if (relay_level == "trace" || relay_level == "debug") return DEBUG1;
    if (relay_level.starts_with("warn") || relay_level.starts_with("err") || relay_level == "critical")
        return WARNING;
    return LOG;
}

// What could confuse whoever reads the log: control characters, and bytes that are no text in the server's
// encoding.
std::string printable(std::string_view line) {
    std::string text(line);
    const bool valid =
        pg_verify_mbstr(GetDatabaseEncoding(), text.data(), static_cast<int>(text.size()), true);
    for (char& c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte < 0x20 && c != '\t') || byte == 0x7f || (!valid && byte >= 0x80)) c = '?';
    }
    return text;
}

}  // namespace

void log_relay_line(const std::string& stream, std::string_view line) {
    const std::string text = printable(line);
    ereport(server_level(level_of(line)),
            (errmsg_internal("gpsync-relay of stream \"%s\": %s", stream.c_str(), text.c_str()),
             errhidestmt(true), errhidecontext(true)));
}

}  // namespace gpsync::supervisor
