// Who does something, by the endings of words that the vocabulary does not have.
#pragma once

#include <string_view>

#include "core/pii/names/name_split.hpp"

namespace gpsync::core::pii {

// "bookbinder", "countersigned by": who does something, in English, also machines.
bool is_of_an_agent(std::string_view word);
// Who a name says it is, though it is no entry ("tested_by", "beekeeper"): judged as "author" is.
bool is_of_somebody(const NameWords& words);
// "donor_first", "customer_last": what is a time elsewhere is a name, if its value looks like one.
bool is_part_behind_a_person(const NameWords& words);

}  // namespace gpsync::core::pii
