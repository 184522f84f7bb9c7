// Documents in which what is to go is marked: a marked value («…») goes, all else stays.
#pragma once

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "pii_scrub_helpers.hpp"

namespace gpsync::core::pii {

// The document without its marks, and what they are around.
inline std::string unmarked(std::string_view text, std::vector<std::string>& marked) {
    constexpr std::string_view kBegin = "«", kEnd = "»";
    std::string document;
    for (size_t at; (at = text.find(kBegin)) != std::string_view::npos;) {
        const size_t end = text.find(kEnd, at);
        marked.emplace_back(text.substr(at + kBegin.size(), end - at - kBegin.size()));
        document.append(text.substr(0, at)).append(marked.back());
        text.remove_prefix(end + kEnd.size());
    }
    return document.append(text);
}

inline void expect_goes(std::initializer_list<const char*> documents) {
    for (const char* text : documents) {
        std::vector<std::string> marked;
        const std::string document = unmarked(text, marked), once = scrubbed(document);
        for (const std::string& value : marked) EXPECT_EQ(once.find(value), std::string::npos) << once;
        EXPECT_TRUE(has_pii(document)) << document;
        EXPECT_EQ(scrubbed(once), once);
        EXPECT_FALSE(has_pii(once)) << once;
    }
}

inline void expect_stays(std::initializer_list<const char*> documents) {
    for (const char* document : documents) EXPECT_EQ(scrubbed(document), document);
}

}  // namespace gpsync::core::pii
