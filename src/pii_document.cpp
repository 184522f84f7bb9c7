#include "pii_document.h"

#include "pg/key_file.h"
#include "pg/pg_buffer.h"
#include "pg/render.h"
#include "pg/text.h"
#include "pii_engine.h"
#include "pii_metadata.h"

namespace gpsync {

using core::pii::Mode;
using core::pii::Scrubber;
using core::pii::Verdict;

namespace {

// A text is scrubbed as a document that is this one string; JSON in it is seen.
Verdict scrub_text(Scrubber& scrubber, Oid type, std::string_view text) {
    if (type == JSONOID) return scrubber.json_text(text);
    scrubber.begin_document();
    return scrubber.string(text);
}

// The document as jsonb, without PII in it whatever the policy let through.
const Jsonb* pure_jsonb(Oid type, Datum document) {
    const Jsonb* jsonb = nullptr;
    pg::server_call([&] {
        Datum value = document;
        if (type == JSONOID)
            value = DirectFunctionCall1(jsonb_in, CStringGetDatum(TextDatumGetCString(value)));
        jsonb = DatumGetJsonbP(value);
    });
    const auto changed = jsonb_scrubber().scrub(pure_scrubber(Mode::kScrub), jsonb);
    return changed ? DatumGetJsonbP(pg::make_jsonb(*changed)) : jsonb;
}

}  // namespace

bool is_document_type(Oid type) {
    return type == JSONBOID || type == JSONOID || type == TEXTOID || type == VARCHAROID;
}

ScrubbedValue scrub_value(Scrubber& scrubber, Oid type, Datum given) {
    if (type == JSONBOID) {
        const auto changed =
            jsonb_scrubber().scrub(scrubber, reinterpret_cast<const Jsonb*>(DatumGetPointer(given)));
        return changed ? ScrubbedValue{pg::make_jsonb(*changed), false, true}
                       : ScrubbedValue{given, false, false};
    }
    switch (scrub_text(scrubber, type, pg::text_view(given))) {
        case Verdict::kKeep:
            return {given, false, false};
        case Verdict::kReplace:
            return {pg::make_text(scrubber.replacement()), false, true};
        case Verdict::kRemove:
            return {0, true, true};
        case Verdict::kError:
            break;
    }
    throw pg::error_of(scrubber.status());
}

Datum metadata_of_value(Oid type, Datum document) {
    const Jsonb* jsonb = pure_jsonb(type, document);
    std::string_view text;
    pg::server_call([&] {
        core::ByteBuffer buffer = pg::make_buffer(CurrentMemoryContext);
        pg::append_jsonb(buffer, jsonb);
        text = buffer.view();
    });
    const std::string metadata = metadata_of(text);
    Datum result = 0;
    pg::server_call(
        [&] { result = DirectFunctionCall1(jsonb_in, CStringGetDatum(pstrdup(metadata.c_str()))); });
    return result;
}

}  // namespace gpsync

// extract_metadata(document jsonb) -> jsonb
GPSYNC_FUNCTION(gpsync_extract_metadata) {
    return gpsync::pg::guarded(
        [&]() -> Datum { return gpsync::metadata_of_value(JSONBOID, PG_GETARG_DATUM(0)); });
}
