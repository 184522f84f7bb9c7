// Objects whose members are the fields of a payment message: data elements of ISO 8583 by their numbers, EMV
// data by its tags. Several such names together make one; a lone "2" is no card number.
#include "core/pii/document/path_context.hpp"
#include "core/pii/names/emv_tags.hpp"

namespace gpsync::core::pii {

using Kind = PaymentField::Kind;

namespace {

// In hex digits: of what stands under a name for chip data and is no TLV; of a cryptogram under some name in
// it.
constexpr uint8_t kShortestChipData = 12, kShortestUnnamed = 16;

}  // namespace

void PathContext::take_field(Frame& frame, Detector detector) {
    if (detector == Detector::kNone) {
        frame.member.flags |= kReference;  // what is said of the others does not hold for it
        return;
    }
    frame.member.subject = detector;
    frame.by_field = frame.suspicious = true;
}

void PathContext::note_element(Frame& frame) {
    frame.elements.add(frame.field);
    const Detector detector = detector_of_element(frame.field.number);
    // Of an object that is PII as a whole, {"secret": {…}}, the numbers say nothing.
    const bool apart = frame.subject != Detector::kNone && frame.subject != Detector::kCryptogram;
    const bool by_name = frame.below_message;  // says so whatever goes
    const bool message = !apart && (by_name || frame.message || frame.elements.is_message());
    const bool stays = !apart && (by_name || frame.stays_message || frame.elements.stays_message());
    if (message && detector != Detector::kNone) take_field(frame, detector);
    // Of a named one, "de7", and in a message the standard says what it is: no state's number.
    if (detector == Detector::kNone && (stays || frame.field.is(Kind::kNamedElement)) &&
        is_usual_element(frame.field.number))
        frame.member.flags |= kReference;
    frame.depends |= !message && frame.field.is_element();
    if (is_chip_data(frame)) frame.coded = kShortestChipData;
    frame.suspicious |= frame.field.number == kChipDataElement;
}

// {"id": 52, "value": …}
void PathContext::note_labelled_element(Frame& frame) {
    if (!frame.below_message || !frame.label_field.is(Kind::kElement) || !frame.member.has(kValue)) return;
    frame.field = frame.label_field;
    note_element(frame);
}

void PathContext::note_field() {
    Frame& frame = frames_.back();
    const bool beside_tag = frame.label_field.is(Kind::kTag) && frame.member.has(kValue);
    const uint16_t tag = beside_tag ? frame.label_field.number : frame.field.number;
    if (beside_tag || frame.field.is(Kind::kTag)) {
        frame.tags += frame.tags < UINT8_MAX;
        const EmvTag* known = find_emv_tag(tag);
        const bool sure = beside_tag || frame.chip_data || frame.tags > 1 || tag == 0x9F26 || tag == 0x5A;
        if (known != nullptr && sure) take_field(frame, known->detector);
        return;
    }
    switch (frame.field.kind) {
        case Kind::kElement:
            if (const EmvTag* known = frame.chip_data ? find_emv_tag(tag_of_number(tag)) : nullptr)
                return take_field(frame, known->detector);
            [[fallthrough]];
        case Kind::kNamedElement:
            return note_element(frame);
        case Kind::kMessageType:
            return frame.elements.add(frame.field);
        case Kind::kChipData:
            frame.coded = kShortestChipData;
            frame.suspicious = true;
            return;
        case Kind::kCounter:
            if (frame.chip_data || frame.subject == Detector::kCryptogram) take_field(frame, Detector::kNone);
            return;
        default:
            // A member of chip data of which nothing is known; of those with a letter for a name, the values.
            if (frame.chip_data && frame.member.subject == Detector::kNone &&
                (frame.member.flags & ~(kPassThrough | kValue | kSuffix | kLabel | kAmbiguous |
                                        (frame.member.has(kValue) ? kNameOnly : 0u))) == 0) {
                take_field(frame, Detector::kCryptogram);
                frame.coded = kShortestUnnamed;
            }
            return;
    }
}

}  // namespace gpsync::core::pii
