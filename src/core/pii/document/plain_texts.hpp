// Plain texts, of which the latest are not read again.
#pragma once

#include <string_view>

#include "core/pii/detect/plain_text.hpp"
#include "core/pii/document/recent_texts.hpp"

namespace gpsync::core::pii {

class PlainTexts {
  public:
    // is_plain_text()
    bool is_plain(std::string_view text) {
        if (!Texts::takes(text)) return is_plain_text(text);
        if (texts_.has(text)) return true;
        if (!is_plain_text(text)) return false;
        texts_.add(text);
        return true;
    }

  private:
    using Texts = RecentTexts<8>;
    Texts texts_;
};

}  // namespace gpsync::core::pii
