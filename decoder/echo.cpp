#include "echo.h"

#include <algorithm>
#include <charconv>

#include "book_line.h"
#include "pg/echo_message.h"
#include "pg/pg_buffer.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "mb/pg_wchar.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::decoder {

namespace {

// It becomes a field of a line: text of the database's encoding without tabs and line feeds. Whether it is
// JSON is for the relay to see.
bool is_field(std::string_view text) {
    return text.size() >= 2 && text.front() == '[' && text.back() == ']' &&
           std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20; }) &&
           pg_verifymbstr(text.data(), static_cast<int>(text.size()), true);
}

}  // namespace

Echo make_echo(MemoryContext context) {
    return {pg::make_buffer(context, 256), 0};
}

void Echo::note_message(XLogRecPtr lsn, std::string_view prefix, std::string_view content) {
    if (prefix != pg::kEchoMessagePrefix || content.size() > pg::kMostEchoBytes) return;
    int64_t of_chunk = 0;
    const char* end = content.data() + content.size();
    const auto [rest, error] = std::from_chars(content.data(), end, of_chunk);
    if (error != std::errc{} || rest == end || *rest != ' ') return;
    const std::string_view names(rest + 1, static_cast<size_t>(end - rest - 1));
    if (!pg::is_import_revision(of_chunk, lsn) || of_chunk == revision || !is_field(names)) return;
    endpoints.size = 0;
    endpoints.append(names);
    revision = of_chunk;
}

void append_echo(core::ByteBuffer& out, const Echo& echo, const std::optional<int64_t>& revision) {
    const std::string_view endpoints = echo.endpoints_of(revision);
    if (!endpoints.empty()) append_book_endpoints(out, endpoints);
}

}  // namespace gpsync::decoder
