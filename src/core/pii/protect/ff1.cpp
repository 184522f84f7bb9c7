#include "core/pii/protect/ff1.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

namespace gpsync::core::pii {

namespace {

using Block = std::array<unsigned char, 16>;
using Bytes = std::vector<unsigned char>;

// NUM_radix: the numerals as a big-endian number of `size` bytes.
Bytes to_bytes(std::span<const uint16_t> numerals, uint32_t radix, size_t size) {
    Bytes bytes(size, 0);
    for (uint16_t numeral : numerals) {
        uint32_t carry = numeral;
        for (size_t i = size; i-- > 0;) {
            carry += radix * bytes[i];
            bytes[i] = static_cast<unsigned char>(carry);
            carry >>= 8;
        }
    }
    return bytes;
}

// The last out.size() numerals of a big-endian number; bytes is used up.
void to_numerals(Bytes& bytes, uint32_t radix, std::span<uint16_t> out) {
    for (size_t k = out.size(); k-- > 0;) {
        uint64_t remainder = 0;
        for (unsigned char& byte : bytes) {
            const uint64_t value = remainder << 8 | byte;
            byte = static_cast<unsigned char>(value / radix);
            remainder = value % radix;
        }
        out[k] = static_cast<uint16_t>(remainder);
    }
}

// a = (a ± b) mod radix^m, numeral by numeral.
void add(std::span<uint16_t> a, std::span<const uint16_t> b, uint32_t radix) {
    uint32_t carry = 0;
    for (size_t i = a.size(); i-- > 0;) {
        const uint32_t sum = a[i] + b[i] + carry;
        carry = sum >= radix;
        a[i] = static_cast<uint16_t>(carry ? sum - radix : sum);
    }
}
void subtract(std::span<uint16_t> a, std::span<const uint16_t> b, uint32_t radix) {
    uint32_t borrow = 0;
    for (size_t i = a.size(); i-- > 0;) {
        const uint32_t taken = b[i] + borrow;
        borrow = a[i] < taken;
        a[i] = static_cast<uint16_t>(a[i] + (borrow ? radix : 0) - taken);
    }
}

void put_big_endian(unsigned char* out, uint64_t value, size_t size) {
    for (size_t i = size; i-- > 0; value >>= 8) out[i] = static_cast<unsigned char>(value);
}

}  // namespace

struct Ff1::Cipher {
    EVP_CIPHER_CTX* context = nullptr;
    ~Cipher() { EVP_CIPHER_CTX_free(context); }

    bool encrypt(const Block& in, Block& out) const {
        int size = 0;
        return EVP_EncryptUpdate(context, out.data(), &size, in.data(), static_cast<int>(in.size())) == 1 &&
               size == 16;
    }
    // PRF: the last block of CBC over message with a zero start.
    bool prf(const Bytes& message, Block& out) const {
        out.fill(0);
        for (size_t at = 0; at < message.size(); at += 16) {
            Block in;
            for (size_t i = 0; i < 16; ++i) in[i] = static_cast<unsigned char>(out[i] ^ message[at + i]);
            if (!encrypt(in, out)) return false;
        }
        return true;
    }
};

Ff1::Ff1(std::string_view key, uint32_t radix) : radix_(radix) {
    const EVP_CIPHER* kind = key.size() == 16   ? EVP_aes_128_ecb()
                             : key.size() == 24 ? EVP_aes_192_ecb()
                                                : EVP_aes_256_ecb();
    auto cipher = std::make_unique<Cipher>();
    cipher->context = EVP_CIPHER_CTX_new();
    if (cipher->context == nullptr ||
        EVP_EncryptInit_ex(cipher->context, kind, nullptr, reinterpret_cast<const unsigned char*>(key.data()),
                           nullptr) != 1)
        return;
    EVP_CIPHER_CTX_set_padding(cipher->context, 0);
    cipher_ = std::move(cipher);
}

Ff1::~Ff1() = default;

bool Ff1::fits(size_t length) const {
    return length >= 2 && length <= kLongest &&
           static_cast<double>(length) * std::log10(static_cast<double>(radix_)) >= 6.0 - 1e-9;
}

// SP 800-38G, algorithms 7 and 8; the names of the variables are its.
bool Ff1::run(std::span<uint16_t> x, std::string_view tweak, bool forward) const {
    const size_t n = x.size(), u = n / 2, v = n - u;
    if (!valid() || !fits(n) || std::any_of(x.begin(), x.end(), [this](uint16_t d) { return d >= radix_; }))
        return false;
    const auto bits = static_cast<size_t>(
        std::ceil(static_cast<double>(v) * std::log2(static_cast<double>(radix_)) - 1e-9));
    const size_t b = (bits + 7) / 8, d = 4 * ((b + 3) / 4) + 4;

    Bytes message(16, 0);  // P
    const unsigned char head[8] = {1,
                                   2,
                                   1,
                                   static_cast<unsigned char>(radix_ >> 16),
                                   static_cast<unsigned char>(radix_ >> 8),
                                   static_cast<unsigned char>(radix_),
                                   10,
                                   static_cast<unsigned char>(u)};
    std::copy(head, head + 8, message.begin());
    put_big_endian(message.data() + 8, n, 4);
    put_big_endian(message.data() + 12, tweak.size(), 4);
    message.insert(message.end(), tweak.begin(), tweak.end());  // Q
    message.resize(message.size() + (16 - (tweak.size() + b + 1) % 16) % 16, 0);
    const size_t round_at = message.size();
    message.resize(round_at + 1 + b);

    Numerals y_numerals(v);
    for (int step = 0; step < 10; ++step) {
        const int round = forward ? step : 9 - step;
        // Forward, A takes up what B gives and they are swapped; backward the other way round.
        const bool first_half = round % 2 == 0;
        const std::span<uint16_t> a = first_half ? x.first(u) : x.subspan(u);
        const std::span<uint16_t> other = first_half ? x.subspan(u) : x.first(u);
        message[round_at] = static_cast<unsigned char>(round);
        const Bytes number = to_bytes(other, radix_, b);
        std::copy(number.begin(), number.end(), message.begin() + static_cast<std::ptrdiff_t>(round_at) + 1);
        Block r;
        if (!cipher_->prf(message, r)) return false;
        Bytes s(r.begin(), r.end());
        for (uint64_t j = 1; s.size() < d; ++j) {
            Block in = r, more;
            for (size_t i = 0; i < 8; ++i)
                in[15 - i] = static_cast<unsigned char>(in[15 - i] ^ (j >> (8 * i)));
            if (!cipher_->encrypt(in, more)) return false;
            s.insert(s.end(), more.begin(), more.end());
        }
        s.resize(d);
        const std::span<uint16_t> y(y_numerals.data(), a.size());
        to_numerals(s, radix_, y);
        if (forward)
            add(a, y, radix_);
        else
            subtract(a, y, radix_);
    }
    return true;
}

}  // namespace gpsync::core::pii
