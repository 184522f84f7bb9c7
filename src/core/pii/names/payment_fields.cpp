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
constexpr std::string_view kMessageNames[] = {
    "isomsg",        "isomessage",  "iso8583",    "iso8583message", "iso8583msg",
    "iso8583fields", "isofields",   "isorequest", "isoresponse",    "isopacket",
    "dataelements",  "dataelement", "isodata",    "isoelements",    "iso8583data"};
// Of which element an entry in a message's list is.
constexpr std::string_view kElementLabels[] = {
    "bit",   "bitnumber", "bmp",     "dataelement", "dataelementid", "dataelementnumber",
    "de",    "denumber",  "element", "elementid",   "elementno",     "elementnumber",
    "field", "fieldid",   "fieldno", "fieldnumber", "fld",           "id",
    "index", "key",       "name",    "no",          "num",           "number",
    "pos",   "position"};
constexpr std::string_view kTagNames[] = {"tag", "emvtag", "tlvtag"};
constexpr std::string_view kElementWords[] = {
    "de", "f", "p", "s", "field", "bit", "dataelement", "bmp", "element", "iso", "fld", "dataelementnumber"};

// A name's letters and digits in lower case. REQUIRES: name.size() <= kLongestName.
class PlainName {
  public:
    explicit PlainName(std::string_view name) {
        for (char c : name) {
            bytes_[size_] = to_lower(c);
            size_ += is_word(c);
            ascii_ &= (class_of(c) & kOtherLetter) == 0;
        }
    }
    bool ascii() const { return ascii_; }
    std::string_view text() const { return {bytes_.data(), size_}; }

  private:
    std::array<char, kLongestName> bytes_;
    size_t size_ = 0;
    bool ascii_ = true;
};

// For each first letter, the lengths of names, as bits: whether a name may be one of them.
class Lengths {
  public:
    template <size_t N>
    constexpr void add(const std::string_view (&names)[N]) {
        for (std::string_view name : names)
            of_[static_cast<size_t>(name[0] - 'a')] |= uint64_t{1} << name.size();
    }
    bool may_have(std::string_view name) const {
        const char first = name.empty() ? '\0' : name[0];
        return first >= 'a' && first <= 'z' &&
               (of_[static_cast<size_t>(first - 'a')] >> name.size() & 1) != 0;
    }

  private:
    std::array<uint64_t, 26> of_{};
};
static_assert(kLongestName < 64);
constexpr Lengths kListed = [] {
    Lengths lengths;
    lengths.add(kChipDataNames);
    lengths.add(kCounterNames);
    lengths.add(kMessageTypeNames);
    lengths.add(kMessageNames);
    lengths.add(kTagNames);
    return lengths;
}();
constexpr Lengths kWords = [] {
    Lengths lengths;
    lengths.add(kElementWords);
    return lengths;
}();

// REQUIRES: name ends in a digit.
PaymentField element(std::string_view name) {
    constexpr size_t kMostDigits = 3;
    constexpr unsigned kMostElements = 128;
    size_t digits = name.size();
    while (digits > 0 && is_digit(name[digits - 1])) --digits;
    const std::string_view number = name.substr(digits), word = name.substr(0, digits);
    if (number.size() > kMostDigits) return {};
    const auto value = static_cast<unsigned>(number_of(number));
    if (value > kMostElements) return {};
    if (word.empty()) return {Kind::kElement, static_cast<uint16_t>(value)};
    if (!kWords.may_have(word) || !is_one_of(word, kElementWords)) return {};
    return {Kind::kNamedElement, static_cast<uint16_t>(value)};
}

// "proxyauthorization", "requestcookies"
Kind header_of(std::string_view plain) {
    if (plain.ends_with("cookie") || plain.ends_with("cookies")) return Kind::kCookies;
    // "auth" of Docker, "_auth" of npm
    return plain == "auth" || plain.ends_with("authorization") ? Kind::kAuthorization : Kind::kNone;
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
    const PlainName plain_name(name);
    const std::string_view plain = plain_name.text();
    if (!plain_name.ascii() || plain.empty()) return {};
    if (is_digit(plain.back())) return plain == "iso8583" ? PaymentField{Kind::kMessage, 0} : element(plain);
    if (const Kind header = header_of(plain); header != Kind::kNone) return {header, 0};
    if (!kListed.may_have(plain)) return {};
    if (is_one_of(plain, kMessageTypeNames)) return {Kind::kMessageType, 0};
    if (is_one_of(plain, kMessageNames)) return {Kind::kMessage, 0};
    if (is_one_of(plain, kTagNames)) return {Kind::kTagLabel, 0};
    if (is_one_of(plain, kChipDataNames)) return {Kind::kChipData, 0};
    return is_one_of(plain, kCounterNames) ? PaymentField{Kind::kCounter, 0} : PaymentField{};
}

unsigned element_of_label(std::string_view text) {
    if (text.empty() || text.size() > kLongestName || !is_digit(text.back())) return 0;
    const PaymentField field = payment_field(text);
    return field.is_element() ? field.number : 0;
}

bool names_element(std::string_view name) {
    if (name.empty() || name.size() > kLongestName) return false;
    const PlainName plain(name);
    return is_one_of(plain.text(), kElementLabels);
}

bool may_be_numbered_field(std::string_view stem) {
    constexpr size_t kLongestPrefix = 8;  // "tag", "emv", "0x" and marks, of EMV tags
    if (stem.size() <= kLongestPrefix) return true;
    if (stem.size() > kLongestName) return false;
    const PlainName plain(stem);
    return plain.text().empty() || kWords.may_have(plain.text());
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
