#include "core/pii/names/payment_fields.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "core/hex.hpp"
#include "core/pii/names/emv_tags.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

using Kind = PaymentField::Kind;

constexpr size_t kLongestName = 40;

constexpr std::string_view kChipDataNames[] = {"tlv",
                                               "icc",
                                               "iccdata",
                                               "emv",
                                               "emvdata",
                                               "emvtags",
                                               "emvtlv",
                                               "tlvdata",
                                               "tlvs",
                                               "chipdata",
                                               "iccrelateddata",
                                               "iccsystemrelateddata",
                                               "emvtagdata",
                                               "icctags",
                                               "chip",
                                               "icctlv",
                                               "emvinfo",
                                               "iccinfo",
                                               "emvrequest",
                                               "emvresponse",
                                               "emvtlvdata",
                                               "integratedcircuitcarddata"};
// What a terminal or a card counts, negotiates or reports.
constexpr std::string_view kCounterNames[] = {"atc",
                                              "applicationtransactioncounter",
                                              "transactioncounter",
                                              "unpredictablenumber",
                                              "un",
                                              "tvr",
                                              "tsi",
                                              "terminalverificationresults",
                                              "terminalverificationresult",
                                              "transactionstatusinformation",
                                              "aip",
                                              "applicationinterchangeprofile",
                                              "aid",
                                              "applicationid",
                                              "applicationidentifier",
                                              "dedicatedfilename",
                                              "cvmresults",
                                              "cvmresult",
                                              "cardholderverificationmethodresults",
                                              "terminalcapabilities",
                                              "terminalcountrycode",
                                              "terminaltype",
                                              "transactiontype",
                                              "transactiondate",
                                              "transactioncurrencycode",
                                              "amountauthorized",
                                              "amountauthorised",
                                              "amountother",
                                              "cryptograminformationdata",
                                              "cid",
                                              "pansequencenumber",
                                              "applicationpansequencenumber",
                                              "cardsequencenumber",
                                              "ifdserialnumber",
                                              "transactionsequencecounter",
                                              "applicationusagecontrol",
                                              "applicationversionnumber",
                                              "applicationlabel",
                                              "transactioncategorycode",
                                              "authorizationresponsecode",
                                              "formfactorindicator",
                                              "ttq",
                                              "ctq",
                                              "paymentaccountreference",
                                              "iac",
                                              "tac"};
constexpr std::string_view kMessageTypeNames[] = {"mti", "messagetypeindicator", "messagetypeid"};
constexpr std::string_view kTagNames[] = {"tag", "emvtag", "tlvtag"};
constexpr std::string_view kElementWords[] = {
    "de", "f", "p", "s", "field", "bit", "dataelement", "bmp", "element", "iso", "fld", "dataelementnumber"};

// Letters and digits in lower case; nothing for a name that is too long to be one of these.
std::string plain_name(std::string_view name) {
    std::string result;
    if (name.size() > kLongestName) return result;
    for (char c : name) {
        if ((class_of(c) & kOtherLetter) != 0) return {};
        if (is_word(c)) result.push_back(to_lower(c));
    }
    return result;
}

template <size_t N>
bool is_one_of(const std::string_view (&names)[N], std::string_view name) {
    return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

// For each first letter, the lengths of the names above, as bits.
constexpr std::array<uint64_t, 26> make_lengths() {
    std::array<uint64_t, 26> lengths{};
    const auto add = [&lengths](std::string_view name) {
        lengths[static_cast<size_t>(name[0] - 'a')] |= uint64_t{1} << name.size();
    };
    for (std::string_view name : kChipDataNames) add(name);
    for (std::string_view name : kCounterNames) add(name);
    for (std::string_view name : kMessageTypeNames) add(name);
    for (std::string_view name : kTagNames) add(name);
    return lengths;
}
constexpr std::array<uint64_t, 26> kLengths = make_lengths();
static_assert(kLongestName < 64);

// Whether a name may be one of them, or that of an element, which ends in a digit; false is sure.
bool may_be_listed(std::string_view name) {
    size_t size = 0;
    char first = 0, last = 0;
    for (char c : name) {
        if (!is_word(c)) continue;
        if (size++ == 0) first = to_lower(c);
        last = c;
    }
    if (is_digit(last)) return true;
    return first >= 'a' && first <= 'z' && (kLengths[static_cast<size_t>(first - 'a')] >> size & 1) != 0;
}

PaymentField element(std::string_view name) {
    constexpr size_t kMostDigits = 3;
    constexpr unsigned kMostElements = 128;
    const size_t digits = std::min(name.find_first_of("0123456789"), name.size());
    const std::string_view number = name.substr(digits);
    if (number.empty() || number.size() > kMostDigits || !std::all_of(number.begin(), number.end(), is_digit))
        return {};
    unsigned value = 0;
    for (char c : number) value = value * 10 + static_cast<unsigned>(c - '0');
    if (value > kMostElements) return {};
    if (digits == 0) return {Kind::kElement, static_cast<uint16_t>(value)};
    if (!is_one_of(kElementWords, name.substr(0, digits))) return {};
    return {Kind::kNamedElement, static_cast<uint16_t>(value)};
}

size_t count_hex(std::string_view text) {
    return static_cast<size_t>(std::count_if(text.begin(), text.end(), hex::is_digit));
}

bool is_month(std::string_view two) {
    const int month = (two[0] - '0') * 10 + two[1] - '0';
    return month >= 1 && month <= 12;
}

// YYMM or YYMMDD.
bool is_year_and_month(std::string_view text) {
    return (text.size() == 4 || text.size() == 6) && std::all_of(text.begin(), text.end(), is_digit) &&
           is_month(text.substr(2, 2));
}

// Digits, padded with F.
bool is_card_number(std::string_view text) {
    constexpr size_t kShortest = 12, kLongest = 19;
    size_t digits = 0;
    while (digits < text.size() && is_digit(text[digits])) ++digits;
    return digits >= kShortest && digits <= kLongest &&
           text.find_first_not_of("Ff", digits) == std::string_view::npos;
}

// Hex digits, or base64: letters beside digits, and no blank.
bool is_coded(std::string_view text, size_t least) {
    if (text.size() < least) return false;
    if (count_hex(text) == text.size()) return true;
    const auto coded = [](char c) {
        return (class_of(c) & (kDigit | kUpper | kLower)) != 0 ||
               std::string_view("+/=-_").find(c) != std::string_view::npos;
    };
    constexpr size_t kShortestBase64 = 12;
    return text.size() >= kShortestBase64 && std::all_of(text.begin(), text.end(), coded) &&
           (std::any_of(text.begin(), text.end(), is_digit) || text.back() == '=');
}

}  // namespace

PaymentField payment_field(std::string_view name) {
    if (name.empty() || name.size() > kLongestName) return {};
    if (const EmvTag* tag = emv_tag_of_name(name);
        tag != nullptr && !std::all_of(name.begin(), name.end(), is_digit))
        return {Kind::kTag, static_cast<uint16_t>(tag->tag)};
    if (!may_be_listed(name)) return {};
    const std::string plain = plain_name(name);
    if (plain.empty()) return {};
    if (const PaymentField found = element(plain); !found.is(Kind::kNone)) return found;
    if (is_one_of(kMessageTypeNames, plain)) return {Kind::kMessageType, 0};
    if (is_one_of(kTagNames, plain)) return {Kind::kTagLabel, 0};
    if (is_one_of(kChipDataNames, plain)) return {Kind::kChipData, 0};
    return is_one_of(kCounterNames, plain) ? PaymentField{Kind::kCounter, 0} : PaymentField{};
}

Detector detector_of_element(unsigned number) {
    switch (number) {
        case 2:
        case 34:
            return Detector::kPan;
        case 14:
            return Detector::kExpiry;
        case 35:
        case 36:
        case 45:
            return Detector::kTrack;
        case 52:
            return Detector::kPin;
        case 102:
        case 103:
            return Detector::kAccount;
        case kChipDataElement:
        case 64:
        case 128:
            return number == kChipDataElement ? Detector::kCryptogram : Detector::kNone;
        default:
            return Detector::kNone;
    }
}

bool is_usual_element(unsigned number) {
    static constexpr uint8_t kUsual[] = {0,  2,  3,  4,  7,  11, 12, 13, 14, 15, 18, 19, 22,  23,  25,
                                         26, 28, 32, 33, 35, 36, 37, 38, 39, 41, 42, 43, 45,  48,  49,
                                         52, 53, 54, 55, 60, 61, 62, 63, 64, 70, 90, 95, 102, 103, 128};
    return std::find(std::begin(kUsual), std::end(kUsual), number) != std::end(kUsual);
}

bool fits_field(Detector detector, std::string_view text) {
    text = trim(text);
    if (text.empty() || text.find('*') != std::string_view::npos || text.starts_with('[')) return false;
    const auto digits = static_cast<size_t>(std::count_if(text.begin(), text.end(), is_digit));
    switch (detector) {
        case Detector::kPan:
            return is_card_number(text);
        case Detector::kExpiry:
            return is_year_and_month(text);
        case Detector::kPin:
            return text.size() >= 4 && (count_hex(text) == text.size() || is_coded(text, 12));
        case Detector::kCvv:
            return text.size() >= 3 && count_hex(text) == text.size();
        case Detector::kTrack:
            return digits >= 6 && text.size() >= 8;
        case Detector::kCryptogram:
            return is_coded(text, 4);
        case Detector::kAccount:
            return digits >= 5 && text.size() <= 34;
        case Detector::kBirthDate:
        case Detector::kIban:
            return digits >= 2;
        default:
            return std::any_of(text.begin(), text.end(), is_word);
    }
}

bool is_coded_value(std::string_view text, size_t least) {
    std::string joined;
    for (char c : text)
        if (!is_space(c) && c != ':' && c != '-') joined.push_back(c);
    return is_coded(joined, least) && std::any_of(joined.begin(), joined.end(), is_digit);
}

}  // namespace gpsync::core::pii
