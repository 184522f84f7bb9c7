#include "core/pii/names/value_forms.hpp"

#include <algorithm>
#include <array>

#include "core/ascii_case.hpp"
#include "core/pii/checksums.hpp"
#include "core/pii/mapped_text.hpp"
#include "core/pii/names/name_words.hpp"
#include "core/pii/names/thing_words.hpp"
#include "core/pii/protect/actions.hpp"
#include "core/pii/text.hpp"
#include "core/pii/timestamp.hpp"

namespace gpsync::core::pii {

TextShape shape_of(std::string_view text) {
    TextShape shape;
    for (char c : text) {
        const uint8_t c_class = class_of(c);
        if (is_digit(c))
            ++shape.digits;
        else if ((c_class & kLetter) != 0)
            ++shape.letters;
        else if (c == kUnspacedLetter)
            ++shape.unspaced;
        else if (is_space(c))
            ++shape.spaces;
        else
            ++shape.other;
        shape.lower += (c_class & kLower) != 0;
        shape.upper += (c_class & kUpper) != 0;
    }
    return shape;
}

namespace {

bool begins_with(std::string_view text, std::string_view lower) {
    return text.size() > lower.size() && equals_ignoring_case(text.substr(0, lower.size()), lower);
}

// {{first_name}}, ${PASSWORD}, <your name>, %NAME%
bool is_template(std::string_view text) {
    struct Quotes {
        std::string_view begin, end;
    };
    static constexpr Quotes kQuotes[] = {{"{{", "}}"}, {"${", "}"}, {"<", ">"}, {"%", "%"}, {"$(", ")"}};
    return std::any_of(std::begin(kQuotes), std::end(kQuotes), [text](const Quotes& quotes) {
        const size_t around = quotes.begin.size() + quotes.end.size();
        if (text.size() <= around || !text.starts_with(quotes.begin) || !text.ends_with(quotes.end))
            return false;
        const std::string_view inside = text.substr(quotes.begin.size(), text.size() - around);
        return std::all_of(inside.begin(), inside.end(), [](char c) {
            return (is_letter(c) && class_of(c) != kOtherLetter) || is_digit(c) || c == '_' || c == '.' ||
                   c == ' ' || c == '-';
        });
    });
}

}  // namespace

bool is_placeholder(std::string_view text) {
    static constexpr std::array<std::string_view, 29> kPlaceholders = {
        "n/a",           "na",          "none",         "null",          "nil",          "unknown",
        "undefined",     "tbd",         "redacted",     "[redacted]",    "hidden",       "masked",
        "empty",         "xxx",         "not provided", "not available", "not set",      "not applicable",
        "anonymous",     "xxxx",        "removed",      "deleted",       "not_provided", "not_set",
        "not specified", "unspecified", "string",       "boolean",       "integer"};
    return text == kRemovedMark || is_one_of(text, kPlaceholders) || is_template(text);
}

bool is_prompt(std::string_view text) {
    static constexpr std::array<std::string_view, 9> kBegin = {
        "enter ", "please ", "your ", "type your ", "insert ", "select ", "choose ", "e.g. ", "click "};
    return std::any_of(kBegin.begin(), kBegin.end(),
                       [text](std::string_view begin) { return begins_with(text, begin); });
}

bool is_validation_message(std::string_view text) {
    static constexpr std::array<std::string_view, 19> kBegin = {
        "is ",         "must ",         "should ",           "cannot ",        "can't ",
        "can not ",    "does not ",     "doesn't ",          "has to ",        "needs to ",
        "may not ",    "the password ", "password is ",      "password must ", "your password ",
        "enter your ", "please enter ", "can\xE2\x80\x99t ", "has already "};
    return std::any_of(kBegin.begin(), kBegin.end(),
                       [text](std::string_view begin) { return begins_with(text, begin); });
}

bool is_isin(std::string_view text) {
    constexpr size_t kSize = 12, kCountry = 2;
    if (text.size() != kSize || !is_digit(text.back())) return false;
    std::string digits;
    for (size_t i = 0; i < kSize; ++i) {
        const uint8_t c_class = class_of(text[i]);
        if ((c_class & kUpper) != 0)
            digits += std::to_string(text[i] - 'A' + 10);
        else if (is_digit(text[i]) && i >= kCountry)
            digits += text[i];
        else
            return false;
    }
    return luhn_valid(digits);
}

bool is_outcome(std::string_view text) {
    static constexpr std::array<std::string_view, 46> kOutcomes = {"m",
                                                                   "n",
                                                                   "p",
                                                                   "u",
                                                                   "s",
                                                                   "y",
                                                                   "match",
                                                                   "matched",
                                                                   "no_match",
                                                                   "mismatch",
                                                                   "not_matched",
                                                                   "present",
                                                                   "not_present",
                                                                   "absent",
                                                                   "verified",
                                                                   "not_verified",
                                                                   "passed",
                                                                   "failed",
                                                                   "pass",
                                                                   "fail",
                                                                   "true",
                                                                   "false",
                                                                   "yes",
                                                                   "no",
                                                                   "unavailable",
                                                                   "not_provided",
                                                                   "not_checked",
                                                                   "unchecked",
                                                                   "checked",
                                                                   "valid",
                                                                   "invalid",
                                                                   "provided",
                                                                   "unsupported",
                                                                   "online",
                                                                   "offline",
                                                                   "signature",
                                                                   "not_supported",
                                                                   "success",
                                                                   "ok",
                                                                   "error",
                                                                   "required",
                                                                   "optional",
                                                                   "enabled",
                                                                   "disabled",
                                                                   "not_required",
                                                                   "expired"};
    return is_one_of(text, kOutcomes);
}

bool is_coded(const TextShape& shape, std::string_view text, size_t least) {
    if (shape.words() < least || shape.spaces > 0 || shape.unspaced > 0) return false;
    const bool alphabet = std::all_of(text.begin(), text.end(), [](char c) {
        return (is_word(c) && class_of(c) != kOtherLetter) || c == '+' || c == '/' || c == '=' || c == '-' ||
               c == '_' || c == ':';
    });
    return alphabet && (shape.digits > 0 || text.ends_with('=') || (shape.upper > 1 && shape.lower > 1));
}

bool is_track(const TextShape& shape, std::string_view text) {
    constexpr size_t kDigitsOfTrack = 13, kShortestCoded = 24;
    return shape.digits >= kDigitsOfTrack ||
           (shape.digits > 1 && text.find_first_of("-_:") == std::string_view::npos &&
            is_coded(shape, text, kShortestCoded));
}

namespace {

// What companies, programs, accounts and places have in their names.
// clang-format off
constexpr std::string_view kCompanyWords[] = {
    "inc", "ltd", "llc", "llp", "gmbh", "corp", "co", "ag", "plc", "sa", "sas", "sarl", "srl", "spa", "bv",
    "nv", "oy", "ab", "as", "kg", "ug", "pty", "limited", "trust", "fund", "store", "shop", "market",
    "account", "savings", "checking", "ventures", "airport", "station", "app", "mobile", "web", "api",
    "client", "portal", "agent", "browser", "admin", "support", "sales", "customer", "care", "office",
    "newsletter", "notifications", "integration", "connector", "plugin", "main", "primary", "default",
    "business", "joint", "personal", "current", "street", "road", "avenue", "city", "hauptbahnhof",
    "central", "north", "south", "east", "west", "international", "national", "test", "demo", "sandbox",
    "production", "job", "engine", "process", "administrator", "automation", "script", "import", "sync",
    "migration", "visa", "mastercard", "amex", "card", "debit", "credit", "rewards"};
// What the last word of such a name calls it: "Platform Team", "Silverline Telecom".
constexpr std::string_view kKinds[] = {
    "agency", "airlines", "airways", "associates", "association", "bank", "bot", "clinic", "cluster",
    "college", "company", "consulting", "corporation", "daemon", "dashboard", "database", "department",
    "dept", "desk", "division", "electronics", "energy", "enterprises", "foundation", "gateway", "group",
    "helpdesk", "holding", "holdings", "hospital", "hotel", "industries", "insurance", "labs", "logistics",
    "media", "motors", "networks", "partners", "pharma", "pharmacy", "pipeline", "platform", "restaurant",
    "scheduler", "server", "service", "services", "software", "solutions", "squad", "stores", "studio",
    "studios", "supermarket", "system", "systems", "team", "tech", "technologies", "technology", "telecom",
    "telecoms", "university"};
// clang-format on
// What stands in persons' names in lower case.
constexpr std::array<std::string_view, 38> kParticles = {
    "von", "van", "de", "der", "den",  "del", "della", "di",  "da",  "do", "dos",   "das",   "du",
    "la",  "le",  "el", "al",  "bin",  "ibn", "ben",   "y",   "e",   "zu", "ter",   "binti", "bint",
    "bt",  "abu", "af", "i",   "dela", "zum", "zur",   "vom", "ten", "ap", "ferch", "mac"};

bool is_company_word(std::string_view word) {
    return is_one_of(word, kCompanyWords) || is_one_of(word, kKinds);
}

}  // namespace

bool is_name_particle(std::string_view word) {
    return is_one_of(word, kParticles);
}

bool is_service_id(std::string_view text) {
    if (begins_with(text, "arn:") || begins_with(text, "urn:")) return true;
    const auto begins_iban = [text] {
        return text.size() > 4 && is_letter(text[0]) && is_letter(text[1]) && is_digit(text[2]) &&
               is_digit(text[3]);
    };
    if (begins_iban()) return false;
    bool digit = false, mixed = false, upper = false;
    for (const char c : text) {
        if (!is_word(c) && c != '_') return false;
        digit |= is_digit(c);
        mixed |= digit && (class_of(c) & kLower) != 0;
        upper |= (class_of(c) & kUpper) != 0 || c == '_';
    }
    return mixed && upper;
}

namespace {

// Of a membership.
bool is_level(std::string_view word) {
    static constexpr std::array<std::string_view, 6> kLevels = {"bronze",   "silver",  "gold",
                                                                "platinum", "premium", "basic"};
    return is_one_of(word, kLevels);
}

// Who answers, where nobody is named: {"receiver": {"name": "Support"}}.
bool is_department(std::string_view word) {
    static constexpr std::array<std::string_view, 14> kDepartments = {
        "accounting", "billing",    "finance",   "helpdesk", "logistics", "marketing", "noreply",
        "operations", "postmaster", "reception", "sales",    "security",  "support",   "webmaster"};
    return is_one_of(word, kDepartments);
}

// Words of which the vocabulary knows that they are no person's name, and a few that things are called by.
bool is_word_of_things(std::string_view word, uint32_t flags) {
    constexpr size_t kLongest = 24;
    static constexpr std::array<std::string_view, 16> kWords = {
        "span",  "root",   "queue", "inbox",   "cron",  "daemon", "runner", "junit",
        "mysql", "pytest", "mongo", "mongodb", "redis", "kafka",  "jdbc",   "odbc"};
    // "po", "in", "age" are syllables of names, too.
    constexpr size_t kShortest = 4;
    if (word.size() + 1 < kShortest || word.size() > kLongest) return false;
    if (is_one_of(word, kWords) || is_company_word(word) || is_level(word)) return true;
    const Word* known = word.size() < kShortest ? nullptr : find_word(core::to_lower(word));
    return known != nullptr && known->detector == Detector::kNone && (known->flags & flags) != 0 &&
           (known->flags & kNameOnly) == 0;
}

// "Platform Team", "Ubuntu Server": two words and more, of which the last is what they call.
bool is_called_after_its_kind(std::string_view text) {
    const size_t blank = text.find_last_of(' ');
    return blank != std::string_view::npos && blank > 0 && is_one_of(text.substr(blank + 1), kKinds);
}

}  // namespace

bool is_name_of_a_thing(std::string_view text) {
    constexpr size_t kLongest = 80;
    constexpr uint32_t kAlone = kThing | kOrganisation | kVersion,
                       kJoined = kAlone | kPerson | kOrder | kHash | kTime | kQualifier;
    if (text.size() > kLongest) return false;
    if (text.find(' ') != std::string_view::npos) return is_called_after_its_kind(text);
    const TextShape shape = shape_of(text);
    const bool capital = shape.upper == 1 && (class_of(text[0]) & kUpper) != 0;
    const bool alone = shape.digits + shape.other == 0;
    if (shape.unspaced > 0 || (shape.upper > 0 && shape.lower > 0 && !(capital && alone))) return false;
    for (size_t begin = 0; begin < text.size();) {
        const size_t end = word_end(text, begin);
        const std::string_view word = text.substr(begin, end - begin);
        // "Page", "Root" may be somebody; "Gold" as a level hardly is.
        if (!word.empty() && (capital ? is_level(word) || is_department(word)
                                      : is_word_of_things(word, alone ? kAlone : kJoined)))
            return true;
        begin = end + 1;
    }
    return false;
}

bool has_word_of_things(std::string_view text) {
    constexpr uint32_t kFlags = kThing | kOrganisation | kVersion | kOrder | kHash | kTime | kQualifier;
    bool of_family = false;  // "Sjoerd van den Berg", "Ida de La Tour"
    for (size_t begin = 0; begin < text.size();) {
        const size_t end = word_end(text, begin);
        const std::string_view word = text.substr(begin, end - begin);
        const bool small = begin > 0 && (class_of(text[begin]) & kLower) != 0;
        begin = end + 1;
        if (word.empty()) continue;
        if (is_name_particle(word) && (small || of_family)) {
            of_family = true;
            continue;
        }
        if (!of_family && (is_thing_word(word) || is_word_of_things(word, kFlags))) return true;
        of_family = false;
    }
    return false;
}

bool is_url(std::string_view text) {
    const size_t scheme = text.find("://");
    return scheme != std::string_view::npos && scheme > 1 && scheme < 8 &&
           text.find(' ') == std::string_view::npos;
}

bool is_of_machine(std::string_view text) {
    static constexpr std::array<std::string_view, 9> kWords = {"broadcast",  "multicast", "unicast",
                                                               "anycast",    "loopback",  "localhost",
                                                               "link-local", "any",       "wildcard"};
    if (is_one_of(text, kWords)) return true;
    if (begins_with(text, "0x")) return text.find_first_not_of("0123456789abcdefABCDEF", 2) == text.npos;
    // "aws_s3_bucket.card_art"
    const bool resource = text.find('_') != text.npos && text.find('.') != text.npos;
    if (resource && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_.[]-\"") == text.npos)
        return true;
    // "smdp.example.com", "module.db.instance"
    const bool name = text.find('.') != text.npos && text.back() != '.' && text.find("..") == text.npos;
    if (name && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-") == text.npos &&
        std::any_of(text.begin(), text.end(), is_letter))
        return true;
    const bool numbers = text.find_first_not_of("0123456789.:*") == text.npos;
    return numbers && (std::count(text.begin(), text.end(), '.') == 3 || text.find(':') != text.npos);
}

namespace {

// "1.1DUPONT/THIJS MR": IATA, passenger name elements: family name, given names, title.
bool is_on_a_ticket(std::string_view text) {
    constexpr std::array<std::string_view, 10> kTitles = {"mr", "mrs",  "ms",  "miss", "mstr",
                                                          "dr", "prof", "chd", "inf",  "mx"};
    while (!text.empty() && (is_digit(text[0]) || text[0] == '.')) text.remove_prefix(1);
    const size_t slash = text.find('/'), title = text.find_last_of(" /");
    if (slash == std::string_view::npos || slash < 2 || text.find('/', slash + 1) != std::string_view::npos)
        return false;
    const bool upper = std::none_of(text.begin(), text.end(), [](char c) {
        return (class_of(c) & kLower) != 0 || is_digit(c) || c == '_' || c == ':' || c == '.';
    });
    return upper && title > slash && is_one_of(text.substr(title + 1), kTitles);
}

}  // namespace

namespace {

// "d'Aubigny", "dell'Acqua": what is behind the apostrophe.
std::string_view without_elision(std::string_view word) {
    constexpr size_t kLongest = 4;
    const size_t at = word.find('\'');
    const bool elided =
        at >= 1 && at <= kLongest && at + 1 < word.size() && (class_of(word[0]) & kLower) != 0;
    return elided ? word.substr(at + 1) : word;
}

}  // namespace

bool is_persons_name(const TextShape& shape, std::string_view text, size_t least_words) {
    constexpr size_t kLongest = 80, kMostWords = 7;
    if (text.size() <= kLongest && is_on_a_ticket(text)) return true;
    if (shape.digits > 0 || text.size() > kLongest) return false;
    if (shape.letters == 0) return shape.unspaced >= least_words && shape.unspaced <= 24;
    size_t words = 0;
    for (size_t i = 0; i < text.size();) {
        if (is_space(text[i]) || text[i] == ',') {
            ++i;
            continue;
        }
        const size_t start = i;
        while (i < text.size() && !is_space(text[i]) && text[i] != ',') ++i;
        std::string_view word = text.substr(start, i - start);
        if (word.find_first_of("/_:@&()#+=<>{}[]|\\") != std::string_view::npos) return false;
        if (word.back() == '.') word.remove_suffix(1);
        if (is_one_of(word, kParticles) || word == "'t" || word == "\xE2\x80\x99t") continue;
        word = without_elision(word);
        if (word.empty() || (class_of(word[0]) & kLower) != 0 || !is_letter(word[0])) return false;
        if (is_company_word(word)) return false;
        ++words;
    }
    return words >= least_words && words <= kMostWords;
}

bool is_postal_code(const TextShape& shape, std::string_view text) {
    return shape.digits >= 2 && shape.words() >= 3 && shape.words() <= 10 && shape.spaces <= 2 &&
           shape.unspaced <= 1 && shape.lower == 0 && text.find_first_of("./:_@,") == std::string_view::npos;
}

namespace {

// "Where we send your invoice": a capital in front, no other, no number, and four words that are no
// particles.
bool is_sentence(const TextShape& shape, std::string_view text) {
    constexpr size_t kFewestWords = 4, kShortestWord = 4;
    if (shape.digits > 0 || shape.upper != 1 || (class_of(text[0]) & kUpper) == 0) return false;
    size_t words = 0;
    for (size_t begin = 0; begin < text.size();) {
        const size_t end = word_end(text, begin);
        words += end - begin >= kShortestWord;
        begin = end + 1;
    }
    return words >= kFewestWords;
}

}  // namespace

bool is_place(const TextShape& shape, std::string_view text) {
    constexpr size_t kLongest = 200;
    if (text.size() > kLongest || text.find_first_of("_@={}<>|\\") != std::string_view::npos ||
        text.find("//") != std::string_view::npos || text[0] == '/')
        return false;
    if (is_postal_code(shape, text)) return true;
    if (is_sentence(shape, text)) return false;
    const bool other_script =
        std::any_of(text.begin(), text.end(), [](char c) { return class_of(c) == kOtherLetter; });
    return shape.all_letters() >= 2 && (shape.upper > 0 || shape.unspaced > 0 || other_script);
}

bool is_coordinate(std::string_view text) {
    constexpr size_t kFewestDecimals = 2, kMostDegrees = 3;
    if (text.starts_with('-')) text.remove_prefix(1);
    const size_t point = text.find('.');
    if (point == std::string_view::npos || point == 0 || point > kMostDegrees ||
        text.size() - point - 1 < kFewestDecimals)
        return false;
    const std::string_view degrees = text.substr(0, point), decimals = text.substr(point + 1);
    return std::all_of(degrees.begin(), degrees.end(), is_digit) &&
           std::all_of(decimals.begin(), decimals.end(), is_digit) && number_of(degrees) <= 180;
}

bool is_secret(const TextShape& shape, std::string_view text) {
    if (shape.spaces > 0 || text.find("://") != std::string_view::npos || text[0] == '/' ||
        shape.words() + shape.unspaced + shape.other < 4)
        return false;
    const bool only_begins_upper = shape.upper == 1 && (class_of(text[0]) & kUpper) != 0;
    const bool mixed = shape.upper > 0 && shape.lower > 0 && !only_begins_upper;
    const auto separators = static_cast<size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return c == '_' || c == '-' || c == '.'; }));
    return shape.digits > 0 || mixed || shape.other > separators;
}

namespace {

// "cs_test_a1B2…": a word of small letters and '_', in front of a service's own identifier.
bool begins_like_an_id(std::string_view text) {
    const size_t end = text.find('_');
    return end != std::string_view::npos && end > 0 &&
           std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end),
                       [](char c) { return (class_of(c) & kLower) != 0; });
}

}  // namespace

bool is_opaque_token(const TextShape& shape, std::string_view text) {
    constexpr size_t kShortest = 24, kLongest = 128, kFewestDigits = 2;
    return text.size() >= kShortest && text.size() <= kLongest && shape.upper > 1 && shape.lower > 1 &&
           shape.digits >= kFewestDigits && shape.spaces == 0 && !begins_like_an_id(text) &&
           std::all_of(text.begin(), text.end(), [](char c) { return is_word(c) || c == '-' || c == '_'; });
}

}  // namespace gpsync::core::pii
