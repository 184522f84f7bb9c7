// Addresses of Bitcoin and Ethereum.
#include <algorithm>

#include "core/pii/checksums.hpp"
#include "core/pii/detect/scan.hpp"

namespace gpsync::core::pii {

bool scan_wallet(Scan& scan, size_t token) {
    const Token& t = scan.tokens[token];
    if (t.size() < 14 || t.digits == 0) return false;
    const std::string_view word = scan.word(token);
    if (t.size() == 42 && word[0] == '0' && to_lower(word[1]) == 'x' &&
        std::all_of(word.begin() + 2, word.end(), is_hex)) {
        if (std::all_of(word.begin() + 2, word.end(), [](char c) { return c == '0'; })) return false;
        return scan.report(t.begin, t.end, Detector::kEth), true;
    }
    // Hex digits alone are a digest: of 58 letters, so many are not all of those sixteen by chance.
    const bool base58 = (word[0] == '1' || word[0] == '3') && t.size() >= 26 && t.size() <= 35 &&
                        !t.all_hex && bitcoin_base58_valid(word);
    const char first = to_lower(word[0]);
    if (!base58 && ((first != 'b' && first != 't') || !bitcoin_bech32_valid(word))) return false;
    return scan.report(t.begin, t.end, Detector::kBtc), true;
}

}  // namespace gpsync::core::pii
