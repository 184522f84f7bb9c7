// A pull reader of JSON (RFC 8259) text that gives every token with its position, keeps no tree and does not
// recurse.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gpsync::core::pii {

class JsonReader {
  public:
    enum class Token : unsigned char {
        kBeginObject,
        kEndObject,
        kBeginArray,
        kEndArray,
        kName,
        kString,
        kNumber,
        kTrue,
        kFalse,
        kNull,
        kEnd,    // one whole value was read and nothing but blanks follows
        kError,  // not JSON from offset() on; stays so
    };

    explicit JsonReader(std::string_view text) : text_(text) {}

    Token next();
    // Of the last token: its bytes, quotes included, are [begin, end) of the text.
    size_t begin() const { return begin_; }
    size_t end() const { return end_ != 0 ? end_ : at_; }
    // A name or string without quotes and escapes, or a number as written. Valid until the next call of
    // next().
    std::string_view value() const { return value_; }
    // What the next value is in: '{', '[', or '\0' outside of all.
    char within() const { return open_.empty() ? '\0' : open_.back(); }
    // How many objects and arrays are open.
    size_t depth() const { return open_.size(); }
    size_t offset() const { return at_; }
    // Whether one whole value has been read; what follows may be anything.
    bool complete() const { return state_ == State::kDone; }

  private:
    enum class State : unsigned char { kValue, kFirstItem, kFirstName, kName, kAfterValue, kDone };

    Token value_token();
    Token close(char bracket);
    Token string_token(Token kind);
    Token number_token();
    Token word_token(std::string_view word, Token kind);
    Token fail() {
        failed_ = true;
        return Token::kError;
    }
    bool unescape(std::string_view raw);
    void after_value() { state_ = open_.empty() ? State::kDone : State::kAfterValue; }
    void skip_blanks();
    char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

    std::string_view text_, value_;
    size_t at_ = 0, begin_ = 0;
    size_t end_ = 0;  // of a name, whose colon has been read already
    State state_ = State::kValue;
    bool failed_ = false;
    std::vector<char> open_;  // '{' or '['
    std::string scratch_;
};

}  // namespace gpsync::core::pii
