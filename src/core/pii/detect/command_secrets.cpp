#include "core/pii/detect/command_secrets.hpp"

#include <algorithm>

#include "core/pii/detect/secret_values.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

constexpr size_t npos = std::string_view::npos;
constexpr size_t kLongestName = 40, kLongestValue = 4096, kMostShown = 64;

bool is_blank(char c) {
    return c == ' ' || c == '\t';
}
bool ends_line(char c) {
    return c == '\n' || c == '\r';
}

struct Range {
    size_t begin = 0, end = 0;
    bool quoted = false;
    size_t size() const { return end - begin; }
};

// What a shell ends a word with.
bool ends_argument(char c) {
    return is_space(c) || std::string_view("\"'`;|&<>").find(c) != npos;
}

// An argument of a command that begins there, without its quotes.
Range argument_at(std::string_view text, size_t begin) {
    if (begin < text.size() && (text[begin] == '"' || text[begin] == '\'')) {
        const std::string_view rest = text.substr(begin + 1, kLongestValue);
        const size_t size = rest.find_first_of(text[begin] == '"' ? "\"\n" : "'\n");
        if (size != npos && rest[size] != '\n') return {begin + 1, begin + 1 + size, true};
        ++begin;
    }
    size_t end = begin;
    while (end < text.size() && end - begin < kLongestValue && !ends_argument(text[end])) ++end;
    while (end > begin && std::string_view(".,:)]}").find(text[end - 1]) != npos) --end;
    return {begin, end, false};
}

// A word that a sentence has behind the name of an option, "--password is".
bool is_of_a_sentence(std::string_view word) {
    return is_one_of(
        word,
        {"to",      "are",   "option",   "options",   "flag",       "flags",     "argument", "instead",
         "can",     "will",  "with",     "when",      "if",         "in",        "value",    "at",
         "may",     "needs", "requires", "parameter", "explicitly", "as",        "only",     "no",
         "a",       "an",    "switch",   "without",   "from",       "via",       "given",    "specified",
         "stdin",   "it",    "this",     "that",      "requires",   "takes",     "expects",  "by",
         "because", "then",  "twice",    "again",     "now",        "here",      "does",     "did",
         "works",   "fails", "failed",   "doesn't",   "isn't",      "deprecated"});
}
// A word that a sentence has in front of an option, "the --password".
bool names_an_option(std::string_view word) {
    return is_one_of(word, {"the",      "a",       "an",       "option", "options",  "flag",    "flags",
                            "use",      "using",   "uses",     "pass",   "passing",  "specify", "of",
                            "by",       "and",     "or",       "via",    "no",       "missing", "unknown",
                            "invalid",  "require", "requires", "add",    "adding",   "set",     "setting",
                            "without",  "to",      "argument", "give",   "provide",  "both",    "either",
                            "required", "need",    "needs",    "with",   "removed",  "support", "for",
                            "prefer",   "over",    "new",      "old",    "supports", "usage:",  "in",
                            "is",       "if",      "when",     "like",   "parameter"});
}

// By a command's name: its option for a password, of one letter, and whether the password is fastened to it.
struct Command {
    std::string_view name;
    char option;
    bool fastened, apart;
};
constexpr Command kCommands[] = {{"mysql", 'p', true, false},
                                 {"mysqldump", 'p', true, false},
                                 {"mysqladmin", 'p', true, false},
                                 {"mysqlimport", 'p', true, false},
                                 {"mysqlshow", 'p', true, false},
                                 {"mysqlcheck", 'p', true, false},
                                 {"mysqlbinlog", 'p', true, false},
                                 {"mysqlpump", 'p', true, false},
                                 {"mysql_upgrade", 'p', true, false},
                                 {"mariadb", 'p', true, false},
                                 {"mariadb-dump", 'p', true, false},
                                 {"mariadb-admin", 'p', true, false},
                                 {"sshpass", 'p', true, true},
                                 {"redis-cli", 'a', false, true},
                                 {"valkey-cli", 'a', false, true},
                                 {"7z", 'p', true, false},
                                 {"7za", 'p', true, false},
                                 {"zip", 'P', false, true},
                                 {"unzip", 'P', false, true},
                                 {"sqlcmd", 'P', true, true},
                                 {"bcp", 'P', true, true},
                                 {"isql", 'P', true, true},
                                 {"ldapsearch", 'w', false, true},
                                 {"ldapmodify", 'w', false, true},
                                 {"ldapadd", 'w', false, true},
                                 {"ldapdelete", 'w', false, true},
                                 {"ldapwhoami", 'w', false, true},
                                 {"ldappasswd", 'w', false, true},
                                 {"mongo", 'p', false, true},
                                 {"mongosh", 'p', false, true},
                                 {"mongodump", 'p', false, true},
                                 {"mongorestore", 'p', false, true},
                                 {"mongoexport", 'p', false, true},
                                 {"mongoimport", 'p', false, true},
                                 {"mosquitto_pub", 'P', false, true},
                                 {"mosquitto_sub", 'P', false, true},
                                 {"login", 'p', false, true},
                                 {"cqlsh", 'p', false, true},
                                 {"beeline", 'p', false, true}};

const Command* find_command(std::string_view word) {
    constexpr size_t kLongest = 13;
    const size_t slash = word.rfind('/');
    if (slash != npos) word.remove_prefix(slash + 1);
    if (word.size() < 2 || word.size() > kLongest) return nullptr;
    const Command* end = std::end(kCommands);
    const Command* found =
        std::find_if(std::begin(kCommands), end, [word](const Command& c) { return c.name == word; });
    return found == end ? nullptr : found;
}

// What a long option's value is; kNone for none of a secret.
SecretName secret_of_option(std::string_view name) {
    const SecretName known = secret_name_at_end(name);
    if (known == SecretName::kPassword || known == SecretName::kKey) return known;
    if (name == "passin" || name == "passout") return SecretName::kPassword;
    if (name.ends_with("pass") && !name.ends_with("bypass") && !name.ends_with("compass"))
        return SecretName::kPassword;
    if (is_one_of(name, {"token", "secret", "access-token", "auth-token", "secret-id", "client-secret"}) ||
        name.ends_with("-token") || name.ends_with("-secret") || name.ends_with("_token"))
        return SecretName::kMaybe;
    return SecretName::kNone;
}

class CommandSecrets {
  public:
    CommandSecrets(std::string_view text, const std::function<bool(const CommandSecret&)>& take)
        : text_(text), take_(take) {}

    void find_options() {
        size_t last = 0;
        for (size_t at = text_.find('-'); more_ && at != npos; at = text_.find('-', at)) {
            size_t name = at;
            if (begins_option(text_, at)) {
                if (text_.substr(last, at - last).find('\n') != npos) options_ = 0;
                last = at;
                while (this->at(name) == '-' && name - at < 2) ++name;
                take_option(at, name);
                ++options_;
            }
            at = name + 1;
        }
    }

    // Lines of .netrc, of Dockerfiles and of shells.
    void find_settings() {
        for (size_t begin = 0; more_ && begin < text_.size();) {
            const size_t end = std::min(text_.find('\n', begin), text_.size());
            if (begins_with_setting(text_.substr(begin))) {
                if (text_[begin] == 'm' || text_[begin] == 'd')
                    begin = take_machine(begin, end);
                else
                    take_setting(begin, end);
            }
            begin = std::max(begin, end + 1);
        }
    }

    // "jdbc:oracle:thin:scott/tiger@db", "sqlplus scott/tiger@db"
    void find_oracle() {
        for (const std::string_view name : {"jdbc:oracle:", "sqlplus "})
            for (size_t at = text_.find(name); more_ && at != npos; at = text_.find(name, at)) {
                at += name.size();
                size_t begin = at;
                if (name.ends_with(':')) begin = std::min(text_.find(':', at), text_.size() - 1) + 1;
                constexpr size_t kLongest = 64, kLongestDriver = 8;
                if (begin - at <= kLongestDriver) take_behind_slash(text_.substr(0, begin + kLongest), begin);
            }
    }

    // host:port:database:user:password
    void find_pgpass() {
        for (size_t begin = 0; more_ && begin < text_.size();) {
            size_t end = std::min(text_.find('\n', begin), text_.size());
            const size_t next = end + 1;
            if (end > begin && text_[end - 1] == '\r') --end;
            take_pgpass(begin, end);
            begin = next;
        }
    }

  private:
    char at(size_t position) const { return position < text_.size() ? text_[position] : '\0'; }
    std::string_view of(const Range& r) const { return text_.substr(r.begin, r.size()); }
    std::string_view shown(const Range& r) const { return of(r).substr(0, kMostShown); }
    size_t skip_blanks(size_t from) const {
        while (is_blank(at(from))) ++from;
        return from;
    }
    void take(const Range& value, bool password) {
        more_ = take_({static_cast<uint32_t>(value.begin), static_cast<uint32_t>(value.end), password});
    }

    void take_option(size_t dash, size_t name) {
        size_t end = name;
        while (in_name(at(end)) && end - name < kLongestName) ++end;
        const bool two_dashes = name - dash == 2;
        const std::string_view word = text_.substr(name, end - name);
        if (word.size() == 1 || (!two_dashes && take_fastened(name)))
            take_of_command(name, end);
        else if (is_blank(at(end)))
            take_long(dash, word, end);
    }

    // "--password x"
    void take_long(size_t dash, std::string_view name, size_t end) {
        const SecretName secret = secret_of_option(name);
        if (secret == SecretName::kNone) return;
        Range value = argument_at(text_, skip_blanks(end));
        if (of(value).starts_with("pass:")) value.begin += 5;  // openssl -passin
        constexpr size_t kShortest = 3;
        const std::string_view v = shown(value);
        if (v.size() < kShortest || v[0] == '-' || v[0] == '@' || stands_for_another(v) ||
            is_ordinary_word(v) || is_call(v) || is_of_a_sentence(v) || v.starts_with("file:") ||
            v.starts_with("env:") || v.starts_with("fd:"))
            return;
        if (secret != SecretName::kPassword && is_location(v)) return;
        if (!value.quoted && is_like_a_word(v) && !stands_in_a_command(dash, value)) return;
        take(value, secret == SecretName::kPassword);
    }
    // Whether a word is no one of the sentence that an option is in: "the --password option".
    bool stands_in_a_command(size_t dash, const Range& value) const {
        if (names_an_option(word_before(dash))) return false;
        const size_t next = skip_blanks(value.end);
        return next == text_.size() || ends_line(text_[next]) || text_[next] == '-' || text_[next] == '\\' ||
               std::string_view("\"'`;|&<>)").find(text_[next]) != npos || options_ > 0;
    }
    std::string_view word_before(size_t position) const {
        size_t end = position;
        while (end > 0 && position - end < 4 && ends_argument(text_[end - 1]) && !ends_line(text_[end - 1]))
            --end;
        size_t begin = end;
        while (begin > 0 && end - begin < kLongestName && !is_space(text_[begin - 1])) --begin;
        return text_.substr(begin, end - begin);
    }

    // "-pS3cret", not "-port"
    bool take_fastened(size_t name) const {
        const std::string_view rest = text_.substr(name, 8);
        return (rest[0] == 'p' || rest[0] == 'P') && !rest.starts_with("port") &&
               !rest.starts_with("protoco") && !rest.starts_with("pass");
    }
    void take_of_command(size_t name, size_t end) {
        if (std::string_view("pPaw").find(text_[name]) == npos) return;
        read_commands(name);
        if (command_ == nullptr || command_->option != text_[name]) return;
        const bool apart = is_blank(at(end)) && end == name + 1;
        if (apart ? !command_->apart : !command_->fastened) return;
        const Range value = argument_at(text_, apart ? skip_blanks(end) : name + 1);
        const std::string_view v = shown(value);
        if (v.empty() || v[0] == '-' || stands_for_another(v) || v.starts_with("=")) return;
        // "ssh login -p 2222"
        if (command_->name == "login" && std::all_of(v.begin(), v.end(), is_digit)) return;
        take(value, true);
    }
    // The last command in front of a position, of its line. Goes on where it stopped.
    void read_commands(size_t position) {
        while (read_ < position) {
            size_t end = read_;
            while (end < position && !is_space(text_[end])) ++end;
            const std::string_view word = text_.substr(read_, end - read_);
            if (!word.empty()) {
                if (std::string_view("|;&").find(word.back()) != npos)
                    command_ = nullptr;
                else if (const Command* found = find_command(word); found != nullptr)
                    command_ = found;
            }
            if (at(end) == '\n' && (end == 0 || text_[end - 1] != '\\')) command_ = nullptr;
            read_ = end + 1;
        }
    }

    // "machine a.example login ann password x", also in several lines. Returns where it ends.
    size_t take_machine(size_t begin, size_t line_end) {
        size_t at = begin;
        const Range word = next_word(at);
        if (of(word) == "machine") (void)next_word(at);
        for (bool known = false;; known = true) {
            const Range key = next_word(at);
            if (!is_one_of(of(key), {"login", "user", "account", "password", "port"}))
                return known ? std::min(key.begin, text_.size()) : line_end;
            const Range value = next_word(at);
            if (value.size() == 0) return text_.size();
            const std::string_view v = shown(value);
            if (of(key) == "password" && !stands_for_another(v) && !is_ordinary_word(v)) take(value, true);
        }
    }
    Range next_word(size_t& at) const {
        while (at < text_.size() && is_space(text_[at])) ++at;
        const size_t begin = at;
        while (at < text_.size() && !is_space(text_[at])) ++at;
        return {begin, at, false};
    }

    // "ENV DB_PASSWORD x"
    void take_setting(size_t begin, size_t line_end) {
        size_t at = begin;
        (void)next_word(at);
        const Range name = next_word(at);
        if (at >= line_end || name.size() > kLongestName) return;
        const SecretName secret = secret_name_at_end(of(name));
        if (secret != SecretName::kPassword && secret != SecretName::kKey) return;
        Range value{skip_blanks(at), line_end, false};
        while (value.end > value.begin && is_space(text_[value.end - 1])) --value.end;
        if (value.size() > 2 && (text_[value.begin] == '"' || text_[value.begin] == '\'') &&
            text_[value.end - 1] == text_[value.begin])
            ++value.begin, --value.end;
        if (value.size() == 0 || value.size() > kLongestValue || stands_for_another(shown(value)) ||
            (secret == SecretName::kKey && is_location(shown(value))))
            return;
        take(value, secret == SecretName::kPassword);
    }

    // "scott/tiger@"
    void take_behind_slash(std::string_view text, size_t begin) {
        size_t slash = begin;
        while (slash < text.size() && (is_word(text[slash]) || text[slash] == '_')) ++slash;
        size_t end = slash;
        while (end < text.size() && text[end] != '@' && !ends_argument(text[end])) ++end;
        if (slash == begin || at(slash) != '/' || at(end) != '@' || end == slash + 1) return;
        const Range value{slash + 1, end, false};
        if (!stands_for_another(of(value))) take(value, true);
    }

    void take_pgpass(size_t begin, size_t end) {
        constexpr size_t kParts = 4, kLongestPart = 128;
        size_t colons[kParts], parts = 0, at = begin;
        for (; parts < kParts; ++parts) {
            const size_t from = at;
            while (at < end && at - from < kLongestPart && text_[at] != ':' && !is_space(text_[at])) ++at;
            if (at == from || this->at(at) != ':' || at >= end) return;
            colons[parts] = at++;
        }
        const std::string_view port = text_.substr(colons[0] + 1, colons[1] - colons[0] - 1);
        const bool usual = port.size() >= 4 && port.size() <= 5 &&
                           std::all_of(port.begin(), port.end(), is_digit) &&
                           (port.find("543") != npos || port.ends_with("432"));
        const Range value{at, end, false};
        const bool resource = text_.substr(begin, colons[0] - begin) == "arn";
        if ((port != "*" && !usual) || resource || value.size() == 0 || value.size() > kLongestPart ||
            stands_for_another(of(value)) ||
            std::any_of(text_.begin() + static_cast<std::ptrdiff_t>(at),
                        text_.begin() + static_cast<std::ptrdiff_t>(end), is_space))
            return;
        take(value, true);
    }

    const std::string_view text_;
    const std::function<bool(const CommandSecret&)>& take_;
    bool more_ = true;
    const Command* command_ = nullptr;
    size_t read_ = 0;
    size_t options_ = 0;  // of the line, up to now
};

}  // namespace

bool begins_option(std::string_view text, size_t dash) {
    if (dash > 0 && !is_space(text[dash - 1]) && text[dash - 1] != '"' && text[dash - 1] != '\'' &&
        text[dash - 1] != '`' && text[dash - 1] != '(' && text[dash - 1] != '[')
        return false;
    const char behind = dash + 1 < text.size() ? text[dash + 1] : '\0';
    const char next = behind == '-' && dash + 2 < text.size() ? text[dash + 2] : behind;
    return (class_of(next) & (kUpper | kLower)) != 0;
}

bool has_option(std::string_view text) {
    for (size_t at = text.find('-'); at != npos; at = text.find('-', at + 1))
        if (begins_option(text, at)) return true;
    return false;
}

bool begins_with_setting(std::string_view text) {
    if (text.size() < 8) return false;
    switch (text[0]) {
        case 'm':
            return text.starts_with("machine ") || text.starts_with("machine\t");
        case 'd':
            return text.starts_with("default login ");
        case 'E':
            return text.starts_with("ENV ");
        case 'S':
            return text.starts_with("SetEnv ");
        case 's':
            return text.starts_with("setx ") || text.starts_with("setenv ");
        default:
            return false;
    }
}

namespace {

// Whether it has four colons.
bool may_be_pgpass(std::string_view text) {
    size_t at = 0;
    for (int colons = 0; colons < 4; ++colons) {
        at = text.find(':', at);
        if (at++ == npos) return false;
    }
    return true;
}

}  // namespace

void find_command_secrets(std::string_view text, const std::function<bool(const CommandSecret&)>& take) {
    CommandSecrets secrets(text, take);
    secrets.find_options();
    if (begins_with_setting(text) || text.find('\n') != npos) secrets.find_settings();
    if (text.find('@') != npos) secrets.find_oracle();
    if (may_be_pgpass(text)) secrets.find_pgpass();
}

bool has_command_secret(std::string_view text) {
    bool found = false;
    find_command_secrets(text, [&found](const CommandSecret&) {
        found = true;
        return false;
    });
    return found;
}

}  // namespace gpsync::core::pii
