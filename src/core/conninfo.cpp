#include "core/conninfo.hpp"

#include <algorithm>

namespace gpsync::core {

namespace {

constexpr std::string_view kSpace = " \t\n\r\f\v";

bool is_space(char c) {
    return kSpace.find(c) != std::string_view::npos;
}

class Reader {
  public:
    explicit Reader(std::string_view text) : rest_(text) {}

    bool at_end() {
        skip_space();
        return rest_.empty();
    }

    std::string keyword() {
        std::string word;
        while (!rest_.empty() && rest_.front() != '=' && !is_space(rest_.front())) word += take();
        return word;
    }

    bool equals_sign() {
        skip_space();
        if (rest_.empty() || rest_.front() != '=') return false;
        take();
        skip_space();
        return true;
    }

    // False if a quote is left open.
    bool value(std::string& value) {
        const bool quoted = !rest_.empty() && rest_.front() == '\'';
        if (quoted) take();
        while (!rest_.empty() && (quoted ? rest_.front() != '\'' : !is_space(rest_.front()))) {
            if (rest_.front() == '\\') take();
            if (!rest_.empty()) value += take();
        }
        if (!quoted) return true;
        if (rest_.empty()) return false;
        take();
        return true;
    }

  private:
    char take() {
        const char c = rest_.front();
        rest_.remove_prefix(1);
        return c;
    }
    void skip_space() {
        while (!rest_.empty() && is_space(rest_.front())) take();
    }

    std::string_view rest_;
};

}  // namespace

bool Conninfo::has(std::string_view keyword) const {
    return std::any_of(settings.begin(), settings.end(),
                       [&](const auto& setting) { return setting.first == keyword; });
}

Conninfo parse_conninfo(std::string_view text) {
    Conninfo info;
    Reader reader(text);
    while (!reader.at_end()) {
        std::string keyword = reader.keyword(), value;
        if (keyword.empty() || !reader.equals_sign()) {
            info.error = "missing \"=\" after \"" + keyword + "\"";
            return info;
        }
        if (!reader.value(value)) {
            info.error = "unterminated quoted value of \"" + keyword + "\"";
            return info;
        }
        info.settings.emplace_back(std::move(keyword), std::move(value));
    }
    return info;
}

void append_conninfo(std::string& text, std::string_view keyword, std::string_view value) {
    if (!text.empty()) text += ' ';
    text.append(keyword).append("='");
    for (char c : value) {
        if (c == '\'' || c == '\\') text += '\\';
        text += c;
    }
    text += '\'';
}

}  // namespace gpsync::core
