#include "core/pii/names/name_denied.hpp"

namespace gpsync::core::pii {

namespace {

bool names_a_card(std::string_view word) {
    return word.size() == 1 ||  // "x_exp_date": a prefix of an API's
           is_one_of(word, {"card", "pan", "fpan", "account", "cc", "funding", "payment", "instrument",
                            "credit", "debit", "application", "plastic", "primary", "crd", "ssl"});
}

bool names_another_card(std::string_view word) {
    return is_one_of(word, {"gift", "giftcard", "sim", "loyalty", "membership", "member", "access", "library",
                            "insurance", "student", "identity", "fuel", "punch", "report"});
}

// "strExpDt": what columns are named after says nothing.
bool is_of_a_column(const NameWords& words, size_t i) {
    return (words.flags(i) & (kSuffix | kNameOnly)) == (kSuffix | kNameOnly);
}

// "shopLastName": what no shop has.
bool is_name_of_people(const Hit& hit) {
    if (hit.word->detector != Detector::kPersonName) return false;
    for (std::string_view part : {"first", "last", "given", "surname", "forename", "middle", "maiden",
                                  "holder", "person", "vorname", "nachname", "prenom", "apellido", "cognome"})
        if (hit.word->text().find(part) != std::string_view::npos) return true;
    return false;
}

bool is_surname(const Hit& hit) {
    return hit.word->text().find("surname") != std::string_view::npos ||
           hit.word->text().find("givenname") != std::string_view::npos;
}

// "hotelGuestAddress": whose it is stands nearer than the organisation. A shop has contacts, too.
bool is_of_person_behind(const NameWords& words, size_t organisation, const Hit& hit) {
    for (size_t i = hit.from; i-- > organisation + 1;) {
        const std::string_view word = words.range(i, i + 1);
        const bool address = hit.word->detector == Detector::kAddress &&
                             (word.starts_with("contact") || word == "billing" || word == "shipping");
        const uint32_t flags = words.flags(i) & (kPerson | kOrganisation | kThing | kQualifier);
        if (flags == kPerson && !address) return true;
        if ((flags & ~kPerson) != 0) return false;  // "storeCustomerServiceAddress"
    }
    return false;
}

}  // namespace

bool denied(const NameWords& words, const Hit& hit) {
    const Detector d = hit.word->detector;
    if (info(d).only_remove) return false;
    const bool place = d == Detector::kAddress || d == Detector::kPersonName;
    const bool may_be_theirs = place && !is_name_of_people(hit);
    const bool of_card = hit.word->text().starts_with("card") ||
                         (hit.from > 0 && words.range(hit.from - 1, hit.from) == "card");
    const bool question = words.range(0, 1) == "what" || words.range(0, 1) == "which";
    for (size_t i = 0; i < hit.from; ++i) {
        if ((words.flags(i) & kNegator) != 0 && !question) return true;
        if ((words.flags(i) & kHash) != 0) return true;
        // "usr_card_exp_date": what is in front of the card's word is a prefix, unless it is known.
        const std::string_view word = words.range(i, i + 1);
        const bool prefix = of_card && words.entry(i) == nullptr && !names_another_card(word);
        // "card_data_valid_thru", "subscriberExpMonth": the second fits a month and year alone.
        const bool says_nothing = is_neutral(words, i) || (words.flags(i) & kPerson) != 0;
        if (d == Detector::kExpiry && !is_of_a_column(words, i) && !names_a_card(word) && !prefix &&
            !says_nothing)
            return true;
        const bool organisation = may_be_theirs && (words.flags(i) & kOrganisation) != 0;
        if (organisation && !is_of_person_behind(words, i, hit)) return true;
    }
    for (size_t i = hit.to; may_be_theirs && i < words.count(); ++i)  // "address_merchant"
        if ((words.flags(i) & kOrganisation) != 0) return true;
    const uint32_t before = hit.from > 0 ? words.flags(hit.from - 1) : 0;
    // "APP_SURNAME", of an applicant, but "fileLastName".
    const bool denies = may_be_theirs || ((before & kOrganisation) == 0 && !is_surname(hit));
    return place && denies && (before & kThing) != 0 && (before & kCompound) == 0;
}

bool expires_with_somebody(const NameWords& words, const Hit& hit) {
    if (hit.word->detector != Detector::kExpiry) return false;
    for (size_t i = 0; i < hit.from; ++i)
        if ((words.flags(i) & kPerson) != 0 && !names_a_card(words.range(i, i + 1))) return true;
    return false;
}

}  // namespace gpsync::core::pii
