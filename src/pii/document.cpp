#include "pii/document.h"

#include "pg/json/render.h"
#include "pg/pg_buffer.h"
#include "pg/scrub/key_file.h"
#include "pg/text.h"
#include "pii/session_cache.h"

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

// As a member of that name, as the stream has it: what the name says of the value counts.
Verdict scrub_member(Scrubber& scrubber, std::string_view name, std::string_view text) {
    scrubber.begin_document();
    if (const Verdict verdict = scrubber.begin_object(); verdict != Verdict::kKeep) return verdict;
    if (scrubber.name(name) == Verdict::kError) return Verdict::kError;
    return scrubber.string(text);
}

ScrubbedValue outcome(const Scrubber& scrubber, Verdict verdict, const ScrubbedValue& before) {
    switch (verdict) {
        case Verdict::kKeep:
            return before;
        case Verdict::kReplace:
            return {pg::make_text(scrubber.replacement()), false, true};
        case Verdict::kRemove:
            return {0, true, true};
        case Verdict::kError:
            break;
    }
    throw pg::error_of(scrubber.status());
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

std::string_view suspicious_name(const core::pii::Policy& policy, Oid type, std::string_view column) {
    if (type == JSONBOID || type == JSONOID) return {};
    return core::pii::is_suspicious_name(policy, column) ? column : std::string_view();
}

ScrubbedValue scrub_value(Scrubber& scrubber, Oid type, Datum given, std::string_view name) {
    const OneDocument one(scrubber);
    if (type == JSONBOID) {
        const auto changed =
            jsonb_scrubber().scrub(scrubber, reinterpret_cast<const Jsonb*>(DatumGetPointer(given)));
        return changed ? ScrubbedValue{pg::make_jsonb(*changed), false, true}
                       : ScrubbedValue{given, false, false};
    }
    const ScrubbedValue scrubbed =
        outcome(scrubber, scrub_text(scrubber, type, pg::text_view(given)), {given, false, false});
    if (name.empty() || scrubbed.null) return scrubbed;
    return outcome(scrubber, scrub_member(scrubber, name, pg::text_view(scrubbed.value)), scrubbed);
}

bool value_has_pii(Scrubber& scrubber, Oid type, Datum document, std::string_view name) {
    const OneDocument one(scrubber);
    if (type == JSONBOID)
        return jsonb_scrubber().test(scrubber, reinterpret_cast<const Jsonb*>(DatumGetPointer(document)));
    const std::string_view text = pg::text_view(document);
    if (scrub_text(scrubber, type, text) == Verdict::kError) throw pg::error_of(scrubber.status());
    if (scrubber.found() || name.empty()) return scrubber.found();
    if (scrub_member(scrubber, name, text) == Verdict::kError) throw pg::error_of(scrubber.status());
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
