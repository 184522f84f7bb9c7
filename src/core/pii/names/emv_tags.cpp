#include "core/pii/names/emv_tags.hpp"

#include <algorithm>
#include <array>

#include "core/hex.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

using enum Detector;

// In ascending order. What carries a cryptogram or parts of one goes as one: issuer application data (9F10)
// has a MAC with some issuers, signed dynamic data (9F4B) the application cryptogram with CDA. Certificates
// of the card's keys (9F46, 9F2D) open to the PAN with a public key. Scripts (71, 72, 86) may set a PIN.
constexpr EmvTag kTags[] = {
    {0x42, 3, 4, kNone},            // issuer identification number
    {0x4F, 5, 16, kNone},           // application identifier
    {0x50, 1, 16, kNone},           // application label
    {0x56, 1, 79, kTrack},          // track 1 data
    {0x57, 8, 19, kTrack},          // track 2 equivalent data
    {0x5A, 6, 10, kPan},            // PAN
    {0x5B, 1, 39, kPersonName},     // name of an individual
    {0x61, 0, 255, kNone},          // application template
    {0x65, 0, 255, kNone},          // cardholder related data
    {0x6F, 0, 255, kNone},          // file control information
    {0x70, 0, 255, kNone},          // record
    {0x71, 1, 255, kCryptogram},    // issuer script 1
    {0x72, 1, 255, kCryptogram},    // issuer script 2
    {0x73, 0, 255, kNone},          // directory discretionary template
    {0x77, 0, 255, kNone},          // response message template 2
    {0x80, 1, 253, kCryptogram},    // response message template 1: ATC, cryptogram
    {0x82, 2, 2, kNone},            // application interchange profile
    {0x84, 5, 16, kNone},           // dedicated file name
    {0x86, 1, 255, kCryptogram},    // issuer script command
    {0x87, 1, 1, kNone},            // application priority indicator
    {0x88, 1, 1, kNone},            // short file identifier
    {0x89, 6, 6, kNone},            // authorization code
    {0x8A, 2, 2, kNone},            // authorization response code
    {0x8C, 1, 252, kNone},          // CDOL 1
    {0x8D, 1, 252, kNone},          // CDOL 2
    {0x8E, 10, 252, kNone},         // CVM list
    {0x8F, 1, 1, kNone},            // certification authority's key index
    {0x90, 64, 255, kNone},         // issuer public key certificate
    {0x91, 8, 16, kCryptogram},     // issuer authentication data: ARPC
    {0x92, 1, 255, kNone},          // issuer public key remainder
    {0x93, 64, 255, kCryptogram},   // signed static application data
    {0x94, 4, 252, kNone},          // application file locator
    {0x95, 5, 5, kNone},            // terminal verification results
    {0x97, 1, 252, kNone},          // TDOL
    {0x98, 20, 20, kCryptogram},    // transaction certificate hash
    {0x99, 1, 16, kPin},            // transaction PIN data
    {0x9A, 3, 3, kNone},            // transaction date
    {0x9B, 2, 2, kNone},            // transaction status information
    {0x9C, 1, 1, kNone},            // transaction type
    {0x9D, 5, 16, kNone},           // directory definition file name
    {0xA5, 0, 255, kNone},          // FCI proprietary template
    {0x5F20, 2, 26, kPersonName},   // cardholder name
    {0x5F21, 1, 79, kTrack},        // track 1
    {0x5F22, 1, 40, kTrack},        // track 2
    {0x5F23, 1, 107, kTrack},       // track 3
    {0x5F24, 3, 3, kExpiry},        // application expiration date
    {0x5F25, 3, 3, kNone},          // application effective date
    {0x5F28, 2, 3, kNone},          // issuer country
    {0x5F2A, 2, 2, kNone},          // transaction currency
    {0x5F2B, 3, 8, kBirthDate},     // date of birth
    {0x5F2D, 2, 8, kNone},          // language preference
    {0x5F30, 2, 2, kNone},          // service code
    {0x5F34, 1, 1, kNone},          // PAN sequence number
    {0x5F36, 1, 1, kNone},          // transaction currency exponent
    {0x5F42, 1, 255, kAddress},     // address
    {0x5F50, 1, 255, kNone},        // issuer URL
    {0x5F53, 1, 34, kIban},         // IBAN
    {0x5F54, 8, 11, kNone},         // BIC
    {0x5F55, 2, 2, kNone},          // issuer country, two letters
    {0x5F56, 3, 3, kNone},          // issuer country, three letters
    {0x5F57, 1, 1, kNone},          // account type
    {0x9F01, 6, 6, kNone},          // acquirer identifier
    {0x9F02, 6, 6, kNone},          // amount
    {0x9F03, 6, 6, kNone},          // other amount
    {0x9F04, 4, 4, kNone},          // other amount, binary
    {0x9F05, 1, 32, kCryptogram},   // application discretionary data
    {0x9F06, 5, 16, kNone},         // application identifier of the terminal
    {0x9F07, 2, 2, kNone},          // application usage control
    {0x9F08, 2, 2, kNone},          // application version
    {0x9F09, 2, 2, kNone},          // application version of the terminal
    {0x9F0B, 1, 45, kPersonName},   // cardholder name, extended
    {0x9F0D, 5, 5, kNone},          // issuer action code, default
    {0x9F0E, 5, 5, kNone},          // issuer action code, denial
    {0x9F0F, 5, 5, kNone},          // issuer action code, online
    {0x9F10, 1, 32, kCryptogram},   // issuer application data
    {0x9F11, 1, 1, kNone},          // issuer code table index
    {0x9F12, 1, 16, kNone},         // application preferred name
    {0x9F13, 2, 2, kNone},          // last online ATC
    {0x9F14, 1, 1, kNone},          // lower consecutive offline limit
    {0x9F15, 2, 2, kNone},          // merchant category
    {0x9F16, 15, 15, kNone},        // merchant identifier
    {0x9F17, 1, 1, kNone},          // PIN try counter
    {0x9F18, 4, 4, kNone},          // issuer script identifier
    {0x9F19, 6, 6, kNone},          // token requestor id
    {0x9F1A, 2, 2, kNone},          // terminal country
    {0x9F1B, 4, 4, kNone},          // floor limit
    {0x9F1C, 8, 8, kNone},          // terminal identification
    {0x9F1D, 1, 8, kNone},          // terminal risk management data
    {0x9F1E, 8, 8, kNone},          // serial number of the interface device
    {0x9F1F, 1, 255, kTrack},       // track 1 discretionary data
    {0x9F20, 1, 255, kTrack},       // track 2 discretionary data
    {0x9F21, 3, 3, kNone},          // transaction time
    {0x9F22, 1, 1, kNone},          // certification authority's key index
    {0x9F23, 1, 1, kNone},          // upper consecutive offline limit
    {0x9F24, 29, 29, kNone},        // payment account reference
    {0x9F25, 2, 2, kNone},          // last four digits of the PAN
    {0x9F26, 8, 8, kCryptogram},    // application cryptogram
    {0x9F27, 1, 1, kNone},          // cryptogram information data
    {0x9F2D, 64, 255, kPan},        // card's PIN encipherment certificate
    {0x9F2E, 1, 3, kNone},          // its exponent
    {0x9F2F, 1, 255, kNone},        // its remainder
    {0x9F32, 1, 3, kNone},          // issuer public key exponent
    {0x9F33, 3, 3, kNone},          // terminal capabilities
    {0x9F34, 3, 3, kNone},          // CVM results
    {0x9F35, 1, 1, kNone},          // terminal type
    {0x9F36, 2, 2, kNone},          // application transaction counter
    {0x9F37, 4, 4, kNone},          // unpredictable number
    {0x9F38, 1, 255, kNone},        // PDOL
    {0x9F39, 1, 1, kNone},          // POS entry mode
    {0x9F3A, 4, 4, kNone},          // amount, reference currency
    {0x9F3B, 2, 8, kNone},          // application reference currency
    {0x9F3C, 2, 2, kNone},          // transaction reference currency
    {0x9F3D, 1, 1, kNone},          // its exponent
    {0x9F40, 5, 5, kNone},          // additional terminal capabilities
    {0x9F41, 2, 4, kNone},          // transaction sequence counter
    {0x9F42, 2, 2, kNone},          // application currency
    {0x9F43, 1, 4, kNone},          // application reference currency exponent
    {0x9F44, 1, 1, kNone},          // application currency exponent
    {0x9F45, 2, 2, kCryptogram},    // data authentication code
    {0x9F46, 64, 255, kPan},        // card's public key certificate
    {0x9F47, 1, 3, kNone},          // its exponent
    {0x9F48, 1, 255, kNone},        // its remainder
    {0x9F49, 1, 252, kNone},        // DDOL
    {0x9F4A, 1, 1, kNone},          // static data authentication tag list
    {0x9F4B, 8, 255, kCryptogram},  // signed dynamic application data
    {0x9F4C, 2, 8, kNone},          // ICC dynamic number
    {0x9F4D, 2, 2, kNone},          // log entry
    {0x9F4E, 1, 255, kNone},        // merchant name and location
    {0x9F4F, 1, 255, kNone},        // log format
    {0x9F53, 1, 1, kNone},          // transaction category
    {0x9F5B, 1, 255, kCryptogram},  // issuer script results
    {0x9F60, 2, 2, kCvv},           // CVC3, track 1
    {0x9F61, 2, 2, kCvv},           // CVC3, track 2
    {0x9F62, 6, 6, kNone},          // where CVC3 stands in track 1
    {0x9F63, 6, 6, kNone},          // where the number stands in track 1
    {0x9F64, 1, 1, kNone},          // digits of the ATC in track 1
    {0x9F65, 2, 2, kNone},          // where CVC3 stands in track 2
    {0x9F66, 2, 4, kNone},          // terminal transaction qualifiers
    {0x9F67, 1, 1, kNone},          // digits of the ATC in track 2
    {0x9F69, 5, 16, kNone},         // card authentication related data
    {0x9F6A, 4, 4, kNone},          // unpredictable number, numeric
    {0x9F6B, 8, 19, kTrack},        // track 2 data of a contactless card
    {0x9F6C, 2, 2, kNone},          // card transaction qualifiers
    {0x9F6D, 1, 2, kNone},          // version of the magnetic stripe application
    {0x9F6E, 4, 32, kNone},         // form factor indicator, third party data
    {0xBF0C, 0, 255, kNone},        // FCI issuer discretionary data
};

constexpr bool ascending() {
    for (size_t i = 1; i < std::size(kTags); ++i)
        if (kTags[i - 1].tag >= kTags[i].tag) return false;
    return true;
}
static_assert(ascending());

}  // namespace

const EmvTag* find_emv_tag(uint32_t tag) {
    const auto* found =
        std::lower_bound(std::begin(kTags), std::end(kTags), tag,
                         [](const EmvTag& entry, uint32_t wanted) { return entry.tag < wanted; });
    return found != std::end(kTags) && found->tag == tag ? found : nullptr;
}

const EmvTag* emv_tag_of_name(std::string_view name) {
    constexpr size_t kLongestName = 12;
    if (name.size() > kLongestName || name.size() < 2 || !hex::is_digit(name.back()) ||
        !hex::is_digit(name[name.size() - 2]))
        return nullptr;
    for (std::string_view prefix : {"emv", "tag", "0x", "t"}) {
        const bool begins =
            name.size() > prefix.size() && std::equal(prefix.begin(), prefix.end(), name.begin(),
                                                      [](char a, char b) { return a == to_lower(b); });
        if (begins) name.remove_prefix(prefix.size());
        while (begins && !name.empty() && !is_word(name.front())) name.remove_prefix(1);
    }
    if (name.size() != 2 && name.size() != 4) return nullptr;
    uint32_t tag = 0;
    for (char c : name) {
        if (!hex::is_digit(c)) return nullptr;
        tag = tag << 4 | static_cast<uint32_t>(hex::value(c));
    }
    return find_emv_tag(tag);
}

namespace {

// A template or an element of an issuer's own, with one byte for its length: where its value begins, or 0.
size_t value_of_private(std::string_view text, bool& constructed) {
    constexpr int kPrivate = 0xC0, kConstructed = 0x20, kLongestLength = 0x7F;
    const int first = hex::byte_at(text, 0);
    if (first < kPrivate) return 0;
    constructed = (first & kConstructed) != 0;
    size_t at = 2;
    if ((first & 0x1F) == 0x1F) {
        int more = hex::byte_at(text, at);
        for (at += 2; more >= 0x80 && at <= 6; at += 2) more = hex::byte_at(text, at);
        if (more < 0) return 0;
    }
    const int length = hex::byte_at(text, at);
    if (length == 0x81 && constructed) return at + 4;
    return length <= 0 || length > kLongestLength
               ? 0
               : at + 2 + (constructed ? 0 : 2 * static_cast<size_t>(length));
}

const EmvTag* begins_with_known_tag(std::string_view text) {
    const int first = hex::byte_at(text, 0), second = hex::byte_at(text, 2);
    if (first < 0x40 || second < 0) return nullptr;
    const bool two = (first & 0x1F) == 0x1F;
    const EmvTag* known = find_emv_tag(static_cast<uint32_t>(two ? first << 8 | second : first));
    if (known == nullptr) return nullptr;
    const size_t header = two ? 6 : 4;
    int length = hex::byte_at(text, header - 2);
    if (length >= 0 && length < 0x80 && header + 2 * static_cast<size_t>(length) > text.size())
        return nullptr;
    if (length == 0x81) length = hex::byte_at(text, header);
    return length >= known->least && (length <= known->most || length == 0x82) ? known : nullptr;
}

}  // namespace

const EmvTag* begins_with_emv_tag(std::string_view text) {
    constexpr int kMostInFront = 3;
    for (int passed = 0; passed < kMostInFront; ++passed) {
        if (const EmvTag* known = begins_with_known_tag(text)) return known;
        bool constructed = false;
        const size_t value = value_of_private(text, constructed);
        if (value == 0 || value >= text.size()) return nullptr;
        text.remove_prefix(value);
    }
    return begins_with_known_tag(text);
}

}  // namespace gpsync::core::pii
