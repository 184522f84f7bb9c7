// What the scanners find in a text, for tests of them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/pii/detect/scan.hpp"

namespace gpsync::core::pii {

// "pan:4111111111111111 email:joe@example.com", in the text's order.
inline std::string found(std::string_view text, const ScanContext& context = {}) {
    Scanner scanner;
    std::vector<Finding> findings;
    scanner.scan(text, context, findings);
    std::string out;
    for (const Finding& f : findings) {
        if (!out.empty()) out += ' ';
        out += std::string(info(f.detector).name) + ':' + std::string(text.substr(f.begin, f.end - f.begin));
    }
    return out;
}

}  // namespace gpsync::core::pii
