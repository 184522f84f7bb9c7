#include "reverts.h"

#include <charconv>

#include "core/json_writer.hpp"
#include "pg/pg_buffer.h"
#include "pg/revert_message.h"

namespace gpsync::decoder {

namespace {

// The text before the first end character, which is taken from rest with it.
std::string_view take(std::string_view& rest, char end) {
    const size_t at = rest.find(end);
    if (at == rest.npos) return {};
    const std::string_view field = rest.substr(0, at);
    rest.remove_prefix(at + 1);
    return field;
}

}  // namespace

Reverts make_reverts(MemoryContext context) {
    return {pg::make_buffer(context, 256), {}, {}, {}};
}

void Reverts::note_message(std::string_view content) {
    message.size = 0;
    message.append(content);
    std::string_view rest = message.view();
    batch = take(rest, '\t');
    endpoints = take(rest, '\t');
    tables = take(rest, '\t');
    if (batch.empty())
        ereport(ERROR,
                (errcode(ERRCODE_DATA_CORRUPTED),
                 errmsg("a message of prefix \"%s\" in the WAL cannot be read", pg::kRevertMessagePrefix)));
}

std::string_view Reverts::endpoints_of_deletion(Oid table) const {
    if (endpoints.empty()) return {};
    for (std::string_view rest = tables; !rest.empty();) {
        const std::string_view number = take(rest, ' ');
        Oid oid = InvalidOid;
        if (number.empty()) break;
        (void)std::from_chars(number.data(), number.data() + number.size(), oid);
        if (oid == table) return endpoints;
    }
    return {};
}

void append_reverts(core::ByteBuffer& out, const Reverts& reverts) {
    if (reverts.batch.empty()) return;
    out.append(R"(,"reverts":)");
    core::append_json_string(out, reverts.batch);
}

}  // namespace gpsync::decoder
