// What a Scrubber needs for one string; of its own for each layer of embedding. Internal to the Scrubber.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/pii/detect/scan.hpp"
#include "core/pii/document/scrubber.hpp"
#include "core/pii/mapped_text.hpp"

namespace gpsync::core::pii {

struct Scrubber::Level {
    MappedText decoded[2];
    MappedText folded;
    Scanner scanner;
    std::vector<Finding> findings;
    std::vector<Edit> edits;
    // Of the last collect(): how many edits are those of documents in the string, whose values need not be
    // scanned again; and, if the string is one document, from which length on no scanner reads the text that
    // it is written in.
    static constexpr size_t kNever = SIZE_MAX;
    size_t document_edits = 0;
    size_t unread_from = kNever;
    // Of the text that collect_json() has read: its documents, and where others began and were broken off.
    std::vector<std::pair<size_t, size_t>> documents, broken;
    // Of the original: where rules on the names of forms' members have decided.
    std::vector<std::pair<uint32_t, uint32_t>> decided;
};

// A replacement as the layers around it write it: with %XX, with backslashes, with entities.
std::string encode_for(std::string text, bool percent, bool backslash, bool entities = false);
// The same, of layers as View::quoting() says them.
std::string encode_for(std::string text, std::string_view layers);

// One layer of a string: its text, and where that came from in the original.
struct Scrubber::View {
    std::string_view original;
    std::string_view text;
    const std::vector<uint32_t>& starts;      // empty: text is the original
    bool percent = false, backslash = false;  // how the original writes what text holds
    bool entities = false;

    uint32_t position(uint32_t at) const { return pii::original(starts, at); }
    // How the original writes the quotes of the JSON at `at`, a layer after the other from the outermost on:
    // '%' for %22, '\\' for \", '&' for &quot;.
    std::string quoting(size_t at) const;
    std::string_view original_of(uint32_t begin, uint32_t end) const {
        return original.substr(position(begin), position(end) - position(begin));
    }
};

// {"binRange": {"low": "4000120000000000"}}: under a name for card ranges a number that ends in zeros or
// nines is no card's.
inline bool is_bound_of_range(Detector detector, std::string_view text, const ScanContext& context) {
    constexpr size_t kFewest = 6;
    if (detector != Detector::kPan || (context.flags & kReference) == 0 || text.empty()) return false;
    const char last = text.back();
    return (last == '0' || last == '9') && text.size() - 1 - text.find_last_not_of(last) >= kFewest;
}

}  // namespace gpsync::core::pii
