#include "pii_document.h"

#include "pg/key_file.h"
#include "pg/pg_buffer.h"
#include "pg/render.h"
#include "pg/text.h"
#include "pii_engine.h"

namespace gpsync {

using core::pii::Scrubber;
using core::pii::Verdict;

namespace {

// A text is scrubbed as a document that is this one string; JSON in it is seen.
Verdict scrub_text(Scrubber& scrubber, Oid type, std::string_view text) {
    if (type == JSONOID) return scrubber.json_text(text);
    scrubber.begin_document();
    return scrubber.string(text);
}

// The document as JSON text, in memory of the current context.
std::string_view json_of(Oid type, Datum document) {
    std::string_view json;
    pg::server_call([&] {
        if (type == JSONOID) {
            json = pg::text_view(document);
            return;
        }
        core::ByteBuffer buffer = pg::make_buffer(CurrentMemoryContext);
        pg::append_jsonb(buffer, DatumGetJsonbP(document));
        json = buffer.view();
    });
    return json;
}

}  // namespace

bool is_document_type(Oid type) {
    return type == JSONBOID || type == JSONOID || type == TEXTOID || type == VARCHAROID;
}

ScrubbedValue scrub_value(Scrubber& scrubber, Oid type, Datum given) {
    const OneDocument one(scrubber);
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

bool value_has_pii(Scrubber& scrubber, Oid type, Datum document) {
    const OneDocument one(scrubber);
    if (type == JSONBOID)
        return jsonb_scrubber().test(scrubber, reinterpret_cast<const Jsonb*>(DatumGetPointer(document)));
    if (scrub_text(scrubber, type, pg::text_view(document)) == Verdict::kError)
        throw pg::error_of(scrubber.status());
    return scrubber.found();
}

Datum metadata_of_value(Oid type, Datum document) {
    std::string metadata;
    const core::pii::Status status = metadata_extractor().json_text(json_of(type, document), metadata);
    if (!status.ok()) throw pg::error_of(status);
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
