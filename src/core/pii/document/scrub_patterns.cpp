// A policy's own patterns over one string.
#include <re2/re2.h>

#include <algorithm>

#include "core/pii/document/scrub_level.hpp"
#include "core/pii/stop.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

// RE2 is linear in what one call reads, and a text may have as many matches as bytes, each of which is only
// known when the rest was read ("a(.*b)?"). So what RE2 is given is bounded: this much a document, and so
// many times the bytes of its texts.
constexpr uint64_t kGivenAtLeast = uint64_t{16} << 20, kGivenPerByte = 64;
// A match is first looked for in the next kWindow bytes, and in all the rest only where these do not decide:
// when there is none, or one that ends so close to their end that another may be longer.
constexpr size_t kWindow = size_t{4} << 10, kLongestSure = size_t{1} << 10;

void blank_marks(std::string& text) {
    for (size_t at = text.find(kRemovedMark); at != std::string::npos; at = text.find(kRemovedMark, at + 1))
        text.replace(at, kRemovedMark.size(), kRemovedMark.size(), ' ');
}

bool blank(std::string_view text) {
    return std::all_of(text.begin(), text.end(), is_space);
}

}  // namespace

bool Scrubber::next_match(const Rule& rule, std::string_view text, size_t from, std::string_view& match) {
    const re2::StringPiece input(text.data(), text.size());
    for (size_t window = kWindow;; window *= 2) {
        check_stop();
        const size_t stop = std::min(text.size(), from + window);
        pattern_given_ += stop - from;
        if (pattern_given_ > kGivenAtLeast + kGivenPerByte * pattern_text_) {
            over_budget_ = true;
            return false;
        }
        re2::StringPiece found;
        const bool any = rule.pattern->Match(input, from, stop, re2::RE2::UNANCHORED, &found, 1);
        const size_t end = any ? static_cast<size_t>(found.data() - text.data()) + found.size() : 0;
        if (stop < text.size() && (!any || end + kLongestSure > stop)) continue;
        if (any) match = text.substr(end - found.size(), found.size());
        return any;
    }
}

// What an action left of an earlier match is no match: marks and envelopes are blanks here, masks are
// skipped.
void Scrubber::collect_patterns(const View& view, const ValueContext& context, std::vector<Edit>& edits) {
    if (only_verification_) return;
    std::string blanked(view.text);
    blank_envelopes(blanked);
    blank_marks(blanked);
    const std::string_view text = blanked;
    const bool tail = context.subject == Detector::kNone || info(context.subject).keeps_last_four;
    for (const Rule& rule : policy_.rules()) {
        if (rule.pattern == nullptr || !path_.applies(rule)) continue;
        pattern_text_ += text.size();
        std::string_view match;
        for (size_t from = 0; from <= text.size() && next_match(rule, text, from, match);) {
            const auto begin = static_cast<size_t>(match.data() - text.data());
            const size_t end = begin + match.size();
            from = end > from ? end : from + 1;
            const std::string_view value = view.text.substr(begin, match.size());
            if (match.empty() || is_masked(value) || (blank(match) && !blank(value))) continue;
            const auto first = static_cast<uint32_t>(begin), last = static_cast<uint32_t>(end);
            const std::string plain = decoded(view, first, last);
            add_edit(edits, view.position(first), view.position(last), {rule.action, &rule},
                     {.detector = Detector::kCustom,
                      .original = view.original_of(first, last),
                      .folded = value,
                      .plain = plain,
                      .tail = tail});
        }
        if (over_budget_) return;
    }
}

}  // namespace gpsync::core::pii
