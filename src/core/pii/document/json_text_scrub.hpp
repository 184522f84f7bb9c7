// Takes PII out of JSON text that is one value of a document the scrubber is in: the column of a row.
#pragma once

#include <string_view>

#include "core/byte_buffer.hpp"
#include "core/pii/document/scrubber.hpp"

namespace gpsync::core::pii {

class JsonTextScrub {
  public:
    // kReplace: text() has the value, without blanks between its tokens. kRemove: also when json cannot be
    // read, since then nobody can say what is in it.
    Verdict scrub(std::string_view json, Scrubber& scrubber) noexcept;
    // Valid until the next call.
    std::string_view text() const { return text_.view(); }

  private:
    HeapBuffer text_;
};

}  // namespace gpsync::core::pii
