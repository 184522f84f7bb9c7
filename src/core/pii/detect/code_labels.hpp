// One-time codes beside their names in scripts whose letters the scanners do not tell apart: "код
// подтверждения 482913", "您的验证码是482913", "인증번호 [482913]", "482913 — ваш код".
#pragma once

#include <functional>
#include <string_view>

#include "core/pii/detect/named_pairs.hpp"

namespace gpsync::core::pii {

// Calls take() with each such number of 4 to 8 digits, until it returns false. Reads no byte more than a
// constant number of times.
void find_code_labels(std::string_view text, const std::function<bool(const NamedPair&)>& take);
// Whether there may be one; false is sure.
bool may_have_code_labels(std::string_view text);

}  // namespace gpsync::core::pii
