#include "core/pii/policy/redaction_rule.hpp"

#include <array>

#include "core/pii/names/name_class.hpp"
#include "core/pii/policy/policy.hpp"

namespace gpsync::core {

namespace {

struct Word {
    std::string_view text;
    Redaction redaction;
};
constexpr std::array<Word, 5> kWords = {{{"pass", Redaction::kPass},
                                         {"mask", Redaction::kMask},
                                         {"tokenize", Redaction::kTokenize},
                                         {"hash", Redaction::kHash},
                                         {"drop", Redaction::kDrop}}};

}  // namespace

std::optional<RedactionRule> parse_redaction_rule(std::string_view text) {
    for (const Word& word : kWords)
        if (text == word.text) return RedactionRule{word.redaction, {}};
    constexpr std::string_view kScrub = "scrub ";
    if (!text.starts_with(kScrub)) return std::nullopt;
    text.remove_prefix(kScrub.size());
    while (text.starts_with(' ')) text.remove_prefix(1);
    if (!pii::valid_policy_name(text)) return std::nullopt;
    return RedactionRule{Redaction::kScrub, text};
}

bool keeps_verification_data(Redaction redaction, std::string_view column) {
    if (redaction == Redaction::kScrub || redaction == Redaction::kDrop) return false;
    return pii::info(pii::classify_name(column, {}).subject).only_remove;
}

}  // namespace gpsync::core
