// ISO 8583 as XML, as jPOS and others log it: <field id="35" value="…"/>, <field id="52">…</field>.
#pragma once

#include <functional>
#include <string_view>

#include "core/pii/detect/named_pairs.hpp"

namespace gpsync::core::pii {

// Calls take() with the value of each element that may not stay, until it returns false. Of one field alone
// only what has the form of a track or a PIN block.
void find_iso_fields(std::string_view text, const std::function<bool(const NamedPair&)>& take);

}  // namespace gpsync::core::pii
