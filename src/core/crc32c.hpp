// CRC-32C (Castagnoli; RFC 3720, appendix B.4).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace gpsync::core {

namespace detail {
constexpr std::array<uint32_t, 256> make_crc32c_table() {
    constexpr uint32_t kPolynomial = 0x82F63B78;  // reflected
    std::array<uint32_t, 256> table{};
    for (uint32_t byte = 0; byte < table.size(); ++byte) {
        uint32_t crc = byte;
        for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? kPolynomial : 0);
        table[byte] = crc;
    }
    return table;
}
inline constexpr std::array<uint32_t, 256> kCrc32cTable = make_crc32c_table();
}  // namespace detail

constexpr uint32_t crc32c(std::string_view bytes) {
    uint32_t crc = 0xFFFFFFFF;
    for (const char c : bytes)
        crc = (crc >> 8) ^ detail::kCrc32cTable[(crc ^ static_cast<unsigned char>(c)) & 0xFF];
    return ~crc;
}

}  // namespace gpsync::core
