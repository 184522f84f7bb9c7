// Names and addresses that a phrase in front of them says in running text: "Dear Ann Lee,", "my name is …",
// "Mr. John Smith", the line below "Kind regards,".
#pragma once

#include <functional>
#include <string_view>

#include "core/pii/detect/named_pairs.hpp"
#include "core/pii/phrase_beginnings.hpp"

namespace gpsync::core::pii {

// Only in texts of several lines, in markup, and in those that begin with such a phrase, they are searched
// for, where a sentence or a part of one begins: others need not pass the prefilter.
bool may_have_phrases(std::string_view text);

// Calls take for each until it answers false. Reads the text once.
void find_phrases(std::string_view text, const std::function<bool(const NamedPair&)>& take);
bool has_phrase(std::string_view text);

}  // namespace gpsync::core::pii
