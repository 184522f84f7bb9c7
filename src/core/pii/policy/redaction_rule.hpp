// What a security label on a column (provider gpsync) says of its values in the stream.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace gpsync::core {

// From the mildest to the strictest.
enum class Redaction : uint8_t {
    kPass,      // as it is
    kScrub,     // without what a policy finds
    kMask,      // the value's shape and, of long ones, the last four
    kTokenize,  // a token that stands for the value
    kHash,      // a keyed digest of it
    kDrop,      // the column is not there
};

struct RedactionRule {
    Redaction redaction;
    std::string_view policy;  // of kScrub: a view into the text that was parsed
};

// Reads pass, drop, mask, hash, tokenize or scrub POLICY, where POLICY is name@version; one blank or more
// between the two. Nothing when it is none of them. Whether the policy exists is not checked.
std::optional<RedactionRule> parse_redaction_rule(std::string_view text);

// Whether the rule would keep, in some form, what the name of its column says is verification data (a CVV, a
// PIN, a track, a cryptogram). PCI DSS 3.3.1 forbids that; such a column is dropped or scrubbed.
bool keeps_verification_data(Redaction redaction, std::string_view column);

}  // namespace gpsync::core
