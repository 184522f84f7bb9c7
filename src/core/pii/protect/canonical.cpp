#include "core/pii/protect/canonical.hpp"

#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>

#include "core/hex.hpp"
#include "core/letters.hpp"
#include "core/pii/mapped_text.hpp"
#include "core/pii/text.hpp"
#include "core/utf8.hpp"

namespace gpsync::core::pii {

namespace {

// How the ways to write a value of a kind differ.
enum class Form : uint8_t { kDigits, kPhone, kCode, kEmail, kIp, kHex, kWords, kExact, kAny };

Form form_of(Detector detector) {
    switch (detector) {
        case Detector::kPan:
        case Detector::kDevicePan:
        case Detector::kSsn:
        case Detector::kItin:
        case Detector::kNhs:
        case Detector::kSin:
        case Detector::kAadhaar:
        case Detector::kGermanTaxId:
        case Detector::kPesel:
        case Detector::kImei:
        case Detector::kAba:
            return Form::kDigits;
        case Detector::kPhone:
            return Form::kPhone;
        case Detector::kIban:
        case Detector::kNino:
        case Detector::kNif:
        case Detector::kNie:
        case Detector::kMac:
        case Detector::kCodiceFiscale:
        case Detector::kVin:
        case Detector::kAccount:
        case Detector::kNationalId:
        case Detector::kPassport:
        case Detector::kDrivingLicence:
        case Detector::kMedicalRecord:
            return Form::kCode;
        case Detector::kEmail:
            return Form::kEmail;
        case Detector::kIp:
            return Form::kIp;
        case Detector::kEth:
            return Form::kHex;
        case Detector::kPersonName:
        case Detector::kAddress:
        case Detector::kBirthDate:
        case Detector::kExpiry:
        case Detector::kDeviceOwner:
            return Form::kWords;
        case Detector::kCustom:
            return Form::kAny;
        default:
            return Form::kExact;
    }
}

// Of what folding makes of a character beyond ASCII: a letter, digit or separator of ASCII.
bool folds_to_ascii(char folded) {
    return (class_of(folded) & (kDigit | kUpper | kLower)) != 0 ||
           std::string_view(" -.:@/+*").find(folded) != std::string_view::npos;
}

// What of the value stays: letters without case of every script and digits, Unicode's widths folded. keep
// says which other ASCII stays.
template <class Keep>
std::string small_words(std::string_view plain, Keep&& keep) {
    std::string result;
    MappedText folded;
    for (size_t at = 0; at < plain.size();) {
        char32_t code;
        const size_t length = utf8::decode(plain, at, code);
        const std::string_view character = plain.substr(at, length);
        at += length;
        if (code < 0x80 || !fold_unicode(character, {}, folded)) folded.text = character;
        if (folded.text.empty()) {  // has no width
            if (letters::is_mark(code)) letters::append_without_case(result, code);
            continue;
        }
        const char c = folded.text[0];
        const bool other = length > 1 && !folds_to_ascii(c);
        if (code == utf8::kReplacement)
            result += character;
        else if (other)
            letters::append_without_case(result, code);
        else if (is_word(c) || keep(c, result.empty()))
            result.push_back(to_lower(c));
    }
    return result;
}

std::string digits_of(std::string_view folded) {
    std::string result;
    std::copy_if(folded.begin(), folded.end(), std::back_inserter(result), is_digit);
    return result;
}

// +49 (0)30 901820, 0049-30-901820, +4930901820
std::string phone(std::string_view folded) {
    const size_t first = std::min(folded.find_first_of("+0123456789"), folded.size());
    folded.remove_prefix(first);
    const bool plus = folded.starts_with('+');
    std::string digits;
    for (size_t at = 0; at < folded.size(); ++at) {
        if ((plus || digits.starts_with("00")) && folded.substr(at).starts_with("(0)"))
            at += 2;
        else if (is_digit(folded[at]))
            digits.push_back(folded[at]);
    }
    if (plus) return '+' + digits;
    return digits.starts_with("00") ? '+' + digits.substr(2) : digits;
}

// The sixteen bytes of an IPv6 address: its zeros are written in many ways.
std::string ip(std::string_view folded) {
    constexpr int kBytes = 16;
    const std::string text(folded);
    const std::unique_ptr<ASN1_OCTET_STRING, decltype(&ASN1_OCTET_STRING_free)> address(
        a2i_IPADDRESS(text.c_str()), ASN1_OCTET_STRING_free);
    if (address == nullptr || ASN1_STRING_length(address.get()) != kBytes)
        return small_words(folded, [](char, bool) { return true; });
    std::string result;
    hex::append(result, {reinterpret_cast<const char*>(ASN1_STRING_get0_data(address.get())), kBytes},
                hex::kLower);
    return result;
}

bool nothing(char, bool) {
    return false;
}
// Not what people write between the groups of a number or code; a sign stays.
bool not_separator(char c, bool first) {
    return (c == '-' && first) ||
           (!is_space(c) && std::string_view("-_/()").find(c) == std::string_view::npos);
}

}  // namespace

std::string canonical(Detector detector, std::string_view folded, std::string_view plain) {
    const Form form = form_of(detector);
    std::string result;
    switch (form) {
        case Form::kDigits:
            result = digits_of(folded);
            break;
        case Form::kPhone:
            result = phone(folded);
            break;
        case Form::kCode:
            result = small_words(plain, nothing);
            std::transform(result.begin(), result.end(), result.begin(), to_upper);
            break;
        case Form::kEmail:
            result = small_words(plain, [](char, bool) { return true; });
            break;
        case Form::kIp:
            result = ip(folded);
            break;
        case Form::kHex:
        case Form::kWords:
            result = small_words(plain, nothing);
            break;
        case Form::kAny:
            result = small_words(plain, not_separator);
            std::transform(result.begin(), result.end(), result.begin(), to_upper);  // as codes are
            break;
        case Form::kExact:
            break;
    }
    return result.empty() ? std::string(plain) : result;
}

std::string token_form(Detector detector, std::string_view folded, std::string_view plain) {
    switch (form_of(detector)) {
        case Form::kDigits:
        case Form::kPhone:
        case Form::kCode:
        case Form::kIp:
            return canonical(detector, folded, plain);
        default:
            return std::string(plain);
    }
}

}  // namespace gpsync::core::pii
