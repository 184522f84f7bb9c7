// Documents of the types jsonb, json and text through a scrubber, as Datums.
#pragma once

#include "core/pii/scrubber.hpp"
#include "pg/guard.h"

namespace gpsync {

inline constexpr const char* kDocumentTypes = "only columns of type jsonb, json or text can be scrubbed";

struct ScrubbedValue {
    Datum value;
    bool null;     // all of it was removed, and there is no null to put in its place
    bool changed;  // else value is what was given
};

bool is_document_type(Oid type);

// given is detoasted. REQUIRES: is_document_type(type). Throws.
ScrubbedValue scrub_value(core::pii::Scrubber& scrubber, Oid type, Datum given);

// Whether anything is found. document is detoasted; the scrubber's mode is kTest. Throws, also for other
// types.
bool value_has_pii(core::pii::Scrubber& scrubber, Oid type, Datum document);

// What is safe to keep about a document. REQUIRES: type is jsonb or json. Throws.
Datum metadata_of_value(Oid type, Datum document);

}  // namespace gpsync
