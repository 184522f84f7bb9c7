// tsvector: its words are in alphabetical order, with their positions in the text. What
// that text said can be read from it, so it is put together again to be judged.
#include <algorithm>

#include "core/json_writer.hpp"
#include "pg/json/render_internal.h"
#include "pg/pg_buffer.h"
#include "pg/scrub/scrub_internal.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "tsearch/ts_type.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg {

using core::ByteBuffer;

namespace {

struct PositionedWord {
    int position;
    std::string_view word;
};

size_t count_positions(TSVector vector) {
    size_t positions = 0;
    const WordEntry* entries = ARRPTR(vector);
    for (int i = 0; i < vector->size; ++i) positions += POSDATALEN(vector, &entries[i]);
    return positions;
}

void append_in_order(ByteBuffer& text, TSVector vector) {
    const size_t positions = count_positions(vector);
    auto* words = static_cast<PositionedWord*>(
        MemoryContextAllocHuge(CurrentMemoryContext, sizeof(PositionedWord) * Max(positions, 1)));
    PositionedWord* to = words;
    const WordEntry* entries = ARRPTR(vector);
    for (int i = 0; i < vector->size; ++i) {
        const WordEntry& entry = entries[i];
        const WordEntryPos* at = POSDATAPTR(vector, &entry);
        for (int k = 0; k < POSDATALEN(vector, &entry); ++k)
            *to++ = {WEP_GETPOS(at[k]), {STRPTR(vector) + entry.pos, entry.len}};
    }
    std::sort(words, to,
              [](const PositionedWord& a, const PositionedWord& b) { return a.position < b.position; });
    for (const PositionedWord* word = words; word < to; ++word) {
        text.append(' ');
        text.append(word->word);
    }
    pfree(words);
}

}  // namespace

bool scrub_tsvector(ByteBuffer& out, RenderPlan& plan, Datum value, Scrub& scrub) {
    const std::string_view text = OutputFunctionCall(&plan.output, value);
    ByteBuffer judged = make_buffer(CurrentMemoryContext);
    judged.append(text);
    judged.append('\n');
    append_in_order(judged, DatumGetTSVector(value));
    if (!stays(scrub.scrubber->string(as_utf8(judged.view(), scrub)), scrub)) return false;
    core::append_json_string(out, text);
    return true;
}

}  // namespace gpsync::pg
