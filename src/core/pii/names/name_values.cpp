#include "core/pii/names/name_values.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "core/pii/names/company_forms.hpp"
#include "core/pii/names/given_names.hpp"
#include "core/pii/names/name_class.hpp"
#include "core/pii/names/name_folding.hpp"
#include "core/pii/names/name_split.hpp"
#include "core/pii/names/name_words.hpp"
#include "core/pii/names/regions.hpp"
#include "core/pii/names/value_forms.hpp"
#include "core/pii/protect/actions.hpp"
#include "core/pii/text.hpp"
#include "core/pii/timestamp.hpp"

namespace gpsync::core::pii {

namespace {

bool same_digit(std::string_view text) {
    char first = 0;
    for (char c : text) {
        if (!is_digit(c)) continue;
        if (first != 0 && c != first) return false;
        first = c;
    }
    return true;
}

// False is sure: no copy is made of most names of persons.
bool may_be_caption(std::string_view text) {
    WordHash hash;
    for (const char c : text) {
        if (static_cast<unsigned char>(c) >= 0x80) return true;
        if (is_word(c)) hash.add(to_lower(c));
    }
    return may_be_word(hash.value());
}

// {"nombre": "Nombre"}
bool is_bare_caption(std::string_view text) {
    for (std::string_view name : {"name", "nombre", "nome", "nom", "naam", "navn", "namn", "nazwa"})
        if (equals_ignoring_case(text, name)) return true;
    return false;
}

// "acme/token-service": of a repository.
bool is_path(const TextShape& shape, std::string_view text) {
    return shape.upper == 0 && shape.spaces == 0 && shape.lower > 0 &&
           text.find('/') != std::string_view::npos;
}

bool fits_person(const TextShape& shape, std::string_view text, Doubt doubt) {
    constexpr size_t kLongest = 256;
    if (doubt == Doubt::kMuch && (is_login_of_somebody(text) || is_login_as_of_a_mailbox(text))) return true;
    if (doubt == Doubt::kUnknown && is_device_of_somebody(text)) return true;
    if (doubt == Doubt::kUnknown)
        return (shape.spaces > 0 || text.find(',') != std::string_view::npos) &&
               ((is_persons_name(shape, text, 2) &&
                 (!has_word_of_things(text) || has_doubtful_given_name(text))) ||
                is_written_as_a_person(text));
    if (doubt == Doubt::kMuch && has_word_of_things(text) && !has_given_name(text) &&
        !has_word_for_given_name(text))
        return false;
    if (is_a_company(text) || (text.size() == kUuidSize && begins_with_uuid(text))) return false;
    if (doubt > Doubt::kLittle)
        return !is_bare_caption(text) && !(text.size() > 1 && is_outcome(text)) &&
               is_persons_name(shape, text, doubt == Doubt::kMuch ? 2 : 1);
    if (doubt == Doubt::kLittle && is_name_of_a_thing(text)) return false;
    const bool outcome = (class_of(text[0]) & kLower) != 0 && text.size() > 1 &&
                         (is_outcome(text) || is_validation_message(text));
    return shape.all_letters() >= 1 && text.size() <= kLongest && !is_prompt(text) && !outcome &&
           !is_path(shape, text);
}

bool fits_address(const TextShape& shape, std::string_view text, Doubt doubt) {
    if (doubt > Doubt::kLittle) return is_place(shape, text) || is_coordinate(text);
    return !is_prompt(text) && !is_url(text) && !is_time_of_day(text) && !is_of_machine(text) &&
           !is_validation_message(text) && !(text.size() > 1 && is_outcome(text));
}

// "+X-XXX-XXX-X789": what stays of a number beside its mask.
bool is_crossed_out(const TextShape& shape, std::string_view text) {
    return shape.letters >= 3 && shape.digits > 0 && shape.digits <= 4 &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return !is_letter(c) || c == 'x' || c == 'X'; });
}

// Sixteen and more digits of lower-case hex.
bool is_digest(const TextShape& shape) {
    constexpr size_t kShortest = 16;
    return shape.lower > 3 && shape.upper == 0 && shape.words() >= kShortest && shape.spaces == 0;
}

// A date in any order and language: 1980-05-03, "3 May 1980", "May 3rd", 昭和五十五年五月三日.
bool fits_birth_date(const TextShape& shape, bool ambiguous) {
    constexpr size_t kWrittenInHan = 4;
    if (ambiguous) return shape.digits >= 4 && shape.letters <= 12;
    return shape.digits >= 2 || (shape.digits == 1 && shape.letters >= 3) || shape.unspaced >= kWrittenInHan;
}

bool fits_phone(const TextShape& shape, std::string_view text, bool ambiguous) {
    if (ambiguous && (shape.digits < 7 || shape.letters > 3)) return false;
    if (ambiguous && shape.digits > kMostPhoneDigitsWithoutPlus && text.find('+') == std::string_view::npos &&
        !text.starts_with("00"))
        return false;
    return shape.digits >= 5 && shape.digits <= 17 && shape.letters <= 5 && text.size() <= 32 &&
           shape.digits > shape.other + shape.unspaced;
}

// Of a state, or of one that keeps records: letters and digits.
bool fits_identity(const TextShape& shape, std::string_view text, bool ambiguous) {
    if (ambiguous && (shape.digits < 6 || shape.words() < 8 || shape.spaces > 4)) return false;
    constexpr size_t kShortestOfLetters = 7;  // "SGDBCQXW8"
    const bool letters = shape.digits == 1 && shape.lower == 0 && shape.spaces + shape.other == 0 &&
                         shape.words() >= kShortestOfLetters;
    const bool one_digit = shape.letters == 0 && same_digit(text);  // "0000000"
    if (text.size() == kUuidSize && begins_with_uuid(text)) return false;
    if (text.find('%') != std::string_view::npos) return false;  // "2.9% + 0.30"
    return (shape.digits >= 2 || letters) && shape.words() >= 5 && shape.words() <= 32 && !one_digit;
}

// Where the name may say no more than what became of it ("cvvResponse"): so many digits and nothing else.
bool is_verification_number(Detector subject, size_t digits) {
    return subject == Detector::kCvv ? digits == 3 || digits == 4 : digits >= 4 && digits <= 6;
}

bool fits_verification_data(Detector subject, const TextShape& shape, std::string_view text, Doubt doubt) {
    const bool ambiguous = doubt > Doubt::kLittle;
    constexpr size_t kShortestSure = 16;  // eight bytes in hex
    constexpr size_t kShortestCoded = 12, kShortestCryptogram = 8, kLongestPin = 12;
    if (is_outcome(text)) return false;
    switch (subject) {
        case Detector::kTrack:
            return is_track(shape, text);
        case Detector::kCryptogram:
            if (ambiguous)
                return is_coded(shape, text, kShortestSure) && text.find_first_of("-:") == text.npos;
            return is_coded(shape, text, kShortestCryptogram) || (shape.digits >= 8 && shape.spaces > 0);
        default:
            if (subject == Detector::kCvv && is_isin(text)) return false;
            if (doubt == Doubt::kMuch)
                return (shape.digits == text.size() && is_verification_number(subject, shape.digits)) ||
                       (subject == Detector::kPin && is_coded(shape, text, kShortestSure) &&
                        text.find_first_of("-:") == std::string_view::npos);
            return (shape.digits >= 3 && shape.letters == 0 && shape.digits <= kLongestPin) ||
                   is_coded(shape, text, kShortestCoded);
    }
}

// Bytes that are no text, as append_text_of_bytes() shows them: under a name of verification data they are
// it.
bool fits_as_bytes(std::string_view text, bool ambiguous) {
    constexpr size_t kFewestBytes = 2, kFewestSure = 8;
    if (!text.starts_with("\\x")) return false;
    const std::string_view line = text.substr(2, text.find('\n') - 2);
    return line.size() >= 2 * (ambiguous ? kFewestSure : kFewestBytes) &&
           std::all_of(line.begin(), line.end(), is_hex);
}

}  // namespace

bool fits_name(Detector subject, std::string_view text, Doubt doubt) {
    const bool ambiguous = doubt > Doubt::kLittle;
    text = trim(text);
    if (info(subject).only_remove && fits_as_bytes(text, ambiguous)) return true;
    const TextShape shape = shape_of(text);
    if (shape.words() + shape.unspaced == 0 || is_placeholder(text) ||
        ((is_masked(text) || is_crossed_out(shape, text)) && !info(subject).only_remove))
        return false;
    const bool of_card = subject == Detector::kExpiry && doubt == Doubt::kCertain;
    const bool dated = subject == Detector::kBirthDate || subject == Detector::kPassword || of_card;
    if (!dated && is_date_or_time(text)) return false;
    switch (subject) {
        case Detector::kNone:
            return false;
        case Detector::kCvv:
        case Detector::kPin:
        case Detector::kTrack:
        case Detector::kCryptogram:
            return fits_verification_data(subject, shape, text, doubt);
        case Detector::kExpiry:
            if (of_card && (is_date_or_time(text) || is_whole_date(shape, text))) return true;
            return ambiguous ? is_month_and_year(text) : is_card_expiry(shape, text);
        case Detector::kPersonName:
            return fits_person(shape, text, doubt);
        case Detector::kAddress:
            return fits_address(shape, text, doubt);
        case Detector::kBirthDate:
            return fits_birth_date(shape, ambiguous);
        case Detector::kDeviceOwner:
            return names_an_owner(text) && (!ambiguous || may_be_owned(text));
        case Detector::kPassword:
            if (doubt == Doubt::kMuch)
                return shape.digits == text.size() && shape.digits >= 4;  // a one-time code
            [[fallthrough]];
        case Detector::kApiSecret:
            if (doubt == Doubt::kMuch) return is_opaque_token(shape, text);
            [[fallthrough]];
        case Detector::kPrivateKey:
            return !is_outcome(text) && !is_validation_message(text) &&
                   (!ambiguous || (is_secret(shape, text) && !is_date_or_time(text)));
        case Detector::kEmail:
            return text.find('@') != std::string_view::npos && shape.words() + shape.unspaced >= 3;
        case Detector::kPhone:
            return fits_phone(shape, text, ambiguous);
        case Detector::kAccount:
            return shape.digits >= 5 && shape.words() <= 34 && shape.spaces <= 8 && shape.other <= 6 &&
                   !is_digest(shape) && !is_service_id(text);
        case Detector::kIban:
            return !ambiguous && shape.words() >= 15 && shape.words() <= 34 && shape.digits >= 8 &&
                   is_letter(text[0]);
        case Detector::kSsn:
        case Detector::kItin:
        case Detector::kNhs:
        case Detector::kSin:
        case Detector::kAadhaar:
        case Detector::kAba:
        case Detector::kGermanTaxId:
        case Detector::kPesel:
        case Detector::kImei:
            return shape.digits >= (ambiguous ? 9 : 7) && shape.digits <= 17 && shape.letters == 0 &&
                   !same_digit(text);
        case Detector::kPassport:
            if (is_date_of_document(text)) return false;
            if (text.find("<<") != std::string_view::npos) return true;  // a line of a machine-readable zone
            [[fallthrough]];
        case Detector::kNino:
        case Detector::kNif:
        case Detector::kNie:
        case Detector::kCodiceFiscale:
        case Detector::kNationalId:
        case Detector::kDrivingLicence:
        case Detector::kMedicalRecord:
            return fits_identity(shape, text, ambiguous);
        case Detector::kVin:
            return shape.words() == 17 && shape.digits >= 3;
        case Detector::kBtc:
        case Detector::kEth:
            return shape.words() >= 26 && shape.spaces == 0;
        default:
            return false;
    }
}

// {"firstName": "First name"}: an entry of the vocabulary, whole, that means nothing but such a value. With
// it "City" and "Town": other words for these are names of cities, too ("Kota").
bool is_caption(Detector subject, std::string_view text) {
    static constexpr std::string_view kTown[] = {
        "city",   "town",      "cityname", "townname", "ort",      "wohnort",    "stadt", "ville",
        "ciudad", "localidad", "citta",    "comune",   "cidade",   "localidade", "stad",  "woonplaats",
        "miasto", "mesto",     "oras",     "sehir",    "kaupunki", "miejscowosc"};
    const size_t shortest = subject == Detector::kAddress ? 3 : 4;
    if (subject == Detector::kPersonName && (text == "id" || text == "uuid" || is_bare_caption(text)))
        return true;  // wal2json's identity; "Nom"
    const bool password = subject == Detector::kPassword;
    if (subject != Detector::kPersonName && subject != Detector::kAddress && !password) return false;
    // "password" may be one.
    if (password && (text.empty() || (class_of(text[0]) & kLower) != 0)) return false;
    if (text.size() < shortest || text.size() > kLongestWord || !may_be_caption(text)) return false;
    std::array<char, 2 * kLongestWord> folded;
    std::string name;
    for (const char c : std::string_view(folded.data(), fold_name(text, folded)))
        if (is_word(c)) name.push_back(to_lower(c));
    const Word* word = find_name_word(name);
    if (word == nullptr) return false;
    if (subject == Detector::kAddress && (word->flags & kPlace) != 0)
        return std::find(std::begin(kTown), std::end(kTown), name) != std::end(kTown);
    if (subject == Detector::kPersonName && (word->flags & kBareName) != 0) return true;  // "Nombre"
    // {"users": [{"traits": [{"name": "email", "value": …}]}]}: also with the value gone
    const bool label = subject == Detector::kPersonName && (class_of(text[0]) & kLower) != 0 &&
                       word->detector != Detector::kNone;
    return label || (word->detector == subject && (word->flags & kAmbiguous) == 0);
}

bool is_sure(Detector subject, std::string_view text, Doubt doubt) {
    if (subject == Detector::kPersonName && is_a_company_in_other_script(text)) return false;
    // "state": of an address, or how something is
    if (subject == Detector::kAddress && doubt == Doubt::kMuch) return is_region(text);
    return doubt != Doubt::kUnknown || names_somebody(text) || is_device_of_somebody(text);
}

bool number_fits_name(Detector subject, std::string_view text, Doubt doubt) {
    const bool ambiguous = doubt > Doubt::kLittle;
    constexpr size_t kShortestPin = 3;       // 0 in front is lost; two digits count connectors of a chip
    constexpr size_t kShortestPassword = 3;  // "passwords": 2 counts them
    const TextShape shape = shape_of(text);
    const bool fraction = text.find('.') != std::string_view::npos;
    if (doubt == Doubt::kMuch && (subject == Detector::kPin || subject == Detector::kCvv))
        return shape.digits == text.size() && is_verification_number(subject, shape.digits);
    switch (subject) {
        case Detector::kPin:
            return !fraction && shape.digits >= kShortestPin;
        case Detector::kCvv:
        case Detector::kTrack:
            return true;
        case Detector::kCryptogram:
            return !ambiguous || (!fraction && shape.digits >= 16);
        case Detector::kPassword:
        case Detector::kApiSecret:
            if (subject == Detector::kApiSecret && doubt == Doubt::kMuch) return false;
            return shape.digits >= kShortestPassword && (!ambiguous || (!fraction && shape.digits >= 4));
        case Detector::kExpiry:
            if (doubt == Doubt::kCertain && is_date_number(text)) return true;
            return !fraction && shape.digits <= 6 && (!ambiguous || is_month_and_year(text));
        case Detector::kBirthDate:
            return !fraction && shape.digits >= 4;
        case Detector::kAddress:
            if (is_coordinate(text)) return true;
            return !fraction && (!ambiguous || (shape.digits >= 4 && shape.digits <= 6));
        case Detector::kPhone:
            return !fraction && shape.digits >= 7 && shape.digits <= 15;
        case Detector::kAccount:
            return !fraction && shape.digits >= 5;
        case Detector::kSsn:
        case Detector::kItin:
        case Detector::kNhs:
        case Detector::kSin:
        case Detector::kAadhaar:
        case Detector::kAba:
        case Detector::kGermanTaxId:
        case Detector::kPesel:
        case Detector::kImei:
        case Detector::kNationalId:
        case Detector::kPassport:
        case Detector::kDrivingLicence:
            return !fraction && shape.digits >= (ambiguous ? 9 : 7) && !same_digit(text);
        case Detector::kMedicalRecord:
            return !fraction && shape.digits >= 5;
        default:
            return false;
    }
}

}  // namespace gpsync::core::pii
