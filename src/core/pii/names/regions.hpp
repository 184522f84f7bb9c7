// States and provinces, as addresses have them beside a town: what tells a "state" that is a part of an
// address from one that says how something is.
#pragma once

#include <string_view>

namespace gpsync::core::pii {

// A code ("CA", "NSW"), an English name ("Ontario") or, in East Asian and Cyrillic scripts, a word that ends
// as regions do there. Source: ISO 3166-2 of US, CA, AU, IN, BR.
bool is_region(std::string_view text);

}  // namespace gpsync::core::pii
