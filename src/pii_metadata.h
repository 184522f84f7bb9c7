// What is safe to keep about a document that has been scrubbed.
#pragma once

#include <string>
#include <string_view>

namespace gpsync {

// As JSON text. REQUIRES: document is JSON text, without PII.
std::string metadata_of(std::string_view document);

}  // namespace gpsync
