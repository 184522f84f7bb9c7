#include "core/pii/json_reader.hpp"

#include <algorithm>

#include "core/hex.hpp"
#include "core/pii/text.hpp"
#include "core/utf8.hpp"

namespace gpsync::core::pii {

void JsonReader::skip_blanks() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t'))
        ++at_;
}

JsonReader::Token JsonReader::next() {
    if (failed_) return Token::kError;
    skip_blanks();
    begin_ = at_;
    end_ = 0;
    switch (state_) {
        case State::kDone:
            return at_ == text_.size() ? Token::kEnd : fail();
        case State::kAfterValue:
            if (peek() == '}' || peek() == ']') return close(peek());
            if (peek() != ',') return fail();
            ++at_;
            skip_blanks();
            begin_ = at_;
            if (open_.back() == '[') return value_token();
            return peek() == '"' ? string_token(Token::kName) : fail();
        case State::kFirstName:
            if (peek() == '}') return close('}');
            [[fallthrough]];
        case State::kName:
            return peek() == '"' ? string_token(Token::kName) : fail();
        case State::kFirstItem:
            if (peek() == ']') return close(']');
            [[fallthrough]];
        case State::kValue:
            return value_token();
    }
    return fail();
}

JsonReader::Token JsonReader::value_token() {
    switch (peek()) {
        case '{':
            open_.push_back('{');
            ++at_;
            state_ = State::kFirstName;
            return Token::kBeginObject;
        case '[':
            open_.push_back('[');
            ++at_;
            state_ = State::kFirstItem;
            return Token::kBeginArray;
        case '"':
            return string_token(Token::kString);
        case 't':
            return word_token("true", Token::kTrue);
        case 'f':
            return word_token("false", Token::kFalse);
        case 'n':
            return word_token("null", Token::kNull);
        default:
            return number_token();
    }
}

JsonReader::Token JsonReader::close(char bracket) {
    if (open_.empty() || open_.back() != (bracket == '}' ? '{' : '[')) return fail();
    open_.pop_back();
    ++at_;
    after_value();
    return bracket == '}' ? Token::kEndObject : Token::kEndArray;
}

JsonReader::Token JsonReader::word_token(std::string_view word, Token kind) {
    if (text_.substr(at_, word.size()) != word) return fail();
    value_ = text_.substr(at_, word.size());
    at_ += word.size();
    after_value();
    return kind;
}

JsonReader::Token JsonReader::number_token() {
    const size_t start = at_;
    const auto digits = [this] {
        const size_t from = at_;
        while (is_digit(peek())) ++at_;
        return at_ - from;
    };
    if (peek() == '-') ++at_;
    if (peek() == '0')
        ++at_;
    else if (digits() == 0)
        return fail();
    if (peek() == '.') {
        ++at_;
        if (digits() == 0) return fail();
    }
    if (peek() == 'e' || peek() == 'E') {
        ++at_;
        if (peek() == '+' || peek() == '-') ++at_;
        if (digits() == 0) return fail();
    }
    if (is_word(peek())) return fail();
    value_ = text_.substr(start, at_ - start);
    after_value();
    return Token::kNumber;
}

JsonReader::Token JsonReader::string_token(Token kind) {
    const size_t start = ++at_;
    bool escaped = false;
    for (; (at_ = end_of_plain_string(text_, at_)) < text_.size() && text_[at_] != '"'; ++at_) {
        if (text_[at_] != '\\') return fail();  // a control character
        escaped = true;
        ++at_;
    }
    if (at_ >= text_.size()) return fail();
    value_ = text_.substr(start, at_ - start);
    ++at_;
    if (escaped && !unescape(value_)) return fail();
    if (kind == Token::kString) {
        after_value();
        return kind;
    }
    end_ = at_;
    skip_blanks();
    if (peek() != ':') return fail();
    ++at_;
    state_ = State::kValue;
    return kind;
}

bool JsonReader::unescape(std::string_view raw) {
    scratch_.clear();
    for (size_t i = 0; i < raw.size(); ++i) {
        const size_t escape = std::min(raw.find('\\', i), raw.size());
        scratch_.append(raw, i, escape - i);
        if (escape == raw.size()) break;
        i = escape + 1;
        if (i == raw.size()) return false;
        static constexpr std::string_view kFrom = "\"\\/bfnrt", kTo = "\"\\/\b\f\n\r\t";
        if (const size_t simple = kFrom.find(raw[i]); simple != std::string_view::npos) {
            scratch_.push_back(kTo[simple]);
            continue;
        }
        const int32_t first = raw[i] == 'u' ? hex::four_digits_at(raw, i + 1) : -1;
        if (first < 0) return false;
        i += 4;
        const int32_t second = raw.substr(i + 1, 2) == "\\u" ? hex::four_digits_at(raw, i + 3) : 0;
        const char32_t pair =
            utf8::from_surrogates(static_cast<char32_t>(first), static_cast<char32_t>(second));
        if (pair != 0) i += 6;
        utf8::append(scratch_, pair != 0 ? pair : static_cast<char32_t>(first));  // U+FFFD for half a pair
    }
    value_ = scratch_;
    return true;
}

}  // namespace gpsync::core::pii
