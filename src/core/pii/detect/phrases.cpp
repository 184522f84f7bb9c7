#include "core/pii/detect/phrases.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "core/pii/names/given_names.hpp"
#include "core/pii/names/name_class.hpp"
#include "core/pii/names/value_forms.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

constexpr size_t npos = std::string_view::npos;

enum class Kind : uint8_t {
    kGreeting,   // a name with a given name, or behind a title, and a mark behind it
    kStatement,  // "my name is": two words, or a given name
    kSigned,     // a given name
    kTitle,      // two words with a given name
    kAddress,    // "I live at": to the sentence's end, with a number in it
};

// In small letters; of other letters than ASCII's as they begin a sentence and within one.
struct Phrases {
    Kind kind;
    std::string_view all;  // parted by '|'
};
constexpr Phrases kPhrases[] = {
    {Kind::kGreeting,
     "dear|hi|hello|hey|good morning|good afternoon|good evening|hallo|liebe|lieber|guten tag|guten morgen|"
     "sehr geehrte|sehr geehrter|bonjour|bonsoir|cher|chère|hola|buenos días|buenas tardes|estimado|estimada|"
     "querido|querida|ciao|buongiorno|buonasera|caro|cara|gentile|egregio|olá|bom dia|boa tarde|prezado|"
     "prezada|caro|beste|geachte|goedemorgen|goedemiddag|drogi|droga|szanowny|szanowna|dzień dobry|cześć|"
     "merhaba|sayın|sevgili|kära|hej|kære|bästa|stimate|stimată|bună ziua|dragă|vážený|vážená|milý|milá|"
     "kedves|tisztelt|αγαπητέ|αγαπητή|уважаемый|Уважаемый|уважаемая|Уважаемая|здравствуйте|Здравствуйте|"
     "дорогой|Дорогой|дорогая|Дорогая|шановний|Шановний|шановна|Шановна|welcome|welcome back|thank "
     "you|thanks"},
    {Kind::kStatement,
     "my name is|my name's|my full name is|mein name ist|ich heiße|ich heisse|"
     "je m'appelle|je m’appelle|mon nom est|me llamo|mi nombre es|"
     "mi chiamo|il mio nome è|meu nome é|o meu nome é|me chamo|"
     "chamo-me|mijn naam is|ik heet|nazywam się|mam na imię|moje imię to|"
     "benim adım|adım|ismim|jag heter|mitt namn är|jeg hedder|mit navn er|jeg heter|mitt navn er|mă numesc|"
     "numele meu este|jmenuji se|a nevem|με λένε|ονομάζομαι|меня зовут|Меня зовут|моё имя|Моё имя|"
     "мене звати|Мене звати|hello my name is|hi my name is|and my name is"},
    {Kind::kSigned,
     "signed by|unterzeichnet von|unterschrieben von|signé par|firmado por|firmato da|assinado por|"
     "getekend door|podpisano przez|assinado por|undertecknat av|underskrevet af"},
    {Kind::kTitle,
     "mr|mr.|mrs|mrs.|ms|ms.|dr|dr.|prof|prof.|herr|herrn|frau|monsieur|madame|mme|mlle|señor|señora|sr.|sra."
     "|srta.|don|"
     "doña|signor|signora|sig.|sig.ra|dhr.|mevr.|mevrouw|meneer|senhor|senhora|pan|pani|bay|bayan|господин|"
     "Господин|госпожа|Госпожа|г-н|Г-н|г-жа|Г-жа"},
    {Kind::kAddress,
     "i live at|i am living at|i reside at|my address is|my home address is|we live at|ich wohne in|"
     "ich wohne am|meine adresse ist|meine anschrift ist|j'habite au|j’habite au|j'habite|mon adresse est|"
     "vivo en|mi dirección es|abito in|il mio indirizzo è|moro na|moro no|o meu endereço é|meu endereço é|"
     "ik woon in|ik woon op|ik woon aan|mijn adres is|mieszkam przy|mój adres to|adresim|jag bor på|"
     "min adress är|jeg bor på|min adresse er|я живу по адресу|Я живу по адресу|мой адрес|Мой адрес|"
     "ship it to|please send it to"}};

// What greets nobody: "Dear Mr. President", and what a title may stand in front of.
bool is_an_office(std::string_view word) {
    return is_one_of(word,
                     {"president", "chairman",   "chair",     "secretary", "speaker",       "ambassador",
                      "minister",  "chancellor", "mayor",     "director",  "customer",      "kunde",
                      "kundin",    "client",     "cliente",   "klant",     "team",          "all",
                      "sir",       "madam",      "damen",     "herren",    "bundeskanzler", "präsident",
                      "doktor",    "doctor",     "professor", "coffee",    "customers",     "colleagues"});
}

// The closing of a letter, a line of its own.
constexpr std::string_view kClosings[] = {"regards",
                                          "best regards",
                                          "kind regards",
                                          "warm regards",
                                          "many thanks",
                                          "thanks",
                                          "thank you",
                                          "best",
                                          "best wishes",
                                          "all the best",
                                          "cheers",
                                          "sincerely",
                                          "yours sincerely",
                                          "sincerely yours",
                                          "yours faithfully",
                                          "yours truly",
                                          "yours",
                                          "love",
                                          "respectfully",
                                          "cordially",
                                          "mit freundlichen grüßen",
                                          "mit freundlichen gruessen",
                                          "mit freundlichem gruß",
                                          "viele grüße",
                                          "liebe grüße",
                                          "beste grüße",
                                          "freundliche grüße",
                                          "herzliche grüße",
                                          "gruß",
                                          "mfg",
                                          "cordialement",
                                          "bien cordialement",
                                          "bien à vous",
                                          "amicalement",
                                          "sincères salutations",
                                          "salutations distinguées",
                                          "saludos",
                                          "un saludo",
                                          "saludos cordiales",
                                          "atentamente",
                                          "cordiales saludos",
                                          "cordiali saluti",
                                          "distinti saluti",
                                          "un saluto",
                                          "saluti",
                                          "grazie",
                                          "atenciosamente",
                                          "cumprimentos",
                                          "com os melhores cumprimentos",
                                          "abraços",
                                          "obrigado",
                                          "obrigada",
                                          "met vriendelijke groet",
                                          "met vriendelijke groeten",
                                          "groeten",
                                          "hoogachtend",
                                          "pozdrawiam",
                                          "z poważaniem",
                                          "serdecznie pozdrawiam",
                                          "saygılarımla",
                                          "saygılarımızla",
                                          "iyi günler",
                                          "med vänlig hälsning",
                                          "vänliga hälsningar",
                                          "hälsningar",
                                          "med venlig hilsen",
                                          "hilsen",
                                          "vennlig hilsen",
                                          "med vennlig hilsen",
                                          "cu stimă",
                                          "s pozdravem",
                                          "üdvözlettel",
                                          "με εκτίμηση",
                                          "С уважением",
                                          "с уважением",
                                          "З повагою"};
constexpr PhraseBeginnings kClosingBeginnings = [] {
    PhraseBeginnings bits{};
    for (const std::string_view words : kClosings) {
        const size_t at = phrase_beginning(words[0], words[1], words[2]);
        bits[at / 64] |= uint64_t{1} << at % 64;
    }
    return bits;
}();

bool is_closing(std::string_view line) {
    constexpr size_t kShortest = 3, kLongest = 40;
    if (line.size() < kShortest || line.size() > kLongest) return false;
    const size_t at = phrase_beginning(line[0], line[1], line[2]);
    if ((kClosingBeginnings[at / 64] >> at % 64 & 1) == 0) return false;
    while (!line.empty() && std::string_view(",.! \r").find(line.back()) != npos) line.remove_suffix(1);
    return is_one_of(line, std::span(kClosings));
}

// By the first byte, in small letters.
struct Table {
    struct Entry {
        std::string_view words;
        Kind kind = Kind::kGreeting;
    };
    static constexpr size_t kMost = 256;
    std::array<Entry, kMost> entries{};
    std::array<uint16_t, 257> starts{};
};
template <class F>
constexpr void for_each_phrase(F&& f) {
    for (const Phrases& phrases : kPhrases)
        for (size_t begin = 0; begin < phrases.all.size();) {
            const size_t end = std::min(phrases.all.find('|', begin), phrases.all.size());
            f(phrases.all.substr(begin, end - begin), phrases.kind);
            begin = end + 1;
        }
}
constexpr Table kTable = [] {
    Table table;
    for_each_phrase(
        [&](std::string_view words, Kind) { ++table.starts[static_cast<unsigned char>(words[0]) + 1U]; });
    for (size_t byte = 0; byte < 256; ++byte)
        table.starts[byte + 1] = static_cast<uint16_t>(table.starts[byte + 1] + table.starts[byte]);
    std::array<uint16_t, 257> next = table.starts;
    for_each_phrase([&](std::string_view words, Kind kind) {
        table.entries[next[static_cast<unsigned char>(words[0])]++] = {words, kind};
    });
    return table;
}();

// Behind a phrase of two letters stands one of these, too.
constexpr PhraseBeginnings make_beginnings() {
    PhraseBeginnings bits{};
    for (size_t i = 0; i < kTable.starts[256]; ++i) {
        const std::string_view words = kTable.entries[i].words;
        for (const char behind : {' ', ',', ':'}) {
            const size_t at = phrase_beginning(words[0], words[1], words.size() > 2 ? words[2] : behind);
            bits[at / 64] |= uint64_t{1} << at % 64;
        }
    }
    return bits;
}

struct Match {
    size_t size = 0;  // with the blank behind it; 0 for none
    Kind kind = Kind::kGreeting;
};

// The longest phrase that the text begins with, and a blank behind it, over a colon or a comma.
Match match_phrase(std::string_view text) {
    Match match;
    if (!may_begin_phrase(text)) return match;
    const auto first = static_cast<unsigned char>(to_lower(text[0]));
    const char second = to_lower(text[1]);
    for (size_t i = kTable.starts[first]; i < kTable.starts[first + 1]; ++i) {
        const Table::Entry& entry = kTable.entries[i];
        const size_t size = entry.words.size();
        if (entry.words[1] != second || size <= match.size || text.size() <= size + 1) continue;
        if (to_lower(text[size - 1]) != entry.words.back() ||
            !equals_ignoring_case(text.substr(0, size), entry.words))
            continue;
        const size_t blank = text[size] == ':' || text[size] == ',' ? size + 1 : size;
        if (text[blank] == ' ') match = {blank + 1, entry.kind};
    }
    return match;
}

bool is_capital(char c) {
    return (class_of(c) & (kUpper | kOtherLetter)) != 0;
}
bool in_word(char c) {
    return (class_of(c) & kLetter) != 0 || c == '-' || c == '\'';
}

class PhraseFinder {
  public:
    PhraseFinder(std::string_view text, const std::function<bool(const NamedPair&)>& take)
        : text_(text), take_(take) {}

    void run() {
        size_t begin = 0, line = 0;
        while (more_ && begin < text_.size()) {
            if (begin >= line) {
                line = read_closing(begin);
                read_question(line);
            }
            take_clause(begin);
            begin = next_clause(begin);
        }
    }

  private:
    struct Name {
        size_t begin = 0, end = 0, words = 0;
        bool title = false;
    };

    char at(size_t position) const { return position < text_.size() ? text_[position] : '\0'; }
    char before(size_t position) const { return position > 0 ? text_[position - 1] : '\0'; }

    // Behind ", ", ". ", ": " or a line's end. At a '.' of a title the name behind it is taken.
    size_t next_clause(size_t from) {
        static constexpr ByteSet kEnds("\n,.:!>");
        for (size_t at = kEnds.find_in(text_, from); at < text_.size(); at = kEnds.find_in(text_, at + 1)) {
            const char c = text_[at];
            if (c == '\n' || c == '>') return skip_marks(at + 1);
            if (this->at(at + 1) == ' ') {
                if (c == '.' && ends_title(at)) take_titled(at + 2);
                return at + 2;
            }
        }
        return text_.size();
    }
    // "> Dear Ann", "- Dear Ann"
    size_t skip_marks(size_t at) const {
        while (this->at(at) == ' ' || this->at(at) == '>' || this->at(at) == '\t') ++at;
        return at;
    }
    bool ends_title(size_t dot) const {
        size_t begin = dot;
        while (begin > 0 && dot - begin < 5 && (class_of(text_[begin - 1]) & (kUpper | kLower)) != 0) --begin;
        if (begin > 0 && is_word(text_[begin - 1])) return false;
        return is_one_of(text_.substr(begin, dot - begin),
                         {"mr", "mrs", "ms", "dr", "prof", "sr", "sra", "srta", "sig", "dhr", "mevr"});
    }
    void take_titled(size_t begin) {
        const Name name = read_name(begin);
        if (name.words > 1 && is_somebody(name)) take(name.begin, name.end, Detector::kPersonName);
    }

    void take_clause(size_t begin) {
        const Match match = match_phrase(text_.substr(begin));
        if (match.size == 0) return;
        const size_t value = begin + match.size;
        if (match.kind == Kind::kAddress) return take_address(value);
        if (match.kind == Kind::kTitle) return take_titled(value);
        const Name name = read_name(value);
        if (name.words == 0) return;
        if (match.kind == Kind::kStatement) {
            if ((name.words > 1 || has_given_name(of(name))) && !has_word_of_things(of(name)))
                take(name.begin, name.end, Detector::kPersonName);
            // "My name is Ann Lee and I live at …"
            if (const size_t next = behind_and(name.end); more_ && next != name.end) take_clause(next);
            return;
        }
        if (match.kind == Kind::kSigned) {
            if (is_somebody(name)) take(name.begin, name.end, Detector::kPersonName);
            return;
        }
        take_greeted(name);
    }
    // "Ann,", "Ann and Joe,"
    void take_greeted(Name name) {
        constexpr size_t kMost = 4;
        for (size_t names = 0; more_ && names < kMost && name.words > 0; ++names) {
            const size_t next = behind_and(name.end);
            const bool titled = name.title && !is_an_office(of(name));
            if ((next == name.end && !ends_greeting(name.end)) || (!titled && !is_somebody(name))) return;
            take(name.begin, name.end, Detector::kPersonName);
            if (next == name.end) return;
            name = read_name(next);
        }
    }
    bool ends_greeting(size_t at) const {
        const char behind = this->at(at);
        return behind == '\0' || std::string_view(",!:;.\r\n<").find(behind) != npos ||
               (behind == ' ' && this->at(at + 1) == '-' && this->at(at + 2) == ' ');
    }
    size_t behind_and(size_t at) const {
        for (const std::string_view word :
             {" and ", " & ", " und ", " et ", " y ", " e ", " en ", " i ", " ve ", " и "})
            if (text_.substr(at, word.size()) == word) return at + word.size();
        return at;
    }
    bool is_somebody(const Name& name) const {
        return has_given_name(of(name)) && !has_word_of_things(of(name));
    }
    std::string_view of(const Name& name) const { return text_.substr(name.begin, name.end - name.begin); }

    // Words that begin with capitals, behind any titles.
    Name read_name(size_t begin) const {
        constexpr size_t kMostWords = 4, kMostTitles = 2, kLongestWord = 40;
        Name name;
        for (size_t titles = 0; titles < kMostTitles; ++titles) {
            const Match title = match_phrase(text_.substr(begin, kLongestWord));
            if (title.size == 0 || title.kind != Kind::kTitle) break;
            name.title = true;
            begin += title.size;
        }
        name.begin = name.end = begin;
        for (size_t at = begin; name.words < kMostWords;) {
            size_t end = at;
            while (end < text_.size() && end - at < kLongestWord && in_word(text_[end])) ++end;
            if (end == at) break;
            const std::string_view word = text_.substr(at, end - at);
            if (is_capital(word[0])) {
                if (end - at == 1 && this->at(end) == '.' && this->at(end + 1) == ' ') ++end;  // "J."
                name.end = end;
                ++name.words;
            } else if (!is_name_particle(word)) {
                break;
            }
            if (this->at(end) != ' ') break;
            at = end + 1;
        }
        return name;
    }

    // Up to the sentence's end, with a number near its beginning.
    void take_address(size_t begin) {
        constexpr size_t kLongest = 120;
        size_t end = begin, digits = 0, capitals = 0;
        for (; end < text_.size() && end - begin < kLongest; ++end) {
            const char c = text_[end];
            if (c == '\n' || c == ';' || c == '!' || c == '?') break;
            if (c == '.' && (end + 1 == text_.size() || is_space(text_[end + 1])) && !is_short_word(end))
                break;
            if (c == ' ' && (ends_address(end + 1))) break;
            digits += is_digit(c);
            capitals += (class_of(c) & (kUpper | kOtherLetter)) != 0;
        }
        while (end > begin && (is_space(text_[end - 1]) || text_[end - 1] == ',')) --end;
        if (digits > 0 && capitals > 0) take(begin, end, Detector::kAddress);
    }
    // "12 Main St. Springfield"
    bool is_short_word(size_t dot) const {
        size_t begin = dot;
        while (begin > 0 && dot - begin < 4 && is_letter(text_[begin - 1])) --begin;
        return dot - begin > 0 && dot - begin < 4 && is_capital(text_[begin]);
    }
    bool ends_address(size_t begin) const {
        for (const std::string_view word :
             {"and ", "since ", "but ", "und ", "seit ", "et ", "mais ", "depuis ", "desde ", "ed ", "dal ",
              "because ", "with ", "please "})
            if (text_.substr(begin, word.size()) == word) return true;
        return false;
    }

    // The name in the line below a letter's closing. Returns where the next line begins.
    size_t read_closing(size_t begin) {
        const size_t end = std::min(text_.find('\n', begin), text_.size());
        if (end == text_.size() || !is_closing(text_.substr(begin, end - begin))) return end + 1;
        size_t next = end + 1;
        while (next < text_.size() && is_space(text_[next])) ++next;
        const Name name = read_name(next);
        const char behind = at(name.end);
        const bool ends = behind == '\0' || behind == '\n' || behind == '\r' || behind == ',';
        if (name.words > 0 && ends && is_somebody(name)) take(name.begin, name.end, Detector::kPersonName);
        return end + 1;
    }

    // "what is your CVV?", and in the line below "customer: it's 512". next: where that begins.
    void read_question(size_t next) {
        constexpr size_t kLongestQuestion = 64, kLongestSpeaker = 40, kMostBeside = 24;
        size_t mark = std::min(next, text_.size()) - (next > 0 ? 1 : 0);
        for (int blanks = 0; blanks < 3 && mark > 0 && is_space(text_[mark - 1]); ++blanks) --mark;
        if (next >= text_.size() || mark == 0 || text_[mark - 1] != '?') return;
        const size_t end = std::min(text_.find('\n', next), text_.size());
        const size_t colon = text_.substr(next, std::min(end - next, kLongestSpeaker)).find(": ");
        const size_t answer = colon == npos ? next : next + colon + 2;
        size_t begin = answer;
        while (begin < end && begin - answer < kMostBeside && !is_digit(text_[begin])) ++begin;
        size_t behind = begin;
        while (behind < end && is_digit(text_[behind])) ++behind;
        const size_t size = behind - begin;
        if (size < 3 || size > 6 || is_word(before(begin)) || end - behind > kMostBeside) return;
        size_t words = 0;
        for (size_t at = answer; at < end; ++at) {
            if (at >= behind && is_digit(text_[at])) return;
            words += is_letter(text_[at]) && !is_letter(before(at));
        }
        constexpr size_t kMostWords = 3;  // "sure, it's 512"
        if (is_word(at(behind)) || words > kMostWords) return;
        const size_t from = mark - std::min(mark, kLongestQuestion);
        const Detector asked = code_asked_for(text_.substr(from, mark - 1 - from));
        if (asked == Detector::kCvv ? size <= 4 : asked == Detector::kPin && size >= 4)
            take(begin, behind, asked);
    }
    // By the last words, and phrases of two and three of them.
    static Detector code_asked_for(std::string_view question) {
        if (question.ends_with("on the back")) return Detector::kCvv;
        constexpr size_t kMostWords = 6, kMostInPhrase = 3;
        size_t begins[kMostWords], ends[kMostWords], words = 0;
        for (size_t end = question.size(); words < kMostWords && end > 0;) {
            while (end > 0 && !is_word(question[end - 1])) --end;
            size_t begin = end;
            while (begin > 0 && is_word(question[begin - 1])) --begin;
            if (begin == end) break;
            begins[words] = begin;
            ends[words++] = end;
            end = begin;
        }
        for (size_t last = 0; last < words; ++last)
            for (size_t first = last; first < words && first < last + kMostInPhrase; ++first) {
                const Detector d =
                    classify_name(question.substr(begins[first], ends[last] - begins[first]), {}).subject;
                if (d == Detector::kCvv || d == Detector::kPin) return d;
            }
        return Detector::kNone;
    }

    void take(size_t begin, size_t end, Detector subject) {
        if (more_ && end > begin)
            more_ = take_({begin, end, subject, subject == Detector::kAddress ? Doubt::kSome : Doubt::kNone});
    }

    const std::string_view text_;
    const std::function<bool(const NamedPair&)>& take_;
    bool more_ = true;
};

}  // namespace

constexpr PhraseBeginnings phrase_beginnings = make_beginnings();

bool matches_phrase(std::string_view text) {
    const Match match = match_phrase(text);
    if (match.size == 0 || match.size >= text.size()) return false;
    if (match.kind == Kind::kAddress) return true;
    const std::string_view behind = text.substr(match.size);
    // "Hello, my name is …"; once, since a text may repeat it.
    const Match next = match_phrase(behind);
    return is_capital(behind[0]) || (next.size != 0 && next.size < behind.size() && next.kind != match.kind);
}

bool may_have_phrases(std::string_view text) {
    return begins_with_phrase(text) || text.find('\n') != npos || text.find("</") != npos;
}

void find_phrases(std::string_view text, const std::function<bool(const NamedPair&)>& take) {
    PhraseFinder(text, take).run();
}

bool has_phrase(std::string_view text) {
    bool found = false;
    find_phrases(text, [&found](const NamedPair&) {
        found = true;
        return false;
    });
    return found;
}

}  // namespace gpsync::core::pii
