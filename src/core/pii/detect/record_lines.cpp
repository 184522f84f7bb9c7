#include "core/pii/detect/record_lines.hpp"

#include <algorithm>

#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

constexpr std::string_view kCard = "BEGIN:VCARD", kOrderingCustomer = "\n:50", kBeneficiary = "\n:59",
                           kOrganizer = "\nORGANIZER;", kAttendee = "\nATTENDEE;";

class RecordLines {
  public:
    RecordLines(std::string_view text, const std::function<bool(const NamedPair&)>& take)
        : text_(text), take_(take) {}

    void run() {
        for (size_t at = 0; more_ && at < text_.size();) {
            const size_t end = std::min(text_.find('\n', at), text_.size());
            const size_t behind = end > at && text_[end - 1] == '\r' ? end - 1 : end;
            take_line(at, behind);
            at = end + 1;
        }
    }

  private:
    void take_line(size_t begin, size_t end) {
        const std::string_view line = text_.substr(begin, end - begin);
        if (line == kCard || line == "END:VCARD") {
            in_card_ = line == kCard;
        } else if (in_card_) {
            take_property(begin, line);
        } else if (line.starts_with(kOrganizer.substr(1)) || line.starts_with(kAttendee.substr(1))) {
            take_participant(begin, line);
        } else if (line.starts_with(":") || line.starts_with("-")) {
            customer_line_ = is_customer(line) ? 1 : 0;
            if (customer_line_ > 0) take_customer(begin + line.find(':', 1) + 1, end);
        } else if (customer_line_ > 0) {
            take_customer(begin, end);
        }
    }

    // ":50K:", ":59:"
    static bool is_customer(std::string_view line) {
        constexpr size_t kTag = 3;
        if (!line.starts_with(kOrderingCustomer.substr(1)) && !line.starts_with(kBeneficiary.substr(1)))
            return false;
        const size_t colon = line.find(':', 1);
        return colon == kTag || (colon == kTag + 1 && (class_of(line[kTag]) & kUpper) != 0);
    }

    // "FN;CHARSET=UTF-8:Joe Doe": parameters stand between a property's name and the colon.
    void take_property(size_t begin, std::string_view line) {
        struct Property {
            std::string_view name;
            Detector subject;
        };
        static constexpr Property kProperties[] = {
            {"fn", Detector::kPersonName}, {"n", Detector::kPersonName},  {"nickname", Detector::kPersonName},
            {"adr", Detector::kAddress},   {"label", Detector::kAddress}, {"bday", Detector::kBirthDate},
            {"tel", Detector::kPhone},     {"email", Detector::kEmail}};
        const size_t colon = line.find(':');
        if (colon == std::string_view::npos) return;
        std::string_view name = line.substr(0, std::min(line.find(';'), colon));
        name.remove_prefix(name.find('.') == std::string_view::npos ? 0 : name.find('.') + 1);  // "item1.TEL"
        for (const Property& property : kProperties)
            if (equals_ignoring_case(name, property.name))
                take(begin + colon + 1, begin + line.size(), property.subject);
    }

    // "ATTENDEE;ROLE=CHAIR;CN="Roe, Jane":mailto:…" (RFC 5545, 3.2.2)
    void take_participant(size_t begin, std::string_view line) {
        constexpr std::string_view kName = ";CN=";
        const size_t name = line.find(kName);
        if (name == std::string_view::npos) return;
        size_t from = name + kName.size();
        const bool quoted = line.substr(from, 1) == "\"";
        from += quoted ? 1 : 0;
        const size_t to = std::min(line.find_first_of(quoted ? "\"" : ":;", from), line.size());
        take(begin + from, begin + to, Detector::kPersonName);
    }

    // The account behind a slash, the name, and up to three lines of an address; with numbers in front in
    // option F.
    void take_customer(size_t begin, size_t end) {
        constexpr unsigned kMostLines = 5;
        if (end > begin && text_[begin] == '/') {  // an IBAN is found by its form
            if (end - begin > 1 && is_digit(text_[begin + 1])) take(begin + 1, end, Detector::kAccount);
            return;
        }
        if (end - begin > 2 && is_digit(text_[begin]) && text_[begin + 1] == '/') {
            const char number = text_[begin];
            if (number == '1') take(begin + 2, end, Detector::kPersonName);
            if (number == '2' || number == '3') take(begin + 2, end, Detector::kAddress);
            if (number == '4') take(begin + 2, end, Detector::kBirthDate);
            return;
        }
        if (customer_line_ <= kMostLines)
            take(begin, end, customer_line_ == 1 ? Detector::kPersonName : Detector::kAddress);
        ++customer_line_;
    }

    void take(size_t begin, size_t end, Detector subject) {
        constexpr size_t kLongest = 200;
        if (more_ && end > begin && end - begin <= kLongest)
            more_ = take_({begin, end, subject, Doubt::kNone});
    }

    const std::string_view text_;
    const std::function<bool(const NamedPair&)>& take_;
    bool in_card_ = false, more_ = true;
    unsigned customer_line_ = 0;  // of a customer's field, the one that comes next, from 1
};

}  // namespace

bool may_have_record_lines(std::string_view text) {
    constexpr size_t npos = std::string_view::npos;
    const auto has_field = [text](std::string_view field) {
        return text.starts_with(field.substr(1)) || text.find(field) != npos;
    };
    return text.find(kCard) != npos || has_field(kOrderingCustomer) || has_field(kBeneficiary) ||
           has_field(kOrganizer) || has_field(kAttendee);
}

void find_record_lines(std::string_view text, const std::function<bool(const NamedPair&)>& take) {
    if (may_have_record_lines(text)) RecordLines(text, take).run();
}

}  // namespace gpsync::core::pii
