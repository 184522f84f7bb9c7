// hstore (contrib): its keys say what its values are, so it is visited as an object. It is written as the
// text of its type all the same.
#include "core/json_writer.hpp"
#include "pg/json/render_internal.h"
#include "pg/pg_buffer.h"
#include "pg/scrub/scrub_internal.h"

namespace gpsync::pg {

using core::ByteBuffer;

namespace {

// Reads "key"=>"value", "key"=>NULL, in which " and \ stand behind a \.
struct HstoreReader {
    std::string_view rest;
    ByteBuffer text;  // of the string read last

    bool take(std::string_view expected) {
        if (!rest.starts_with(expected)) return false;
        rest.remove_prefix(expected.size());
        return true;
    }
    bool take_string() {
        text.size = 0;
        if (!take("\"")) return false;
        for (size_t at = 0; at < rest.size(); ++at) {
            if (rest[at] == '"') {
                rest.remove_prefix(at + 1);
                return true;
            }
            if (rest[at] == '\\' && ++at == rest.size()) return false;
            text.append(rest[at]);
        }
        return false;
    }
};

void append_quoted(ByteBuffer& to, std::string_view text) {
    to.append('"');
    for (char c : text) {
        if (c == '"' || c == '\\') to.append('\\');
        to.append(c);
    }
    to.append('"');
}

// Appends text or what replaces it, quoted. False: it has to be left out.
bool append_judged(ByteBuffer& to, std::string_view text, core::pii::Verdict verdict, Scrub& scrub) {
    return follow(
        verdict, scrub, [&] { append_quoted(to, text); },
        [&](std::string_view replacement) { append_quoted(to, replacement); });
}

// False: that is not how hstore writes.
bool scrub_pair(HstoreReader& reader, ByteBuffer& to, Scrub& scrub) {
    const size_t before = to.size;
    if (before > 0) to.append(", ");
    if (!reader.take_string()) return false;
    append_judged(to, reader.text.view(), scrub.scrubber->name(as_utf8(reader.text.view(), scrub)), scrub);
    to.append("=>");
    if (!reader.take("=>")) return false;
    if (reader.take("NULL")) {
        scrub_null(scrub);
        to.append("NULL");
        return true;
    }
    if (!reader.take_string()) return false;
    const std::string_view value = reader.text.view(), utf8 = as_utf8(value, scrub);
    show_wanted_siblings(scrub, utf8);
    if (!append_judged(to, value, scrub.scrubber->string(utf8), scrub)) to.size = before;
    return true;
}

}  // namespace

namespace {

struct HstoreSiblings : Siblings {
    std::string_view text;

    static void show_all(const Siblings& self, Scrub& scrub) {
        HstoreReader reader{static_cast<const HstoreSiblings&>(self).text, make_buffer(CurrentMemoryContext)};
        while (reader.take_string()) {
            const bool label = scrub.scrubber->sibling(as_utf8(reader.text.view(), scrub));
            if (!reader.take("=>")) break;
            if (!reader.take("NULL")) {
                if (!reader.take_string()) break;
                if (label) scrub.scrubber->sibling_label(as_utf8(reader.text.view(), scrub));
            }
            if (!reader.take(", ")) break;
        }
        pfree(reader.text.data);
    }
};

}  // namespace

bool scrub_hstore(ByteBuffer& out, RenderPlan& plan, Datum value, Scrub& scrub) {
    const std::string_view text = OutputFunctionCall(&plan.output, value);
    const bool was_changed = scrub.changed;
    ByteBuffer result = make_buffer(CurrentMemoryContext);
    HstoreReader reader{text, make_buffer(CurrentMemoryContext)};
    scrub.changed = false;
    if (!scrub_begin(false, scrub)) return false;
    const HstoreSiblings siblings{{HstoreSiblings::show_all}, text};
    const Siblings* around = scrub.siblings;
    scrub.siblings = &siblings;
    bool readable = true;
    while (readable && !reader.rest.empty()) {
        readable = scrub_pair(reader, result, scrub);
        if (!reader.rest.empty()) readable = readable && reader.take(", ");
    }
    scrub.siblings = around;
    scrub_end(false, scrub);
    if (!readable) {  // another type whose function is called the same
        scrub.changed = true;
        return false;
    }
    core::append_json_string(out, scrub.changed ? result.view() : text);
    scrub.changed |= was_changed;
    return true;
}

}  // namespace gpsync::pg
