#include "pii/document.h"

#include <optional>

#include "pg/json/render.h"
#include "pg/pg_buffer.h"
#include "pg/scrub/jsonb_source.h"
#include "pg/scrub/key_file.h"
#include "pg/text.h"
#include "pii/session_cache.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "mb/pg_wchar.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"
GPSYNC_SERVER_HEADERS_END

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

namespace {

struct AsItIs {
    std::string_view operator()(std::string_view text) const { return text; }
};
using MetadataSource = pg::JsonbSource<true, AsItIs>;

// False: MetadataExtractor has to say.
bool visit_quickly(core::pii::QuickMetadata& metadata, const Jsonb* document) {
    static core::HeapBuffer frames, number;
    constexpr size_t kMostBytes = 1 << 20;
    if (JB_ROOT_IS_SCALAR(document)) return false;
    metadata.begin_document();
    MetadataSource source(&document->root, metadata.scrubber(), frames, number, true, AsItIs());
    const core::pii::Visited visited = core::pii::visit(source, metadata.scrubber(), metadata);
    (void)metadata.scrubber().give_back();
    if (frames.capacity > kMostBytes) frames.release();
    if (number.capacity > kMostBytes) number.release();
    return visited == core::pii::Visited::kAll && !metadata.unusual();
}

void push_key(JsonbParseState** state, std::string_view name) {
    JsonbValue key;
    key.type = jbvString;
    key.val.string.val = const_cast<char*>(name.data());
    key.val.string.len = static_cast<int>(name.size());
    (void)pushJsonbValue(state, WJB_KEY, &key);
}
void push_text(JsonbParseState** state, std::string_view name, std::string_view text) {
    push_key(state, name);
    JsonbValue value;
    value.type = jbvString;
    value.val.string.val = const_cast<char*>(text.data());
    value.val.string.len = static_cast<int>(text.size());
    (void)pushJsonbValue(state, WJB_VALUE, &value);
}
void push_number(JsonbParseState** state, std::string_view name, size_t number) {
    push_key(state, name);
    JsonbValue value;
    value.type = jbvNumeric;
    value.val.numeric = int64_to_numeric(static_cast<int64>(number));
    (void)pushJsonbValue(state, WJB_VALUE, &value);
}
void push_document(JsonbParseState** state, std::string_view name, const char* bytes) {
    push_key(state, name);
    JsonbValue value;
    value.type = jbvBinary;
    const auto* document = reinterpret_cast<const Jsonb*>(bytes);
    value.val.binary.data = const_cast<JsonbContainer*>(&document->root);
    value.val.binary.len = static_cast<int>(VARSIZE(document) - VARHDRSZ);
    (void)pushJsonbValue(state, WJB_VALUE, &value);
}

// REQUIRES: called under server_call().
Datum make_metadata(const core::pii::QuickMetadata& metadata, const core::pii::DocumentSchema& schema) {
    JsonbParseState* state = nullptr;
    (void)pushJsonbValue(&state, WJB_BEGIN_OBJECT, nullptr);
    push_number(&state, "depth", metadata.depth);
    push_document(&state, "schema", schema.prepared.data());
    push_number(&state, "members", metadata.members);
    push_number(&state, "elements", metadata.elements);
    push_key(&state, "identifiers");
    (void)pushJsonbValue(&state, WJB_BEGIN_OBJECT, nullptr);
    for (const auto& [name, value] : metadata.identifiers) push_text(&state, name, value);
    (void)pushJsonbValue(&state, WJB_END_OBJECT, nullptr);
    push_text(&state, "schema_hash", schema.hash);
    push_number(&state, "string_bytes", metadata.string_bytes);
    return JsonbPGetDatum(JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, nullptr)));
}

std::optional<Datum> quick_metadata_of(Datum document) {
    core::pii::QuickMetadata& metadata = quick_metadata();
    const Jsonb* detoasted = nullptr;
    pg::server_call([&] { detoasted = DatumGetJsonbP(document); });
    if (!visit_quickly(metadata, detoasted)) return std::nullopt;
    core::pii::DocumentSchema* schema = metadata.schema();
    if (schema == nullptr) return std::nullopt;
    if (schema->prepared.empty()) {
        Datum made = 0;
        pg::server_call(
            [&] { made = DirectFunctionCall1(jsonb_in, CStringGetDatum(pstrdup(schema->json.c_str()))); });
        const auto* bytes = reinterpret_cast<const char*>(DatumGetPointer(made));
        schema->prepared.assign(bytes, VARSIZE(bytes));
    }
    Datum result = 0;
    pg::server_call([&] { result = make_metadata(metadata, *schema); });
    return result;
}

}  // namespace

Datum metadata_of_value(Oid type, Datum document) {
    // What the quick way remembers are texts in UTF-8.
    if (type == JSONBOID && GetDatabaseEncoding() == PG_UTF8)
        if (const auto quick = quick_metadata_of(document)) return *quick;
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
