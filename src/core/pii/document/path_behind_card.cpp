// What stands behind a card's number in an array: ["4111111111111111", "12/28", "123"].
#include <algorithm>

#include "core/pii/document/path_context.hpp"
#include "core/pii/names/value_forms.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

constexpr size_t kLongestYear = 4;

bool are_digits(std::string_view text, size_t least, size_t most) {
    return text.size() >= least && text.size() <= most && std::all_of(text.begin(), text.end(), is_digit);
}

bool is_month(std::string_view text) {
    return are_digits(text, 1, 2) && number_of(text) >= 1 && number_of(text) <= 12;
}

bool is_year(std::string_view text) {
    return (are_digits(text, kLongestYear, kLongestYear) && text.starts_with("20")) ||
           (are_digits(text, 2, 2) && number_of(text) >= 20);
}

bool is_expiry(std::string_view text) {
    return !(text.size() == kLongestYear && text.starts_with("20")) && is_month_and_year(text);
}

bool is_code(std::string_view text, bool number) {
    return are_digits(text, 3, number ? 3 : 4) && !is_year(text);
}

bool is_of_letters(std::string_view text) {
    constexpr size_t kLongest = 40;
    return !text.empty() && text.size() <= kLongest && std::all_of(text.begin(), text.end(), [](char c) {
        return is_letter(c) || c == ' ' || c == '.' || c == '-' || c == '\'';
    });
}

}  // namespace

void PathContext::note_card() {
    if (frames_.back().array) expect_behind_card(BehindCard::kCard);
}

// The next element is not passed over as neutral.
void PathContext::expect_behind_card(BehindCard next) {
    frames_.back().next_behind_card = next;
    frames_.back().suspicious = true;
}

// To the next element of an array.
void PathContext::step_behind_card() {
    Frame& frame = frames_.back();
    frame.behind_card = frame.next_behind_card;
    frame.next_behind_card = BehindCard::kNone;
    update();
    frame.suspicious |= frame.behind_card != BehindCard::kNone;
}

// A month and a year in two elements stay: without a number and a code they say nothing.
Detector PathContext::judge_behind_card(std::string_view text, bool number) {
    text = trim(text);
    switch (frames_.back().behind_card) {
        case BehindCard::kNone:
            return Detector::kNone;
        case BehindCard::kCard:
            if (!number && is_expiry(text)) {
                expect_behind_card(BehindCard::kExpiry);
                return Detector::kExpiry;
            }
            if (is_month(text)) expect_behind_card(BehindCard::kMonth);
            if (is_of_letters(text)) expect_behind_card(BehindCard::kCard);
            return Detector::kNone;
        case BehindCard::kMonth:
            if (is_year(text)) expect_behind_card(BehindCard::kExpiry);
            return Detector::kNone;
        case BehindCard::kExpiry:
            if (is_of_letters(text)) expect_behind_card(BehindCard::kExpiry);
            return is_code(text, number) ? Detector::kCvv : Detector::kNone;
    }
    return Detector::kNone;
}

}  // namespace gpsync::core::pii
