#include "core/pii/names/name_class.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "core/pii/mapped_text.hpp"
#include "core/pii/names/hashed_words.hpp"
#include "core/pii/names/name_agents.hpp"
#include "core/pii/names/name_denied.hpp"
#include "core/pii/names/name_folding.hpp"
#include "core/pii/names/name_qualified.hpp"
#include "core/pii/names/name_remarks.hpp"
#include "core/pii/names/name_split.hpp"
#include "core/pii/names/vocabulary_of_persons.hpp"
#include "core/pii/names/vocabulary_parts.hpp"
#include "core/pii/remark.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

// With "name" and "city" these decide; on their own they name nothing.
bool is_subject(const Word* word) {
    return word != nullptr &&
           (word->detector != Detector::kNone || (word->flags & (kReference | kBlock)) != 0);
}

// "pins", "passes": of a word that is sure only as long as it is one.
bool is_doubtful_plural(const NameWords& words, size_t from, size_t to) {
    const Word* word = words.phrase(from, to);
    return words.plural(from, to) && (word->flags & kLoose) == 0 && !info(word->detector).only_remove;
}

// "cardNumberBank", but not "phoneBrand".
bool may_be_of_organisation(const Word& word) {
    return (has_own_form(word.detector) || word.detector == Detector::kEmail) &&
           (word.flags & kCompound) == 0;
}

// What the words behind a phrase say, from the last on, as far as they leave it a phrase.
struct Behind {
    size_t unknown = 0;
    bool doubtful = false, owned = false, remarked = false, organisation = false;

    // False: what is in front is no phrase.
    bool add(const NameWords& words, size_t i) {
        constexpr size_t kMostUnknown = 3;
        const uint32_t flags = words.flags(i);
        doubtful |= (flags & (kAmbiguous | kSuffix)) == (kAmbiguous | kSuffix);  // "passwordField"
        if (is_neutral(words, i)) return true;
        if (words.range(i, i + 1) == "formatted" || words.range(i, i + 1) == "full") return true;
        const bool remark = (flags & kOfVerification) != 0 && (flags & (kQualifier | kNegator)) != 0;
        const bool whose = (flags & (kPerson | kThing | kQualifier)) == kPerson;  // not "passwordManager"
        const bool firm = (flags & (kOrganisation | kOrder)) == kOrganisation;
        remarked |= remark;
        organisation |= firm;
        owned = whose;
        return whose || remark || firm || (words.entry(i) == nullptr && ++unknown <= kMostUnknown);
    }
    bool fits(const Word& word) const {
        return (!remarked || has_own_form(word.detector)) && (!organisation || may_be_of_organisation(word));
    }
    bool is_doubtful() const { return doubtful || unknown > 0 || organisation || remarked; }
};

// The longest phrase that ends the name. Left out behind it: words that change nothing, those that say whose
// it is, and words that are not known ("ssn_db", "email_customer", "phoneNumberFromCrm").
Hit find_phrase(const NameWords& words) {
    Behind behind;
    for (size_t to = words.count(); to > 0; --to) {
        for (size_t from = 0; from < to; ++from)
            if (const Word* word = words.phrase(from, to); is_subject(word)) {
                if (!behind.fits(*word)) return {};
                const bool doubtful = behind.is_doubtful() || is_doubtful_plural(words, from, to);
                return {word, from, to, doubtful, behind.owned, behind.remarked};
            }
        if (!behind.add(words, to - 1)) break;
    }
    return {};
}

// So few letters also end ordinary words ("modelname"); none ends in "cvv".
size_t few_letters(Detector detector) {
    if (info(detector).only_remove) return 2;
    return detector == Detector::kPassword || detector == Detector::kApiSecret ? 4 : 5;
}

// "customeremail": a word that is not known and ends in a phrase.
Hit find_loose_end(const NameWords& words) {
    size_t count = words.count();
    while (count > 1 && is_neutral(words, count - 1)) --count;
    constexpr size_t kShortestPhrase = 3;
    if (words.entry(count - 1) != nullptr) return {};
    const std::string_view all = words.range(count - 1, count);
    for (size_t cut = 2; cut + kShortestPhrase <= all.size(); ++cut) {
        const Word* word = find_name_word(all.substr(cut));
        if (word == nullptr || (word->flags & kLoose) == 0) continue;
        // What is before a few letters must be a word of its own.
        if (all.size() - cut > few_letters(word->detector) || find_name_word(all.substr(0, cut)) != nullptr)
            return {word, count - 1, count};
    }
    return {};
}

// What the name's noun is: the last word that is no number, "data", "value" and so on.
size_t head_of(const NameWords& words) {
    size_t head = words.count();
    while (head > 1 && is_neutral(words, head - 1)) --head;
    return head;
}

// Of the longest entry that ends in word head: "user_agent" is no agent.
uint32_t flags_of_head(const NameWords& words, size_t head) {
    for (size_t from = 0; from < head; ++from)
        if (const Word* word = words.phrase(from, head); word != nullptr) return word->flags;
    return 0;
}

// "by" in Danish and Norwegian, "via" in Italian: in other languages and names they are prepositions.
bool is_town_or_street(const NameWords& words) {
    return words.count() == 1 && (words.range(0, 1) == "by" || words.range(0, 1) == "via");
}

uint32_t flags_of(const NameWords& words) {
    constexpr uint32_t kOfAnyWord =
        kVersion | kOrder | kArticle | kDocument | kHash | kOrganisation | kToken | kReference;
    constexpr uint32_t kOfHead = kPerson | kThing | kPassThrough;
    constexpr uint32_t kOfLast = kQualifier | kTime | kIdentifier | kSuffix | kValue | kLabel | kBareName |
                                 kNamePart | kLegible | kPlace;
    uint32_t flags = 0;
    for (size_t i = 0; i < words.count(); ++i) flags |= words.flags(i) & kOfAnyWord;
    const uint32_t head = flags_of_head(words, head_of(words));
    flags |= head & kOfHead;
    if ((head & kPerson) != 0) flags |= head & kAmbiguous;
    size_t last = words.count();
    while (last > 1 && words.number(last - 1)) --last;
    flags |= words.flags(last - 1) & kOfLast;
    while (last > 1 && (words.flags(last - 1) & (kSuffix | kNamePart)) == kSuffix) --last;
    flags |= words.flags(last - 1) & kPlace;                                     // "city_txt"
    if ((head & (kPerson | kQualifier)) == kPerson) flags &= ~kQualifier;        // "line_manager"
    if ((head & kPlace) != 0) flags = (flags & ~(kBareName | kLabel)) | kPlace;  // "usr_city_nm"
    if (words.count() > 1) flags &= ~kNamePart;                                  // "is_first"
    if (const Word* whole = words.phrase(0, words.count()); whole != nullptr) {
        if ((whole->flags & kPlace) != 0) flags &= ~(kBareName | kLabel);  // "townName"
        flags |= whole->flags & ~kSuffix;
        if ((whole->flags & (kPerson | kDirect)) == (kPerson | kDirect)) flags &= ~kQualifier;  // "manager"
    }
    if (is_town_or_street(words)) flags |= kPlace;
    if (words.count() == 2 && words.range(0, 1) == "id") flags |= kIdentifier | kQualifier;  // "id_customer"
    return flags & ~kPreposition;
}

// "customer_card": "card"; "applicantIdentityDocument": "identitydocument"; "debtorAccount": "account", which
// is neutral, too.
const Word* compound_of(const NameWords& words) {
    for (size_t end = words.count(); end > 0; --end) {
        for (size_t from = 0; from < end; ++from)
            if (const Word* word = words.phrase(from, end); word != nullptr && (word->flags & kCompound) != 0)
                return word;
        if (!is_neutral(words, end - 1)) break;
    }
    return nullptr;
}

const Word* phrase_of(std::string_view front, std::string_view back) {
    if (front.size() + back.size() > kLongestWord) return nullptr;
    std::array<char, kLongestWord> phrase;
    std::copy(back.begin(), back.end(), std::copy(front.begin(), front.end(), phrase.begin()));
    return find_name_word({phrase.data(), front.size() + back.size()});
}

// "card": {"number": …}. Tries the parent's word with the whole name behind it; "paymentCard" and "carte
// bancaire" are cards.
const Word* compound_phrase(const NameWords& words, const NameClass& parent) {
    if (parent.compound == nullptr) return nullptr;
    constexpr std::string_view kCard = "card";
    std::string_view stem = parent.compound->text();
    if (stem.size() > 4 && stem.back() == 's') stem.remove_suffix(1);
    const std::string_view all = words.range(0, words.count());
    const Word* word = phrase_of(stem, all);
    if (word != nullptr) return word;
    if (parent.compound->detector == Detector::kBirthDate && is_one_of(all, vocabulary::kDates))
        return find_name_word("birthdate");
    return parent.compound->detector == Detector::kPan ? phrase_of(kCard, all) : nullptr;
}

void take(NameClass& result, const Word& word, bool doubtful) {
    result.subject = word.detector;
    result.flags &= ~kAmbiguous;
    result.flags |= word.flags & ~kPreposition;
    if (word.detector == Detector::kNone) return;
    result.flags &=
        ~(kVersion | kOrder | kTime | kHash | kIdentifier | kQualifier | kBareName | kPlace | kLabel);
    result.flags |= word.flags & kIdentifier;
    if (doubtful) result.flags |= kAmbiguous;
}

// "nextOfKinPhone": the entry is "nextofkin".
bool is_inside_an_entry(const NameWords& words, size_t i) {
    for (size_t from = 0; from < i; ++from)
        for (size_t to = i + 2; to <= words.count(); ++to)
            if (words.phrase(from, to) != nullptr) return true;
    return false;
}

// "numberOfPhones" is a number, "ssnOfApplicant" an SSN: only what is in front of the preposition stays,
// unless a phrase reaches over it ("dateOfBirth"). The answer is the flags of what is cut off.
uint32_t cut_to_head(NameWords& words) {
    for (size_t i = words.count(); i-- > 1;) {
        const uint32_t flags = words.flags(i);
        if ((flags & kPreposition) == 0 || i + 1 == words.count()) continue;
        const Hit all = find_phrase(words);
        if (all.word != nullptr && all.from < i && all.to > i) return 0;
        if (is_inside_an_entry(words, i)) continue;
        const bool other_meanings = (flags & (kTime | kPerson)) != 0;
        if (other_meanings) {
            NameWords head = words;
            head.cut(i);
            if (find_phrase(head).word == nullptr && (head.flags(i - 1) & kBareName) == 0) continue;
        }
        uint32_t behind = 0;
        for (size_t k = i + 1; k < words.count(); ++k) behind |= words.flags(k);
        words.cut(i);
        return behind | (cut_to_head(words) & (kThing | kOrganisation));
    }
    return 0;
}

// What is also a suffix is a name by itself only: "cn", but not "title_cn".
bool is_bare_name(const Word* word, size_t words) {
    if (word == nullptr || (word->flags & kBareName) == 0) return false;
    return words == 1 || (word->flags & kSuffix) == 0;
}

// The first word of the longest bare name that ends the name ("customer_display_name": 1), numbers behind it
// left out; count() when there is none.
size_t begin_of_bare_name(const NameWords& words, size_t& end) {
    for (end = words.count(); end > 0; --end) {
        for (size_t from = 0; from < end; ++from)
            if (const Word* word = words.phrase(from, end); is_bare_name(word, words.count())) return from;
        if (!is_neutral(words, end - 1) && (words.flags(end - 1) & (kPerson | kNamePart)) == 0) break;
    }
    return words.count();
}

// "customerName", "name_customer" and "name_first", but not "customerProductName".
void judge_bare_name(const NameWords& words, uint32_t behind, NameClass& result) {
    size_t end = 0;
    const size_t begin = begin_of_bare_name(words, end);
    if (begin == words.count()) return;
    uint32_t whose = behind;
    for (size_t i = end; i < words.count(); ++i) whose |= words.flags(i);
    size_t before = begin;
    while (before > 1 && is_neutral(words, before - 1)) --before;
    if (before > 0) whose |= (words.flags(before - 1) | flags_of_head(words, before)) & ~kNamePart;
    const bool person =
        (whose & (kPerson | kNamePart)) != 0 && (whose & (kThing | kOrganisation | kOrder)) == 0;
    if (person) {
        result.subject = Detector::kPersonName;
        result.flags &= ~(kQualifier | kTime | kIdentifier);
        if ((whose & kAmbiguous) != 0) {
            result.flags |= kAmbiguous | kBareName;
            return;
        }
    }
    size_t named = words.count();  // "name1"
    while (named > 1 && words.number(named - 1)) --named;
    if (person || named > end - begin || (behind & (kThing | kOrganisation)) != 0) result.flags &= ~kBareName;
}

// "mailing", "delivery": with "address" behind it the word says whose that is.
bool is_kind_of_address(std::string_view word) {
    const Word* entry = phrase_of(word, "address");
    return entry != nullptr && entry->detector == Detector::kAddress;
}

// "billing_city" is an address, "store_city" is none, of "city" what is around it decides.
void judge_place(const NameWords& words, uint32_t behind, NameClass& result) {
    if (words.count() < 2) {
        if ((behind & kPerson) != 0) result.subject = Detector::kAddress;
        return;
    }
    uint32_t before = 0;
    bool address = false;
    for (size_t i = 0; i + 1 < words.count(); ++i) {
        before |= words.flags(i);
        address |= words.entry(i) != nullptr && (words.entry(i)->detector == Detector::kAddress ||
                                                 words.entry(i)->detector == Detector::kBirthDate);
        address |= is_kind_of_address(words.range(i, i + 1));
    }
    if ((before & (kThing | kOrganisation | kNegator | kOrder | kHash)) != 0) {
        result.flags &= ~kPlace;
    } else if (address || (before & kPerson) != 0) {
        const bool state = (words.flags(words.count() - 1) & (kPlace | kAmbiguous)) == (kPlace | kAmbiguous);
        result.subject = Detector::kAddress;
        result.flags &= ~kPlace;
        result.flags |= kAmbiguous | (state ? kBareName : 0u);  // "billing_state"
    }
}

// "company": {"legalName": …}
bool is_name_of_company(std::string_view text) {
    return text == "legalname" || text == "legalnm";
}

bool is_said_of_persons(std::string_view name) {
    static const HashedWords kNames = [] {
        constexpr size_t kSlots = 1024;
        HashedWords names(kSlots);
        names.add(vocabulary::kOfPersons);
        return names;
    }();
    WordHash hash;
    for (const char c : name) hash.add(c);
    return kNames.has(hash);
}

// "q3_name", "q12_email": forms number their questions.
std::string_view without_question(std::string_view name) {
    size_t at = 1;
    while (at < name.size() && is_digit(name[at])) ++at;
    const bool question = at > 1 && at <= 4 && to_lower(name[0]) == 'q' && at + 1 < name.size() &&
                          name[at] == '_' && is_letter(name[at + 1]);
    return question ? name.substr(at + 1) : name;
}

bool is_part_of_a_date(std::string_view word) {
    for (std::string_view part :
         {"dayofbirth", "monthofbirth", "birthday", "birthmonth", "dobday", "dobmonth"})
        if (word == part) return true;
    return false;
}

// Whether the name leaves it open whose its value is, and may be a person's: a bare name behind words of
// which none is a thing's ("prescriberName", "primary_name"), an occupation ("captain"), an unknown word.
bool may_name_person(const NameWords& words, const NameClass& named) {
    constexpr uint32_t kOther = kThing | kOrganisation | kVersion | kTime | kOrder | kIdentifier | kHash |
                                kReference | kNegator | kArticle | kDocument | kLegible | kPlace;
    const bool occupation = named.has(kPerson) && named.has(kAmbiguous);
    const bool last_unknown = words.entry(words.count() - 1) == nullptr;
    const bool agent = last_unknown && is_of_an_agent(words.range(words.count() - 1, words.count()));
    // "nombreOrdenante", as Romance languages put it.
    const bool behind = words.count() == 2 && last_unknown && is_bare_name(words.entry(0), 2);
    if (named.has(kSuffix) && named.has(kLabel)) return false;  // FHIR's "display" is a code's far more often
    if (words.count() == 1 && is_one_of(words.range(0, 1), vocabulary::kDesignations)) return false;
    size_t end = 0;
    if (!occupation && !agent && !behind && !named.has(kBareName) &&
        begin_of_bare_name(words, end) == words.count())
        return false;
    // "accountTitle": an entry by itself, whatever its words are elsewhere.
    if (const Word* whole = words.phrase(0, words.count());
        whole != nullptr && is_bare_name(whole, words.count()))
        return (whole->flags & kOther) == 0;
    for (size_t i = 0; i < words.count(); ++i) {
        const bool subject = i + 1 < words.count() && words.range(i, i + 1) == "subject";
        const bool qualifier = (words.flags(i) & (kQualifier | kPerson)) == kQualifier && !subject;
        if ((words.flags(i) & kOther) != 0 || qualifier) return false;
    }
    return true;
}

// A name of a thing that somebody's name may be in: {"hostname": "Pooja's iPad"}.
bool is_called_after_somebody(const Word* whole) {
    constexpr uint32_t kNameOfThing = kBlock | kBareName;
    return whole != nullptr && (whole->flags & kNameOfThing) == kNameOfThing;
}

NamePart name_part_of(std::string_view word) {
    if (is_one_of(word, vocabulary::kGivenParts)) return NamePart::kGiven;
    if (is_one_of(word, vocabulary::kFamilyParts)) return NamePart::kFamily;
    if (is_one_of(word, vocabulary::kStreetParts)) return NamePart::kStreet;
    return is_one_of(word, vocabulary::kTownParts) ? NamePart::kTown : NamePart::kNone;
}

NameClass classify_as_written(std::string_view name, const NameClass& parent) {
    if (const std::string_view plain = without_annotation(name); name.ends_with(".FormattedValue"))
        name = plain;
    name = without_question(name);
    // "Name (as on card)" says whose it is.
    if (const std::string_view plain = without_remark(name); !name.ends_with("card)")) name = plain;
    // The family name in Vietnamese; without its accent it is a syllable of many words.
    if (name == "họ" || name == "Họ" || name == "HỌ") return {.subject = Detector::kPersonName};
    std::array<char, 2 * NameWords::kMostBytes> folded;
    const auto high = [](char c) { return static_cast<unsigned char>(c) >= 0x80; };
    if (std::any_of(name.begin(), name.end(), high)) name = {folded.data(), fold_name(name, folded)};
    NameWords words(name);
    NameClass result;
    if (words.count() == 0) return result;
    cut_version(words);
    cut_charge(words);
    result.of_person = is_said_of_persons(words.range(0, words.count()));
    const uint32_t behind = cut_to_head(words);
    result.flags = flags_of(words);
    if (result.has(kNamePart | kBareName | kPlace))
        result.name_part = name_part_of(words.range(0, words.count()));
    result.compound = compound_of(words);
    constexpr uint32_t kMeasure = kOrder | kQualifier;
    result.measures = (words.flags(words.count() - 1) & kMeasure) == kMeasure;

    Hit hit = find_phrase(words);
    if (hit.word == nullptr) hit = find_loose_end(words);
    const bool others =
        hit.word != nullptr && (behind & kOrganisation) != 0 &&
        (hit.word->detector == Detector::kAddress || hit.word->detector == Detector::kPersonName);
    const bool weak = hit.word != nullptr && (hit.doubtful || hit.owned) &&
                      (hit.word->flags & kCompound) != 0;  // "accountTier", "cardDeck", "cardOwner"
    const bool company = hit.word != nullptr && is_name_of_company(hit.word->text()) &&
                         parent.has(kOrganisation) && !parent.has(kPerson);
    // "login", "session_id"; not "last_login"
    const bool part_of_other = hit.word != nullptr && (hit.word->flags & kIdentifier) != 0 && hit.from > 0;
    if (hit.word != nullptr && !others && !weak && !company && !part_of_other && !denied(words, hit))
        take(result, *hit.word, hit.doubtful || expires_with_somebody(words, hit));
    // What is below an object of that name is about it: {"cvvResponse": {"code": "100"}}.
    if (hit.remarked && result.subject != Detector::kNone) result.flags |= kDirect | kQualifier;
    if (result.subject == Detector::kAddress)
        result.countable = hit.word->text() == "address" || hit.word->text() == "addresses";
    if (result.subject == Detector::kBirthDate)
        result.part = is_part_of_a_date(hit.word->text()) && !words.plural(0, words.count());
    // {"account": {"nickname": "Bills"}}
    if (result.subject == Detector::kPersonName && hit.word->text() == "nickname" &&
        parent.compound != nullptr && parent.compound->detector == Detector::kAccount)
        result.flags |= kAmbiguous | kBareName;
    // {"card": {"verificationCode": …}}: by itself a one-time code.
    if (result.subject == Detector::kNone || result.has(kAmbiguous)) {
        const Word* word = compound_phrase(words, parent);
        const bool surer = word != nullptr && info(word->detector).only_remove;
        if (word != nullptr && (result.subject == Detector::kNone || surer)) {
            take(result, *word, false);
            // {"date_of_birth": {"day": 2}}
            result.part |= word->detector == Detector::kBirthDate && is_part_of_a_date(word->text());
        }
    }
    if (result.subject == Detector::kExpiry && parent.compound != nullptr &&
        parent.compound->detector == Detector::kPan)
        result.flags |= kFunding;
    // "productname" is known as a whole: what stands beside it makes it no person's.
    if (hit.word != nullptr && (hit.word->flags & kBlock) != 0) result.flags &= ~(kBareName | kPlace);
    if (result.subject == Detector::kNone && hit.word == nullptr) judge_bare_name(words, behind, result);
    if (result.has(kBareName) && words.plural(0, words.count())) {  // "names": [ … ]
        result.flags &= ~kLabel;
        result.flags |= kPerson;
    }
    if (result.subject == Detector::kNone && result.has(kPlace)) judge_place(words, behind, result);
    if (result.subject == Detector::kNone && result.has(kNamePart) && parent.has(kBareName))
        result.subject = Detector::kPersonName;
    if (result.subject == Detector::kNone && is_part_behind_a_person(words)) {
        result.subject = Detector::kPersonName;
        result.flags |= kAmbiguous;
    }
    if (result.subject == Detector::kNone && result.flags == 0 && is_of_somebody(words))
        result.flags = kPerson | kAmbiguous | kDirect;
    const bool blocked = hit.word != nullptr && (hit.word->flags & kBlock) != 0;
    result.may_name_person = result.subject == Detector::kNone && (behind & (kThing | kOrganisation)) == 0 &&
                             !blocked && may_name_person(words, result);
    const Word* whole = words.phrase(0, words.count());
    result.may_name_person |= result.subject == Detector::kNone && is_called_after_somebody(whole) &&
                              !words.plural(0, words.count());
    // {"name": [{"text": …}]}
    result.may_name_person |=
        result.subject == Detector::kNone && result.has(kValue) && parent.has(kBareName);
    return result;
}

// "suennikuupaeev" for "sünnikuupäev": umlauts as languages without an ASCII letter for them write them.
// Empty where there are none.
std::string without_digraphs(std::string_view name) {
    std::string plain;
    for (size_t i = 0; i < name.size(); ++i) {
        plain.push_back(name[i]);
        const char c = to_lower(name[i]);
        if ((c == 'a' || c == 'o' || c == 'u') && i + 1 < name.size() && to_lower(name[i + 1]) == 'e') ++i;
    }
    return plain.size() < name.size() ? plain : std::string();
}

}  // namespace

namespace {

NameClass classify_folded(std::string_view name, const NameClass& parent) {
    const NameClass written = classify_as_written(name, parent);
    if (written.subject != Detector::kNone || written.flags != 0 || name.size() > NameWords::kMostBytes)
        return written;
    const std::string plain = without_digraphs(name);
    if (plain.empty()) return written;
    const NameClass result = classify_as_written(plain, parent);
    return result.subject != Detector::kNone || result.has(kPerson | kPlace | kBareName) ? result : written;
}

// ".../claims/name": a person's, if it has the form of one.
void take_as_claim(NameClass& result) {
    result.subject = Detector::kPersonName;
    result.flags |= kAmbiguous | kBareName;
    result.may_name_person = false;
}

// "order.payment.card.expiry": the last two steps are judged as they are in an object, and names and
// addresses are not an organisation's or a thing's. kNone where the whole name has to say it.
NameClass classify_path(std::string_view name, const NameClass& parent) {
    const NameSteps steps(name);
    if (steps.count() < 3) return {};
    const NameClass result = classify_folded(steps.last_two(), parent);
    const bool party = result.subject == Detector::kPersonName || result.subject == Detector::kAddress;
    if (result.subject == Detector::kNone || (party && result.has(kAmbiguous) && result.has(kBareName)))
        return {};
    for (size_t i = 0; i + 2 < steps.count(); ++i)
        if (classify_folded(steps.step(i), {}).has(kNegator | kHash)) return {};  // "has.card.number"
    bool others = false;                                                          // "font.family.name"
    for (size_t i = 0; party && i + 1 < steps.count(); ++i) {
        const NameClass step = classify_folded(steps.step(i), {});
        if (step.has(kPerson))
            others = false;
        else
            others |= step.has(kOrganisation | kThing) && step.compound == nullptr;
    }
    return others ? NameClass() : result;
}

// "ns1:GivenName": a prefix that says nothing by itself.
bool is_prefix(std::string_view prefix) {
    if (prefix.empty()) return false;
    if (is_known_prefix(prefix)) return true;
    const NameClass named = classify_folded(prefix, {});
    return named.subject == Detector::kNone && (named.flags & ~(kSuffix | kNameOnly)) == 0;
}

}  // namespace

NameClass classify_name(std::string_view name, const NameClass& parent) {
    if (const uint32_t flags = flags_of_wrapper(name)) return {.flags = flags};
    const bool qualified = name.find_first_of(":./[}>") != std::string_view::npos;
    if (!qualified) return classify_folded(name, parent);
    if (const std::string_view attribute = attribute_of_oid(name); !attribute.empty()) {
        NameClass result = classify_folded(attribute, parent);
        if (result.has(kBareName)) take_as_claim(result);
        return result;
    }
    if (const std::string_view part = last_part_of_uri(name); part.size() < name.size()) {
        NameClass result = classify_folded(part, parent);
        if (result.subject == Detector::kNone && result.has(kBareName) && is_of_claim(name))
            take_as_claim(result);
        if (result.subject != Detector::kNone) return result;
    }
    if (const std::string_view prefix = xml_prefix(name); is_prefix(prefix))
        return classify_folded(name.substr(prefix.size() + 1), parent);
    const NameClass whole = classify_folded(name, parent);
    if (whole.subject != Detector::kNone) return whole;  // "email.address.value"
    const NameClass path = classify_path(name, parent);
    return path.subject != Detector::kNone ? path : whole;
}

bool is_made_of_known_words(std::string_view name) {
    MappedText folded;
    if (fold_unicode(name, {}, folded)) name = folded.text;
    const NameWords words(name);
    for (size_t i = 0; i < words.count(); ++i) {
        bool known = words.number(i);
        for (size_t from = 0; from <= i && !known; ++from)
            for (size_t to = i + 1; to <= words.count() && !known; ++to)
                known = words.phrase(from, to) != nullptr;
        if (!known) return false;
    }
    return true;
}

std::string normalized_name(std::string_view name) {
    MappedText folded;
    if (fold_unicode(name, {}, folded)) name = folded.text;
    std::string result;
    for (char c : name)
        if (c != '_' && c != '-' && c != '.' && !is_space(c)) result.push_back(to_lower(c));
    return result;
}

}  // namespace gpsync::core::pii
