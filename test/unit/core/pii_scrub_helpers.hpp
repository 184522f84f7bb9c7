// A policy, a document and what becomes of it, for tests of the Scrubber.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "core/json_writer.hpp"
#include "core/pii/document/scrubber.hpp"

namespace gpsync::core::pii {

inline std::string scrubbed(std::string_view json, const Policy& policy = Policy::payments(),
                            const KeyRing* keys = nullptr) {
    Scrubber scrubber(policy, keys, Mode::kScrub);
    switch (scrubber.json_text(json)) {
        case Verdict::kKeep:
            return std::string(json);
        case Verdict::kReplace:
            return std::string(scrubber.replacement());
        default:
            return "error: " + scrubber.status().message;
    }
}

inline std::string found_in(std::string_view json, const Policy& policy = Policy::payments(),
                            const KeyRing* keys = nullptr) {
    Scrubber scrubber(policy, keys, Mode::kFind);
    if (scrubber.json_text(json) == Verdict::kError) return "error: " + scrubber.status().message;
    std::string out;
    for (const Match& m : scrubber.matches())
        out += m.path + ' ' + std::string(m.detector) + ' ' + std::string(action_name(m.action)) + '\n';
    return out;
}

inline bool has_pii(std::string_view json, const Policy& policy = Policy::payments(),
                    const KeyRing* keys = nullptr) {
    Scrubber scrubber(policy, keys, Mode::kTest);
    EXPECT_NE(scrubber.json_text(json), Verdict::kError) << json;
    return scrubber.found();
}

inline KeyRing some_keys() {
    KeyRing keys;
    EXPECT_TRUE(
        KeyRing::parse("gpsync-keys 1\nkey k1 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n", keys).ok());
    return keys;
}

inline Policy policy_of(std::string_view rules, PolicyUse use = PolicyUse::kDefine) {
    Policy policy;
    const Status status = parse_policy("test@1", rules, nullptr, policy, use);
    EXPECT_TRUE(status.ok()) << status.message << " at " << status.position;
    return policy;
}

inline std::string in_quotes(std::string_view text) {
    HeapBuffer out;
    append_json_string(out, text);
    return std::string(out.view());
}

// What stays when the document is scrubbed; scrubbing it again changes nothing and finds nothing.
inline std::string scrubbed_twice(std::string_view json, const Policy& policy = Policy::payments(),
                                  const KeyRing* keys = nullptr) {
    const std::string once = scrubbed(json, policy, keys);
    EXPECT_EQ(scrubbed(once, policy, keys), once) << json;
    EXPECT_FALSE(has_pii(once, policy, keys)) << json << " -> " << once;
    EXPECT_EQ(found_in(once, policy, keys), "") << json << " -> " << once;
    EXPECT_EQ(has_pii(json, policy, keys), once != json) << json << " -> " << once;
    return once;
}

// The document becomes the expected one, which then stays.
inline void expect_scrubbed(std::string_view document, std::string_view expected) {
    EXPECT_EQ(scrubbed_twice(document), expected);
}

// It has no PII.
inline void expect_kept(std::string_view document) {
    EXPECT_EQ(scrubbed(document), document);
    EXPECT_FALSE(has_pii(document)) << document;
}

}  // namespace gpsync::core::pii
