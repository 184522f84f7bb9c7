// The detectors by value: linear scanners over one string, a file for each family.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/pii/detector.hpp"
#include "core/pii/names/name_words.hpp"
#include "core/pii/secret_names.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

struct Finding {
    uint32_t begin, end;  // bytes of the scanned text
    Detector detector;
};

// First six digits of token ranges, both ends included.
struct BinRange {
    uint32_t first, last;
};

// What is known of the string from outside: its key, its path, the policy.
struct ScanContext {
    DetectorSet named;      // detectors that the path names; weak evidence is enough for them
    bool doubtful = false;  // what named has comes from a name that may mean something else
    uint32_t flags = 0;     // WordFlag of the string's own name: see spared()
    bool number = false;    // a JSON number: nothing but digits, and only strong evidence counts
    bool party = false;     // the string's own name is for either end of a call or a message: "from", "to"
    bool device = false;    // the path says that a PAN here is a device PAN
    bool funding = false;   // the key says that it is not
    SecretName header = SecretName::kNone;  // the string is that of such a header, or of a cookie
    std::span<const BinRange> token_bins;
};

// A run of bytes of one alphabet that a scanner has read, from the word where it began. Other words begin in
// the same run: for them it need not be read again.
struct ByteRun {
    uint32_t begin = 0, end = 0;

    bool covers(uint32_t at) const { return begin <= at && at < end; }
};

// What the scanners remember of a text from word to word. None of them may read from each word to an end that
// many words share: then the time grows with the square of the text.
struct ScanMemory {
    struct SecretRun : ByteRun {
        uint32_t behind_digits = 0;  // behind the last digit in it
    };
    struct Base64Run : ByteRun {
        std::array<uint32_t, 4> behind_alg{};  // by position modulo 4: behind the last place with "alg" in it
    };
    static constexpr size_t kJwtRuns = 8;  // a JWT has three parts, a JWE five

    SecretRun secret;
    std::array<Base64Run, kJwtRuns> jwt;
    size_t next_jwt = 0;
    // The run without blanks and quotes at read, which began at begin.
    struct Run {
        uint32_t begin = 0, read = 0;
        bool url = false;  // "://" was in it, or it began with '/'
    } run;
};

// Numbers written in groups: consecutive all-digit words with separators that people write inside a number.
struct DigitGroups {
    static constexpr size_t kMostGroups = 20, kMostDigits = 40;
    size_t count = 0;
    size_t alike_sizes = 0;       // the first so many groups have the same size
    size_t alike_separators = 0;  // the first so many are joined by the same separator
    char digits[kMostDigits];
    uint8_t sizes[kMostGroups];
    uint8_t sums[kMostGroups + 1];  // [k] is the digits of the first k groups
    char separators[kMostGroups];   // [k] stands before group k; ')' for anything with a parenthesis
    uint32_t begins[kMostGroups], ends[kMostGroups];

    size_t total(size_t groups) const { return sums[groups]; }
    std::string_view first(size_t groups) const { return {digits, total(groups)}; }
    bool same_separators(size_t groups) const { return groups <= 2 || groups <= alike_separators; }
    bool sizes_are(std::initializer_list<uint8_t> expected) const;  // of the first groups
};

// One pass over one string.
class Scan {
  public:
    Scan(std::string_view text_, std::span<const Token> tokens_, const ScanContext& context_,
         std::vector<Finding>& findings, ScanMemory& memory_)
        : text(text_), tokens(tokens_), context(context_), memory(memory_), findings_(findings) {}

    void report(uint32_t begin, uint32_t end, Detector detector) {
        findings_.push_back({begin, end, detector});
        done = end > done ? end : done;
    }
    std::string_view word(size_t token) const {
        return text.substr(tokens[token].begin, tokens[token].size());
    }
    // The byte before or behind; 0 at the ends.
    char before(uint32_t at) const { return at == 0 ? '\0' : text[at - 1]; }
    char at(uint32_t position) const { return position < text.size() ? text[position] : '\0'; }

    // Whether the path or the words in front of this token name d (see scan_groups.cpp).
    bool named(Detector d, size_t token) { return context.named.has(d) || hint_before(token).has(d); }
    // Whether the words do, whatever the path says.
    bool named_by_words(Detector d, size_t token) { return hint_before(token).has(d); }
    // Whether they name any.
    bool named_at_all(size_t token) { return !(context.named | hint_before(token)).empty(); }
    // Whether text[begin, end), found by its form alone, is an identifier of another kind: it is one word and
    // the whole value, and the name or the words directly in front have one of the flags ({"trace": "…"},
    // "order no. …"). Such words spare nothing else: what has separators has a form of its own, and in a
    // sentence they may be about anything.
    bool spared(uint32_t flags, size_t token, uint32_t begin, uint32_t end) const;
    // Whether text[begin, end) is the number of a part or of goods: those are grouped in all ways ({"sku":
    // "…"} as the whole value, "part no. …").
    bool article(size_t token, uint32_t begin, uint32_t end) const;
    // Whether text[begin, end) is the number of a document that begins with 0 and has dashes or slashes:
    // {"invoiceNumber": "…"} as the whole value; in a text directly behind the word, and only two groups of
    // sizes that few telephone numbers have.
    bool document(size_t token, const DigitGroups& groups, size_t count) const;
    // The entry of the word, or of the phrase of up to three words, directly in front of the token; nullptr
    // when there is none, or more than a few marks in between.
    const Word* word_before(size_t token) const;
    // The same, but of "version" in front of "version number".
    const Word* noun_before(size_t token) const;
    // "ORD-415-555-0123": fastened by '-', '_' and the like to a word with letters in front.
    bool fastened(size_t token) const;
    // Whether a number in groups, with this separator between them, is fastened as a part of something
    // longer: not as a step of a path or in a file's name, over another mark than its own
    // ("users/219-09-9999", "scan_219-09-9999.pdf"), unless the word in front is one for orders, goods or
    // versions.
    bool part_of_word(size_t token, char separator) const;
    // "12345678909,50": the digits that end there go on behind a comma; but "1,12345678909,2" is a row of a
    // table.
    bool has_cents(uint32_t begin, uint32_t end) const;

    // The groups of the number that begins at a word of digits alone, as collect_groups() gives them; valid
    // until the next call.
    const DigitGroups& groups_at(size_t token);

    const std::string_view text;
    const std::span<const Token> tokens;
    const ScanContext& context;
    ScanMemory& memory;
    uint32_t done = 0;  // everything before it belongs to a finding

  private:
    // Makes the groups of the number at the next word out of those at this one; false when they have to be
    // collected anew.
    bool advance_groups();
    DetectorSet hint_before(size_t token);
    DetectorSet make_hint(size_t token) const;

    std::vector<Finding>& findings_;
    DigitGroups groups_{};
    size_t groups_token_ = SIZE_MAX;
    size_t hint_token_ = SIZE_MAX;
    DetectorSet hint_;
};

// REQUIRES: tokens[token] is all digits.
// skip: leave out so many letters at the first word's beginning.
DigitGroups collect_groups(const Scan& scan, size_t token, uint32_t skip = 0);
// What a code is by the words behind it, from its end on: " is your verification code". kNone where it is
// none. Reads at most some 60 bytes.
Detector code_behind(std::string_view text, size_t end);
// The separator between two groups, or 0 when what stands between them parts two numbers.
char soft_separator(std::string_view between);

// Reports an expiry and a security code that stand beside a card number.
void scan_beside_card(Scan& scan, uint32_t begin, uint32_t end);
// Reports the rest of a track, of which the card number is found: it ends there. True when it did.
bool scan_rest_of_track(Scan& scan, uint32_t pan_end);

// Each searches for its kinds at tokens[token] and reports what it finds; true when it did.
bool scan_track(Scan& scan, size_t token);
bool scan_pan(Scan& scan, size_t token, const DigitGroups& groups);
bool scan_spread_pan(Scan& scan, size_t token);                             // in groups over unusual marks
bool scan_glued_pan(Scan& scan, size_t token);                              // "PAN4111…" in one word
bool scan_plus_phone(Scan& scan, size_t token, const DigitGroups& groups);  // with + or 00 and a country code
bool scan_phone(Scan& scan, size_t token, const DigitGroups& groups);       // as written at home, or named
bool scan_state_number(Scan& scan, size_t token, const DigitGroups& groups);
bool scan_named_number(Scan& scan, size_t token, const DigitGroups& groups);
bool scan_code_in_front(Scan& scan, const DigitGroups& groups);  // "730164 is your login code"
bool scan_named_block(Scan& scan, size_t token);  // a PIN block or cryptogram, after a word that says so
bool scan_glued_code(Scan& scan, size_t token);   // "CVV123" in one word
bool scan_numbered_block(Scan& scan, size_t token);  // "DE52: A1B2…", "9F26 A1B2…", by a number of a standard
bool scan_date(Scan& scan, size_t token, const DigitGroups& groups);
bool scan_worded_date(Scan& scan, size_t token);  // "9 April 1981" of a birth, at the day
bool scan_iban(Scan& scan, size_t token);
bool scan_state_code(Scan& scan, size_t token);   // numbers with letters: NINO, NIF, codice fiscale
bool scan_national_id(Scan& scan, size_t token);  // by the table in ids/national_ids.cpp
bool scan_named_code(Scan& scan, size_t token);   // passport and the like, after a word that says so
bool scan_ip(Scan& scan, size_t token);
bool scan_mac(Scan& scan, size_t token);
bool scan_device(Scan& scan, size_t token, const DigitGroups& groups);  // IMEI
bool scan_vin(Scan& scan, size_t token);
bool scan_secret(Scan& scan, size_t token);
bool may_begin_secret(std::string_view text);     // whether one may begin the text; false is sure
std::vector<std::string_view> secret_prefixes();  // of services' keys; tests repeat them
bool scan_wallet(Scan& scan, size_t token);
bool scan_bot_token(Scan& scan, size_t token);  // of Telegram, at the number in front of its ':'
void scan_emails(Scan& scan);
bool scan_spelled_email(Scan& scan, size_t token);       // "joe (at) example dot com", at the word "at"
void scan_assignments(Scan& scan);                       // "password=…", "Authorization: …", cookies
void scan_commands(Scan& scan);                          // "--password x", .netrc, .pgpass
bool scan_secret_behind_verb(Scan& scan, size_t token);  // "password is Sommer2019", at the word "is"
void scan_machine_readable_zones(Scan& scan);            // of passports and identity cards

// With which two bytes a secret may begin.
class SecretBeginnings {
  public:
    constexpr void add(char first, char second) {
        const size_t i = index(first, second);
        may_begin_[i / 64] |= uint64_t{1} << i % 64;
    }
    // False is sure.
    bool has(char first, char second) const {
        const size_t i = index(first, second);
        return (may_begin_[i / 64] >> i % 64 & 1) != 0;
    }

  private:
    static constexpr size_t kAscii = 128;
    static constexpr size_t index(char first, char second) {
        return (static_cast<unsigned char>(first) % kAscii) * kAscii +
               static_cast<unsigned char>(second) % kAscii;
    }
    std::array<uint64_t, kAscii * kAscii / 64> may_begin_{};
};
extern const SecretBeginnings secret_beginnings;

// All of them over text, which has been folded. Appends to findings, sorted by begin, none overlapping.
class Scanner {
  public:
    void scan(std::string_view text, const ScanContext& context, std::vector<Finding>& findings);

  private:
    void scan_words(std::string_view text, const ScanContext& context);

    std::vector<Token> tokens_;
    std::vector<Finding> raw_;
    ScanMemory memory_;
};

}  // namespace gpsync::core::pii
