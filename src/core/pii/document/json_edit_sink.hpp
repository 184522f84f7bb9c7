// A sink of visit() that turns verdicts into edits of the JSON text they are about: what stays are the same
// bytes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/json_writer.hpp"
#include "core/pii/document/json_text_source.hpp"

namespace gpsync::core::pii {

// Edit is made of where it begins and ends, an action, and what replaces the bytes between.
template <class Edit>
class JsonEditSink {
  public:
    JsonEditSink(const Scrubber& scrubber, std::vector<Edit>& edits) : scrubber_(scrubber), edits_(edits) {}

    void name(Verdict verdict, JsonTextSource& source) {
        Open& open = open_.back();
        // Whether more of the first members go is not known yet: this one ends here, comma included.
        if (!open.kept) close_gap(open, source.begin());
        open.member_begin = source.begin();
        if (verdict == Verdict::kReplace) replace(source.begin(), source.end());
    }
    void begin(bool array, JsonTextSource& source) { open_.push_back({!array, false, source.end()}); }
    void end(bool, JsonTextSource& source) {
        Open& open = open_.back();
        close_gap(open, open.last_end);
        open_.pop_back();
        keep(source.end());
    }
    void value(Event, Verdict verdict, JsonTextSource& source) {
        if (verdict == Verdict::kRemove && !open_.empty() && open_.back().object)
            return drop_member(open_.back(), source.end());
        if (verdict == Verdict::kRemove) add(source.begin(), source.end(), "null");
        if (verdict == Verdict::kReplace) replace(source.begin(), source.end());
        keep(source.end());
    }
    static bool enough() { return false; }

  private:
    static constexpr size_t kNone = SIZE_MAX;
    // An object or array that is open.
    struct Open {
        bool object;
        bool kept;                    // a member before this one stays
        size_t last_end;              // of the value before
        size_t member_begin = 0;      // of the name
        size_t dropped_from = kNone;  // first members that go, and with them the comma behind
    };

    void add(size_t begin, size_t end, std::string_view text) {
        edits_.push_back(
            {static_cast<uint32_t>(begin), static_cast<uint32_t>(end), Action::kRemove, std::string(text)});
    }
    void replace(size_t begin, size_t end) {
        HeapBuffer text;
        append_json_string(text, scrubber_.replacement());
        add(begin, end, text.view());
    }
    void keep(size_t end) {
        if (open_.empty()) return;
        open_.back().kept = true;
        open_.back().last_end = end;
    }
    void close_gap(Open& open, size_t end) {
        if (open.dropped_from == kNone) return;
        add(open.dropped_from, end, {});
        open.dropped_from = kNone;
    }
    // Takes the member and one comma: the one before it if a member stays before it, else the one behind.
    void drop_member(Open& open, size_t end) {
        if (open.kept)
            add(open.last_end, end, {});
        else if (open.dropped_from == kNone)
            open.dropped_from = open.member_begin;
        open.last_end = end;
    }

    const Scrubber& scrubber_;
    std::vector<Edit>& edits_;
    std::vector<Open> open_;
};

}  // namespace gpsync::core::pii
