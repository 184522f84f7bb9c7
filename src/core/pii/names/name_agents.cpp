#include "core/pii/names/name_agents.hpp"

#include <algorithm>
#include <initializer_list>

namespace gpsync::core::pii {

namespace {

bool ends_in_any(std::string_view word, std::initializer_list<std::string_view> endings) {
    return std::any_of(endings.begin(), endings.end(),
                       [word](std::string_view ending) { return word.ends_with(ending); });
}

// "florist", "beekeeper", "chairwoman": endings that only people have.
bool is_of_a_profession(std::string_view word) {
    constexpr size_t kShortest = 6;
    return word.size() >= kShortest &&
           ends_in_any(word, {"logist", "rist", "nist", "tist", "cist", "pist", "mist", "ician", "keeper",
                              "man", "woman", "person", "wright", "smith", "maid", "teacher"}) &&
           !ends_in_any(word,
                        {"human", "roman", "german", "exist", "consist", "persist", "wishlist", "assist"});
}

// "지원자명", "申込者氏名", "申请人姓名": the name of who does something. Not of a business or a maker.
bool is_of_a_doer(std::string_view word) {
    return ends_in_any(word, {"자명", "者名", "者氏名", "人姓名", "人氏名"}) &&
           !ends_in_any(word, {"업자명", "제조자명", "판매자명", "業者名", "製造者名", "販売者名"});
}

// "trained by": of what programs, carriers and companies do, and what sorts, a given name has to say it.
bool is_done_by_people(std::string_view verb) {
    static constexpr std::string_view kOthers[] = {
        "sorted",    "grouped",    "ordered",    "filtered",  "partitioned", "clustered",    "indexed",
        "powered",   "produced",   "operated",   "delivered", "insured",     "supplied",     "shipped",
        "issued",    "hosted",     "licensed",   "sponsored", "funded",      "backed",       "secured",
        "protected", "covered",    "triggered",  "blocked",   "replaced",    "superseded",   "caused",
        "followed",  "divided",    "multiplied", "owned",     "published",   "manufactured", "distributed",
        "carried",   "limited",    "increased",  "reduced",   "encrypted",   "generated",    "served",
        "provided",  "guaranteed", "financed",   "regulated", "created",     "updated",      "modified",
        "changed",   "deleted",    "inserted",   "handled",   "processed",   "performed"};
    constexpr size_t kShortest = 5;
    return verb.size() >= kShortest && verb.ends_with("ed") &&
           std::find(std::begin(kOthers), std::end(kOthers), verb) == std::end(kOthers);
}

}  // namespace

bool is_of_an_agent(std::string_view word) {
    constexpr size_t kShortest = 5;
    static constexpr std::string_view kBy[] = {"by",   "por",   "par", "von", "durch",
                                               "door", "przez", "af",  "av"};
    if (std::find(std::begin(kBy), std::end(kBy), word) != std::end(kBy)) return true;
    // Thai puts it in front.
    if (word.starts_with("ผู้")) return true;
    return word.size() >= kShortest &&
           (ends_in_any(word, {"er", "or", "ian", "eur", "ant", "ent", "ee"}) ||
            ends_in_any(word, {"are", "ore", "ario", "nik", "arz", "elo", "alo", "dor", "dora", "ista",
                               "ante", "ente"}) ||
            ends_in_any(word, {"ець", "ник", "тель", "чик", "щик", "лог", "ист", "ар", "ач"}));
}

bool is_of_somebody(const NameWords& words) {
    const size_t count = words.count();
    const std::string_view last = words.range(count - 1, count);
    if (last == "by")
        return count > 1 && (is_done_by_people(words.range(count - 2, count - 1)) ||
                             words.range(count - 2, count - 1) == "taught");
    return words.entry(count - 1) == nullptr && (is_of_a_profession(last) || is_of_a_doer(last));
}

bool is_part_behind_a_person(const NameWords& words) {
    if (words.count() != 2 || (words.flags(1) & kNamePart) == 0) return false;
    return (words.flags(0) & (kPerson | kAmbiguous | kQualifier)) == kPerson;
}

}  // namespace gpsync::core::pii
