// HTML, written so that what is not ours cannot become markup: markup is constants of the program alone, and
// all else is escaped.
#pragma once

#include <string>
#include <string_view>

namespace gpsync::core::report {

// A constant of the program. It is checked at compile time that it is one.
class Markup {
  public:
    consteval Markup(const char* text) : text_(text) {}
    constexpr std::string_view text() const { return text_; }

  private:
    std::string_view text_;
};

class Html {
  public:
    Html& raw(const Markup& markup) {
        out_.append(markup.text());
        return *this;
    }
    // For an element's content and for a quoted attribute's value. Characters that change the direction of
    // what is around them, and control characters, are written as \u202E.
    Html& text(std::string_view text);
    // The same, isolated: a name written from right to left leaves what is beside it in its order.
    Html& name(std::string_view text);
    Html& integer(long long number) {
        out_.append(std::to_string(number));
        return *this;
    }
    // At most two digits behind the point: coordinates.
    Html& coordinate(double number);
    Html& append(const Html& other) {
        out_.append(other.out_);
        return *this;
    }

    bool empty() const { return out_.empty(); }
    const std::string& str() const { return out_; }
    std::string take() { return std::move(out_); }

  private:
    std::string out_;
};

}  // namespace gpsync::core::report
