// What finders of names and values in a text have in common.
#pragma once

#include <functional>
#include <string_view>

#include "core/pii/detect/named_pairs.hpp"
#include "core/pii/detect/pair_names.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

class PairReader {
  protected:
    static constexpr size_t kLongestName = 40, kLongestValue = 200, npos = std::string_view::npos;

    struct Range {
        size_t begin, end;
    };

    PairReader(std::string_view text, const std::function<bool(const NamedPair&)>& take,
               const RuledNames& ruled)
        : text_(text), ruled_(ruled), take_(take) {}

    static bool is_quote(char c) { return c == '"' || c == '\''; }

    char at(size_t position) const { return position < text_.size() ? text_[position] : '\0'; }
    std::string_view of(Range range) const { return text_.substr(range.begin, range.end - range.begin); }
    size_t skip_space(size_t from) const {
        while (is_space(at(from))) ++from;
        return from;
    }
    // The quote's end, or npos where the value is longer than one may be.
    size_t closing_quote(size_t open, size_t longest = kLongestValue) const {
        for (size_t i = open + 1; i < text_.size() && i - open <= longest + 1; ++i) {
            if (text_[i] == '\\') {
                ++i;
            } else if (text_[i] == text_[open]) {
                const bool doubled = at(i + 1) == text_[open] && text_[open] == '\'';  // SQL: 'O''Neil'
                if (!doubled) return i;
                ++i;
            }
        }
        return npos;
    }
    // Where the name that ends there begins.
    size_t begin_of_name(size_t end) const {
        size_t begin = end;
        while (begin > 0 && end - begin <= kLongestName && in_name(text_[begin - 1])) --begin;
        return begin;
    }

    // What is known of the last name is kept: a text repeats them.
    const PairName& judge(std::string_view name) {
        if (name != judged_.name || !ruled_known_) judged_ = judge_pair_name(name, ruled_);
        judged_.name = name;
        ruled_known_ = true;
        return judged_;
    }
    void take(const PairName& named, Range value) {
        if (named.counts() && value.begin < value.end && value.end - value.begin <= kLongestValue)
            more_ = take_({value.begin, value.end, named.subject, named.doubt, named.name, named.custom});
    }
    void take(std::string_view name, Range value) { take(judge(name), value); }

    const std::string_view text_;
    const RuledNames& ruled_;
    bool more_ = true;

  private:
    PairName judged_;
    bool ruled_known_ = false;
    const std::function<bool(const NamedPair&)>& take_;
};

}  // namespace gpsync::core::pii
