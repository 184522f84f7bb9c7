// Takes PII out of JSON text that is one value of a document being told to a Scrubber. Plain C++: it calls
// nothing of the server's.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/pii/document/scrubber.hpp"
#include "core/pii/json_reader.hpp"

namespace gpsync::pg {

class JsonTextScrub {
  public:
    // kReplace: text() has the value, without whitespace between its tokens. kRemove: also when json cannot
    // be read, since then nobody can say what is in it.
    core::pii::Verdict scrub(std::string_view json, core::pii::Scrubber& scrubber) noexcept;
    std::string_view text() const { return text_; }

  private:
    enum class Step : uint8_t { kGoOn, kDone, kUnreadable, kError };
    Step take(core::pii::JsonReader& reader, std::string_view json, core::pii::Scrubber& scrubber);
    Step take_key(std::string_view raw, std::string_view key, core::pii::Scrubber& scrubber);
    Step begin(bool array, core::pii::JsonReader& reader, core::pii::Scrubber& scrubber);
    Step end(bool array, core::pii::Scrubber& scrubber);
    Step take_value(core::pii::Verdict verdict, std::string_view raw, core::pii::Scrubber& scrubber);
    Step leave_out();
    void begin_item();

    struct Open {
        bool array;
        bool empty = true;
    };
    std::string text_;
    std::vector<Open> open_;
    size_t member_start_ = 0;  // where the member, with the comma in front of it, begins in text_
    bool member_first_ = false;
    bool changed_ = false;
    bool removed_ = false;  // all of it
};

}  // namespace gpsync::pg
