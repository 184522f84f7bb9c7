// Skims JSON text without building anything: members are handed out as slices of the text. For the decoder's
// events, where a few members of a long document matter; what people write is read with RapidJSON.
#pragma once

#include <cstring>
#include <string_view>

namespace gpsync::relay {

class JsonCursor {
  public:
    explicit JsonCursor(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

    // False once something was not JSON; everything read after that is empty.
    bool ok() const { return ok_; }
    bool at_end() {
        skip_space();
        return at_ == end_;
    }

    // Consumes c where it comes next.
    bool consume(char c) {
        skip_space();
        if (!ok_ || at_ == end_ || *at_ != c) return false;
        ++at_;
        return true;
    }
    void expect(char c) {
        if (!consume(c)) fail();
    }

    // A string's text between the quotes, escapes left as they are.
    std::string_view string() {
        skip_space();
        if (!ok_ || at_ == end_ || *at_ != '"') return fail();
        const char* begin = ++at_;
        if (!skip_string_body()) return fail();
        return {begin, static_cast<size_t>(at_ - 1 - begin)};
    }

    // The text of any value.
    std::string_view value() {
        skip_space();
        if (!ok_ || at_ == end_) return fail();
        const char* begin = at_;
        bool good = true;
        if (*at_ == '"') {
            ++at_;
            good = skip_string_body();
        } else if (*at_ == '{' || *at_ == '[') {
            good = skip_nested();
        } else {
            while (at_ != end_ && !std::strchr(",}] \t\r\n", *at_)) ++at_;
            good = at_ != begin;
        }
        if (!good) return fail();
        return {begin, static_cast<size_t>(at_ - begin)};
    }

    // Calls member(name) for each member of the object that comes next, with the cursor at its value; member
    // consumes the value, and answers false to stop there.
    template <typename F>
    void for_each_member(F&& member) {
        expect('{');
        if (consume('}')) return;
        while (ok_) {
            std::string_view name = string();
            expect(':');
            if (!ok_ || !member(name)) return;
            if (!consume(',')) {
                expect('}');
                return;
            }
        }
    }

  private:
    std::string_view fail() {
        ok_ = false;
        at_ = end_;
        return {};
    }

    void skip_space() {
        while (at_ != end_ && (*at_ == ' ' || *at_ == '\t' || *at_ == '\r' || *at_ == '\n')) ++at_;
    }

    // From behind the opening quote to behind the closing one.
    bool skip_string_body() {
        const char* begin = at_;
        while (const void* found = std::memchr(at_, '"', static_cast<size_t>(end_ - at_))) {
            const char* quote = static_cast<const char*>(found);
            const char* before = quote;
            while (before != begin && before[-1] == '\\') --before;
            at_ = quote + 1;
            if ((quote - before) % 2 == 0) return true;  // an even number of backslashes escapes itself
        }
        return false;
    }

    bool skip_nested() {
        int depth = 0;
        while (at_ != end_) {
            switch (*at_++) {
                case '"':
                    if (!skip_string_body()) return false;
                    break;
                case '{':
                case '[':
                    ++depth;
                    break;
                case '}':
                case ']':
                    if (--depth == 0) return true;
                    break;
                default:
                    break;
            }
        }
        return false;
    }

    const char* at_;
    const char* end_;
    bool ok_ = true;
};

}  // namespace gpsync::relay
