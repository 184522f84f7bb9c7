// Format-preserving encryption: FF1 of NIST SP 800-38G (and its Rev. 1 draft, which asks for a domain of at
// least 10^6), over AES of OpenSSL.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace gpsync::core::pii {

using Numerals = std::vector<uint16_t>;  // each below the radix, the most significant first

class Ff1 {
  public:
    static constexpr size_t kLongest = 1024;  // numerals; the work grows with the square of them

    // REQUIRES: key of 16, 24 or 32 bytes; radix from 2 to 65536. Check valid() before use.
    Ff1(std::string_view key, uint32_t radix);
    ~Ff1();
    Ff1(const Ff1&) = delete;
    Ff1& operator=(const Ff1&) = delete;

    bool valid() const { return cipher_ != nullptr; }
    // Whether a string of so many numerals has a domain of 10^6 or more and is not too long.
    bool fits(size_t length) const;

    // In place. False when fits() is, when a numeral is not below the radix, or when OpenSSL fails.
    bool encrypt(std::span<uint16_t> numerals, std::string_view tweak) const {
        return run(numerals, tweak, true);
    }
    bool decrypt(std::span<uint16_t> numerals, std::string_view tweak) const {
        return run(numerals, tweak, false);
    }

  private:
    struct Cipher;
    bool run(std::span<uint16_t> numerals, std::string_view tweak, bool forward) const;
    uint32_t radix_;
    std::unique_ptr<Cipher> cipher_;
};

}  // namespace gpsync::core::pii
