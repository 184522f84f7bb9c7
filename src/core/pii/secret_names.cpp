#include "core/pii/secret_names.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "core/pii/quick_checks.hpp"
#include "core/pii/remark.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

using enum SecretName;

// What names end with: lower-case, without '_', '-', '.' and blanks.
struct Group {
    SecretName name;
    bool word;  // only as a word of its own: "pass", not "bypass"
    std::string_view endings;
};

constexpr Group kGroups[] = {
    {kPassword, false,
     "password passwd passphrase userpass dbpass requirepass passwort kennwort wachtwoord motdepasse senha "
     "salasana heslo haslo jelszo losenord passord adgangskode matkhau parool lozinka slaptazodis "
     "contrasena "
     "contrase\x80"
     "a"},  // as "contraseña" is folded
    {kPassword, true, "pwd pw psk"},
    {kKey, false,
     "apikey accesskey secretkey accountkey sharedkey masterkey signingkey encryptionkey privatekey "
     "clientsecret "
     "appsecret apisecret webhooksecret sharedsecret accesstoken refreshtoken authtoken apitoken bearertoken "
     "sessiontoken securitytoken secretkeybase"},
    {kMaybe, false,
     "accesskeyid csrftoken xsrftoken credential credentials jsessionid phpsessid aspnetsessionid "
     "connectsid xamzsignature xgoogsignature"},
    {kMaybe, true, "secret pass sig idtoken"},
    {kAuthorization, false, "authorization"},
    {kCookies, false, "cookie cookies"},
};

struct Ending {
    std::string_view text;
    SecretName name = kNone;
    bool word = false;
};

// By their last letter: those of 'a' + n are from starts[n] to starts[n + 1].
struct Endings {
    std::array<uint8_t, 27> starts{};
    std::array<Ending, 80> all{};
};
constexpr Endings kEndings = [] {
    Endings result;
    uint8_t count = 0;
    for (size_t n = 0; n < 26; ++n) {
        result.starts[n] = count;
        for (const Group& group : kGroups) {
            for (size_t begin = 0; begin < group.endings.size();) {
                const size_t end = std::min(group.endings.find(' ', begin), group.endings.size());
                if (group.endings[end - 1] == static_cast<char>('a' + n))
                    result.all[count++] = {group.endings.substr(begin, end - begin), group.name, group.word};
                begin = end + 1;
            }
        }
    }
    result.starts[26] = count;
    return result;
}();

constexpr SecretNameEnds make_name_ends() {
    SecretNameEnds ends;
    for (size_t i = 0; i < kEndings.starts[26]; ++i) {
        const std::string_view name = kEndings.all[i].text;
        ends.names.add(name);
        if (name.size() < WordEnd::kMost) ends.short_names.add(WordEnd(name));
    }
    for (std::string_view option : {"u", "user"}) ends.names.add(option);
    return ends;
}
constexpr bool have_two_letters() {
    for (size_t i = 0; i < kEndings.starts[26]; ++i)
        if (kEndings.all[i].text.size() < 2) return false;
    return true;
}
static_assert(have_two_letters(), "may_end_secret_name() asks for no shorter ones");

bool is_joint(char c) {
    return c == '_' || c == '-' || c == '.' || c == ' ';
}

// Whether text ends with it, whatever joins its words. at: where it begins.
bool ends_with(std::string_view text, std::string_view ending, size_t& at) {
    at = text.size();
    for (size_t i = ending.size(); i-- > 0;) {
        while (at > 0 && i + 1 < ending.size() && is_joint(text[at - 1])) --at;
        if (at == 0 || to_lower(text[at - 1]) != ending[i]) return false;
        --at;
    }
    return true;
}

// Whether a word begins at `at`: no letter is before it, or a lower-case one before a capital.
bool begins_word(std::string_view text, size_t at) {
    if (at == 0 || !is_letter(text[at - 1])) return true;
    return (class_of(text[at - 1]) & kLower) != 0 && (class_of(text[at]) & kUpper) != 0;
}

}  // namespace

constinit const SecretNameEnds secret_name_ends = make_name_ends();

namespace {

// "curl -u name", "--user name", "--proxy-user 'name"
bool ends_in_user_option(std::string_view text) {
    constexpr size_t kLongest = 40;
    size_t begin = text.size();
    const auto in_user = [](char c) { return is_word(c) || c == '_' || c == '-' || c == '.' || c == '@'; };
    while (begin > 0 && text.size() - begin < kLongest && in_user(text[begin - 1])) --begin;
    if (begin == text.size() || begin == 0) return false;
    if (text[begin - 1] == '"' || text[begin - 1] == '\'') --begin;
    text = text.substr(0, begin);
    if (text.ends_with(' ') || text.ends_with('=')) text.remove_suffix(1);
    return text.ends_with(" -u") || text.ends_with(" --user") || text.ends_with(" --proxy-user") ||
           text.ends_with("\t-u");
}

}  // namespace

SecretName secret_name_at_end(std::string_view text) {
    // "password" : , password = , 'password' => , password:=
    for (int skipped = 0; skipped < 3 && !text.empty(); ++skipped) {
        const char c = text.back();
        if (c != ' ' && c != '\t' && c != '"' && c != '\'' && c != '`' && c != '\\') break;
        text.remove_suffix(1);
    }
    text = without_remark(text);
    if (ends_in_user_option(text)) return kUserPassword;
    const char last = text.empty() ? '\0' : to_lower(text.back());
    if (last < 'a' || last > 'z') return kNone;
    const auto n = static_cast<size_t>(last - 'a');
    for (size_t i = kEndings.starts[n]; i < kEndings.starts[n + 1]; ++i) {
        const Ending& e = kEndings.all[i];
        size_t at = 0;
        if (ends_with(text, e.text, at) && (!e.word || begins_word(text, at))) return e.name;
    }
    return kNone;
}

namespace {

// Takes the last word and the blanks behind it off text. A word that is longer than any that is asked for is
// cut.
std::string_view take_last_word(std::string_view& text) {
    constexpr size_t kLongest = 64;
    while (text.ends_with(' ')) text.remove_suffix(1);
    size_t begin = text.size();
    while (begin > 0 && text.size() - begin < kLongest && !is_space(text[begin - 1])) --begin;
    const std::string_view word = text.substr(begin);
    text.remove_suffix(word.size());
    while (text.ends_with(' ')) text.remove_suffix(1);
    return word;
}

// "PASSWORD '…'", "IDENTIFIED BY '…'", "IDENTIFIED WITH mysql_native_password BY '…'" of SQL.
bool is_before_sql_password(std::string_view text, size_t begin, size_t end) {
    if (end + 1 >= text.size() || text[end] != ' ' || (text[end + 1] != '\'' && text[end + 1] != '"'))
        return false;
    const std::string_view word = text.substr(begin, end - begin);
    if (equals_ignoring_case(word, "password"))
        return begin == 0 || text[begin - 1] == ' ' || text[begin - 1] == '\n';
    if (!equals_ignoring_case(word, "by")) return false;
    text = text.substr(0, begin);
    std::string_view last = take_last_word(text);
    if (equals_ignoring_case(take_last_word(text), "with")) last = take_last_word(text);
    return equals_ignoring_case(last, "identified");
}

}  // namespace

SecretName secret_before_verb(std::string_view text, size_t begin, size_t end) {
    const std::string_view verb = text.substr(begin, end - begin);
    if (!may_be_verb(verb)) return kNone;
    if (is_before_sql_password(text, begin, end)) return kPassword;
    if (begin == 0) return kNone;
    const bool to = equals_ignoring_case(verb, "to");
    if (!to && !is_one_of(verb, {"is", "was", "est", "ist", "es", "lautet", "jest"})) return kNone;
    text = text.substr(0, begin);
    if (to && !is_one_of(take_last_word(text), {"set", "reset", "changed", "updated"})) return kNone;
    constexpr int kMostBetween = 4;
    for (int between = 0; between <= kMostBetween; ++between) {
        const SecretName name = secret_name_at_end(text);
        if (name == kPassword || name == kKey) return name;
        const std::string_view word = take_last_word(text);
        std::string_view rest = text;
        if (is_one_of(word, {"has", "been", "was", "now", "is"})) continue;
        // "for anna"
        if (!is_one_of(take_last_word(rest), {"for", "of", "von", "fur", "de", "pour", "para", "di", "per"}))
            return kNone;
        text = rest;
    }
    return kNone;
}

size_t next_assignment(std::string_view text, size_t from) {
    return std::min(find_either(text, ':', '=', from), text.size());
}

bool is_behind_npm_auth(std::string_view text, size_t at) {
    if (text[at] != '=') return false;
    text = text.substr(0, at);
    if (text.ends_with(' ')) text.remove_suffix(1);
    return text.ends_with("_auth");
}

bool is_behind_link_token(std::string_view text, size_t equals) {
    constexpr size_t kLongestName = 40, kLongestUrl = 200;
    // The last letters of these names, asked first: most parameters have another.
    if (equals == 0 || std::string_view("netyNETYk").find(text[equals - 1]) == std::string_view::npos)
        return false;
    size_t begin = equals;
    while (begin > 0 && equals - begin < kLongestName && (is_word(text[begin - 1]) || text[begin - 1] == '_'))
        --begin;
    if (begin == 0 || (text[begin - 1] != '?' && text[begin - 1] != '&')) return false;
    const std::string_view name = text.substr(begin, equals - begin), last = name.substr(name.rfind('_') + 1);
    if (!is_one_of(last, {"token", "code", "key", "ticket", "oobcode", "t", "k", "invite"})) return false;
    size_t url = begin;
    while (url > 0 && begin - url<kLongestUrl&& static_cast<unsigned char>(text[url - 1])> ' ' &&
           text[url - 1] != '"' && text[url - 1] != '<')
        --url;
    const std::string_view front = text.substr(url, begin - url);
    static constexpr std::string_view kDoes[] = {
        "reset", "verif",   "confirm",     "activat", "invit", "magic",  "login",    "signin", "sign-in",
        "passw", "recover", "unsubscribe", "optout",  "auth",  "signup", "register", "oobCode"};
    return std::any_of(std::begin(kDoes), std::end(kDoes),
                       [front](std::string_view word) { return front.find(word) != std::string_view::npos; });
}

bool has_key_prefix(std::string_view text) {
    constexpr std::string_view kFirstTwo[] = {"gl", "xo", "xa", "xk", "xs", "GO", "FL", "sk"};
    constexpr size_t kLongest = 14;
    for (size_t at = text.find('-'); at != std::string_view::npos; at = text.find('-', at + 1)) {
        size_t begin = at;
        while (begin > 0 && at - begin < kLongest && (is_word(text[begin - 1]) || text[begin - 1] == '_'))
            --begin;
        for (std::string_view two : kFirstTwo)
            if (text.substr(begin, 2) == two) return true;
    }
    return false;
}

bool ends_in_label_word(std::string_view text) {
    text = without_remark(text);
    if (text.ends_with(' ')) text.remove_suffix(1);  // "Nom : …", as French has it
    // From "patient" on only a value with a given name is a person's (named_pairs.cpp).
    constexpr std::string_view kWords[] = {
        "name",         "nome",         "nom",       "nombre",          "naam",     "navn",
        "namn",         "holder",       "inhaber",   "titulaire",       "titular",  "address",
        "adresse",      "anschrift",    "direccion", "patient",         "customer", "beneficiary",
        "payee",        "employee",     "passenger", "ansprechpartner", "klant",    "paciente",
        "intestatario", "beneficiaire", "cliente",   "nazwisko",        "paziente", "pacjent",
        "kunde",        "mitarbeiter",  "assistito", "passeggero",      "titolare", "dipendente",
        "empleado",     "pasajero",     "patiente",  "assure",          "alumno",   "estudiante"};
    if (text.empty() || std::string_view("emrsntyo").find(to_lower(text.back())) == std::string_view::npos)
        return false;
    return std::any_of(std::begin(kWords), std::end(kWords), [text](std::string_view word) {
        return text.size() >= word.size() &&
               std::equal(word.begin(), word.end(), text.end() - static_cast<std::ptrdiff_t>(word.size()),
                          [](char a, char b) { return a == to_lower(b); });
    });
}

bool is_behind_label(std::string_view text, size_t colon) {
    return colon + 1 < text.size() && (text[colon + 1] == ' ' || (class_of(text[colon + 1]) & kUpper) != 0);
}

bool is_before_quote(std::string_view text, size_t at) {
    at += text.substr(at + 1, 1) == " " ? 2 : 1;
    // b'x', u'x' of Python
    if (at + 1 < text.size() && is_letter(text[at])) ++at;
    return at < text.size() && (text[at] == '"' || text[at] == '\'');
}

bool has_secret_before_verb(std::string_view text) {
    size_t begin = 0;
    for (size_t at = text.find(' '); at != std::string_view::npos; at = text.find(' ', begin)) {
        const size_t end = at - (at > begin && text[at - 1] == ':');
        if (end > begin && secret_before_verb(text, begin, end) != kNone) return true;
        begin = at + 1;
    }
    return false;
}

bool has_label(std::string_view text) {
    for (const char separator : {':', '='})
        for (size_t at = text.find(separator); at != std::string_view::npos;
             at = text.find(separator, at + 1)) {
            const std::string_view before = text.substr(0, at);
            const bool label =
                separator == ':' &&
                (is_before_quote(text, at) || (is_behind_label(text, at) && ends_in_label_word(before)));
            if (label || secret_name_at_end(before) != kNone) return true;
        }
    return false;
}

}  // namespace gpsync::core::pii
