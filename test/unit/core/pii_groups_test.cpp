// The groups of a number, made out of those of the number one word before, are those that are collected anew.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "core/pii/detect/scan.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {
namespace {

void expect_equal(const DigitGroups& groups, const DigitGroups& anew, const std::string& text) {
    ASSERT_EQ(groups.count, anew.count) << text;
    EXPECT_EQ(groups.alike_sizes, anew.alike_sizes) << text;
    EXPECT_EQ(groups.alike_separators, anew.alike_separators) << text;
    EXPECT_EQ(groups.first(groups.count), anew.first(anew.count)) << text;
    for (size_t k = 0; k < groups.count; ++k) {
        EXPECT_EQ(groups.sizes[k], anew.sizes[k]) << text;
        EXPECT_EQ(groups.sums[k + 1], anew.sums[k + 1]) << text;
        EXPECT_EQ(groups.separators[k], anew.separators[k]) << text;
        EXPECT_EQ(groups.begins[k], anew.begins[k]) << text;
        EXPECT_EQ(groups.ends[k], anew.ends[k]) << text;
    }
}

void check(const std::string& text) {
    std::vector<Token> tokens;
    tokenize(text, 0, text.size(), tokens);
    const ScanContext context{};
    std::vector<Finding> findings;
    ScanMemory memory;
    Scan scan(text, tokens, context, findings, memory);
    for (size_t i = 0; i < tokens.size(); ++i)
        if (tokens[i].all_digits()) expect_equal(scan.groups_at(i), collect_groups(scan, i), text);
}

TEST(PiiGroups, AreTheSameStepByStep) {
    std::mt19937 random(7);
    const char* const separators[] = {" ", " ", "-", ".", "/", "  ", " (", ") ", "+", ", ", ";", " - "};
    const char* const words[] = {"5", "12", "123", "4111", "2853x37", "x", "98765", "1234567890123456789"};
    for (int round = 0; round < 20000; ++round) {
        std::string text;
        // Often the same ones again, as numbers have it.
        const char *separator = separators[random() % std::size(separators)], *word = words[random() % 8];
        for (size_t n = random() % 40; n > 0; --n) {
            if (random() % 6 == 0) separator = separators[random() % std::size(separators)];
            if (random() % 6 == 0) word = words[random() % std::size(words)];
            text.append(word).append(separator);
        }
        check(text);
        if (HasFatalFailure()) return;
    }
}

}  // namespace
}  // namespace gpsync::core::pii
