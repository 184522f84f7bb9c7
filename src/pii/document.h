// Documents of the types jsonb, json and text through a scrubber, as Datums.
#pragma once

#include "core/pii/document/scrubber.hpp"
#include "pg/guard.h"

namespace gpsync {

inline constexpr const char* kDocumentTypes = "only columns of type jsonb, json or text can be scrubbed";

struct ScrubbedValue {
    Datum value;
    bool null;     // all of it was removed, and there is no null to replace it
    bool changed;  // else value is what was given
};

bool is_document_type(Oid type);

// The name of a column of type text, if the policy finds it suspicious; else nothing, and also for the other
// types: a document has names of its own.
std::string_view suspicious_name(const core::pii::Policy& policy, Oid type, std::string_view column);

// given is detoasted; name is what suspicious_name() says. REQUIRES: is_document_type(type). Throws.
ScrubbedValue scrub_value(core::pii::Scrubber& scrubber, Oid type, Datum given, std::string_view name);

// Whether anything is found. document is detoasted, name as above. REQUIRES: is_document_type(type), mode
// kTest. Throws.
bool value_has_pii(core::pii::Scrubber& scrubber, Oid type, Datum document, std::string_view name);

// What is safe to keep about a document. REQUIRES: type is jsonb or json. Throws.
Datum metadata_of_value(Oid type, Datum document);

}  // namespace gpsync
