// Names of fields whose values have a form that a standard gives them: data elements of ISO 8583 by their
// numbers ("52", "DE055", "field_2"), EMV tags ("9F26"), chip data as a whole ("iccData"), and headers of
// HTTP with credentials in them ("Authorization", "Set-Cookie").
#pragma once

#include <cstdint>
#include <string_view>

#include "core/pii/detector.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

struct PaymentField {
    enum class Kind : uint8_t {
        kNone,
        kElement,        // of ISO 8583, by its bare number
        kNamedElement,   // the same with a word in front: "DE52"
        kMessageType,    // "mti"
        kMessage,        // a message of ISO 8583: {"isomsg": [{"id": 52, "value": …}]}
        kTag,            // of EMV
        kTagLabel,       // its value is a tag: {"tag": "9F26", "value": …}
        kChipData,       // TLV, or an object of tags
        kCounter,        // of chip data, by its name: it may stay
        kAuthorization,  // RFC 9110: a scheme and credentials; also what a card's issuer answers
        kCookies,        // RFC 6265: pairs, or an object of them
    };
    Kind kind = Kind::kNone;
    uint16_t number = 0;  // of the element; the tag

    bool is(Kind k) const { return kind == k; }
    bool is_element() const { return kind == Kind::kElement || kind == Kind::kNamedElement; }
    bool is_numbered() const { return kind >= Kind::kElement && kind <= Kind::kMessageType; }
    bool is_header() const { return kind >= Kind::kAuthorization; }
    bool operator==(const PaymentField&) const = default;
};

PaymentField payment_field(std::string_view name);
// Whether the name may be that of a numbered field: it ends in a number, or is a message type's; false is
// sure.
constexpr bool may_be_numbered(std::string_view name) {
    constexpr uint8_t kAscii = kUpper | kLower;
    return name.empty() || (class_of(name.back()) & kAscii) == 0 || (class_of(name[0]) & kAscii) == 0 ||
           to_lower(name[0]) == 'm';
}
// Whether there is a number with which, behind this and a separator, a name is that of a field; false is
// sure.
bool may_be_numbered_field(std::string_view stem);

// Of a text that says which element of a message stands beside it, "52" or "DE52"; 0: none.
unsigned element_of_label(std::string_view text);
// Whether the name may be that of such a text in a message's list of elements.
bool names_element(std::string_view name);
// What a data element of ISO 8583 holds; kNone: it may stay, or is found by its own form.
Detector detector_of_element(unsigned number);
// Whether messages usually have it: what tells their numbers from other numbers.
bool is_usual_element(unsigned number);
constexpr unsigned kChipDataElement = 55;

// Counts the names of an object that are numbers of data elements.
class ElementCount {
  public:
    void add(PaymentField field) {
        all_.add(field);
        if (!field.is_element() || detector_of_element(field.number) == Detector::kNone) kept_.add(field);
    }
    bool has_message_type() const { return all_.message_type; }
    // Several together, few that messages do not have, and not only the first ones.
    bool is_message() const { return all_.is_message(); }
    // Also without the elements that go: then what the others are is still known when the message comes
    // again.
    bool stays_message() const { return kept_.is_message(); }

  private:
    struct Count {
        static constexpr unsigned kBitmap = 1, kFarthestNear = 11;
        static void add_one(uint8_t& count) { count += count < UINT8_MAX; }
        void add(PaymentField field) {
            using Kind = PaymentField::Kind;
            named |= field.is(Kind::kNamedElement) || field.is(Kind::kMessageType);
            message_type |= field.is(Kind::kMessageType);
            if (field.is(Kind::kMessageType)) return add_one(usual);
            if (!field.is_element()) return;
            if (field.number != kBitmap) add_one(is_usual_element(field.number) ? usual : unusual);
            far |= field.number >= kFarthestNear;
        }
        bool is_message() const {
            constexpr int kFewest = 3, kFewestNamed = 2, kUsualForEachOther = 4;
            return usual >= (named ? kFewestNamed : kFewest) && kUsualForEachOther * unusual <= usual &&
                   (named || far);
        }

        uint8_t usual = 0, unusual = 0;
        bool named = false, far = false, message_type = false;
    };
    Count all_, kept_;
};

// Whether a value has the form that the field of that kind has. Stricter than fits_name(): the name is a
// number.
bool fits_field(Detector detector, std::string_view text);
// Whether text is hex digits or base64, of so many characters at least, and nothing else but blanks, colons
// and dashes between them.
bool is_coded_value(std::string_view text, size_t least);

}  // namespace gpsync::core::pii
