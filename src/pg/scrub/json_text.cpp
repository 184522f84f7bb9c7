#include "pg/scrub/json_text.h"

#include "core/json_writer.hpp"

namespace gpsync::pg {

using core::pii::JsonReader;
using core::pii::Scrubber;
using core::pii::Verdict;

namespace {

void append_string(std::string& to, std::string_view text) {
    core::HeapBuffer buffer;
    core::append_json_string(buffer, text);
    to += buffer.view();
}

}  // namespace

Verdict JsonTextScrub::scrub(std::string_view json, Scrubber& scrubber) noexcept {
    try {
        text_.clear();
        open_.clear();
        changed_ = removed_ = false;
        JsonReader reader(json);
        Step step;
        do step = take(reader, json, scrubber);
        while (step == Step::kGoOn);
        if (step == Step::kError) return Verdict::kError;
        if (step == Step::kUnreadable || removed_) return Verdict::kRemove;
        return changed_ ? Verdict::kReplace : Verdict::kKeep;
    } catch (const std::exception&) {
        return Verdict::kError;
    }
}

JsonTextScrub::Step JsonTextScrub::take(JsonReader& reader, std::string_view json, Scrubber& scrubber) {
    using Token = JsonReader::Token;
    const Token token = reader.next();
    const auto raw = [&] { return json.substr(reader.begin(), reader.end() - reader.begin()); };
    switch (token) {
        case Token::kBeginObject:
            return begin(false, reader, scrubber);
        case Token::kBeginArray:
            return begin(true, reader, scrubber);
        case Token::kEndObject:
            return end(false, scrubber);
        case Token::kEndArray:
            return end(true, scrubber);
        case Token::kKey:
            return take_key(raw(), reader.value(), scrubber);
        case Token::kString:
            return take_value(scrubber.string(reader.value()), raw(), scrubber);
        case Token::kNumber:
            return take_value(scrubber.number(reader.value()), raw(), scrubber);
        case Token::kTrue:
        case Token::kFalse:
            return take_value(scrubber.boolean(token == Token::kTrue), raw(), scrubber);
        case Token::kNull:
            return take_value(scrubber.null(), raw(), scrubber);
        case Token::kEnd:
            return Step::kDone;
        default:
            return Step::kUnreadable;
    }
}

// In front of a key, or of a value that has none.
void JsonTextScrub::begin_item() {
    if (open_.empty()) return;
    member_start_ = text_.size();
    member_first_ = open_.back().empty;
    if (!open_.back().empty) text_ += ',';
    open_.back().empty = false;
}

JsonTextScrub::Step JsonTextScrub::take_key(std::string_view raw, std::string_view key, Scrubber& scrubber) {
    begin_item();
    switch (scrubber.key(key)) {
        case Verdict::kKeep:
            text_ += raw;
            break;
        case Verdict::kReplace:
            changed_ = true;
            append_string(text_, scrubber.replacement());
            break;
        default:
            return Step::kError;
    }
    text_ += ':';
    return Step::kGoOn;
}

// The member goes with its key; an element leaves its place behind.
JsonTextScrub::Step JsonTextScrub::leave_out() {
    changed_ = true;
    if (open_.empty()) {
        removed_ = true;
    } else if (open_.back().array) {
        text_ += "null";
    } else {
        text_.resize(member_start_);
        open_.back().empty = member_first_;
    }
    return Step::kGoOn;
}

JsonTextScrub::Step JsonTextScrub::take_value(Verdict verdict, std::string_view raw, Scrubber& scrubber) {
    if (!open_.empty() && open_.back().array) begin_item();
    switch (verdict) {
        case Verdict::kKeep:
            text_ += raw;
            return Step::kGoOn;
        case Verdict::kReplace:
            changed_ = true;
            append_string(text_, scrubber.replacement());
            return Step::kGoOn;
        case Verdict::kRemove:
            return leave_out();
        default:
            return Step::kError;
    }
}

JsonTextScrub::Step JsonTextScrub::begin(bool array, JsonReader& reader, Scrubber& scrubber) {
    if (!open_.empty() && open_.back().array) begin_item();
    switch (array ? scrubber.begin_array() : scrubber.begin_object()) {
        case Verdict::kKeep:
            text_ += array ? '[' : '{';
            open_.push_back({array});
            return Step::kGoOn;
        case Verdict::kRemove: {
            const size_t outside = reader.depth() - 1;
            while (reader.depth() > outside)
                if (reader.next() == JsonReader::Token::kError) return Step::kUnreadable;
            return leave_out();
        }
        default:
            return Step::kError;
    }
}

JsonTextScrub::Step JsonTextScrub::end(bool array, Scrubber& scrubber) {
    if (array)
        scrubber.end_array();
    else
        scrubber.end_object();
    text_ += array ? ']' : '}';
    open_.pop_back();
    return Step::kGoOn;
}

}  // namespace gpsync::pg
