// JSON text as a source of visit().
#pragma once

#include <string_view>
#include <vector>

#include "core/byte_buffer.hpp"
#include "core/pii/document/visitor.hpp"
#include "core/pii/json_reader.hpp"

namespace gpsync::core::pii {

class JsonTextSource {
  public:
    explicit JsonTextSource(std::string_view json) : json_(json), reader_(json) {}

    Event next() {
        using Read = JsonReader::Token;
        within_ = reader_.within();
        const Read token = reader_.next();
        begin_ = reader_.begin();
        switch (token) {
            case Read::kBeginObject:
                return Event::kBeginObject;
            case Read::kEndObject:
                if (!containers_.empty()) containers_.pop_back();
                return Event::kEndObject;
            case Read::kBeginArray:
                return Event::kBeginArray;
            case Read::kEndArray:
                if (!containers_.empty()) containers_.pop_back();
                return Event::kEndArray;
            case Read::kName:
                return Event::kName;
            case Read::kString:
                return Event::kString;
            case Read::kNumber:
                return Event::kNumber;
            case Read::kTrue:
                return Event::kTrue;
            case Read::kFalse:
                return Event::kFalse;
            case Read::kNull:
                return Event::kNull;
            case Read::kEnd:
                return Event::kEnd;
            case Read::kError:
                break;
        }
        return Event::kUnreadable;
    }

    std::string_view text() const { return reader_.value(); }
    Verdict number(Scrubber& scrubber) const { return scrubber.number(reader_.value()); }
    void enter() { containers_.push_back(begin_); }
    // Reads the open object once more. What that may cost is bounded: of objects in objects that all ask for
    // it the inner ones are not read.
    void show_siblings(Scrubber& scrubber) {
        if (containers_.empty()) return;
        const std::string_view object = json_.substr(containers_.back());
        JsonReader reader(object);
        const bool numbers = scrubber.labels_may_be_numbers();
        size_t label_depth = 0;  // of the value of a label; 0: the last name was none
        for (;;) {
            const JsonReader::Token token = reader.next();
            if (token == JsonReader::Token::kError || reader.depth() == 0) break;
            if (read_again_ + reader.offset() > kMostReadAgain * json_.size() + kAlwaysReadAgain) break;
            if (token == JsonReader::Token::kName && reader.depth() == 1)
                label_depth = scrubber.sibling(reader.value()) ? kDeepestLabel : 0;
            else if (reader.depth() <= label_depth && (token == JsonReader::Token::kString ||
                                                       (numbers && token == JsonReader::Token::kNumber)))
                scrubber.sibling_label(reader.value());
        }
        read_again_ += reader.offset();
        scrubber.siblings_end();
    }
    // Reads the list that the open object is in once more, its first elements, within the same bound.
    void show_elements(Scrubber& scrubber) {
        if (containers_.size() < 2) return;
        JsonReader reader(json_.substr(containers_[containers_.size() - 2]));
        size_t elements = 0;
        for (bool label = false; elements <= kMostElements;) {
            const JsonReader::Token token = reader.next();
            if (token == JsonReader::Token::kError || reader.depth() == 0) break;
            if (read_again_ + reader.offset() > kMostReadAgain * json_.size() + kAlwaysReadAgain) break;
            elements += token == JsonReader::Token::kBeginObject && reader.depth() == kInElement;
            if (token == JsonReader::Token::kName && reader.depth() == kInElement)
                label = scrubber.element_name(reader.value());
            else if (token == JsonReader::Token::kString && reader.depth() == kInElement && label)
                scrubber.element_label(reader.value());
        }
        read_again_ += reader.offset();
    }
    // Reads the first elements, or the first row, once more. Neither holds an array, so that no byte is read
    // again for more than two arrays.
    bool preview(ArrayPreview& preview) const {
        const size_t first = json_.find_first_not_of(" \t\r\n", begin_ + 1);
        if (first == std::string_view::npos) return false;
        if (json_[first] != '"' && json_[first] != '[' && !preview.expects()) return false;
        preview.begin(json_[first] == '[');
        JsonReader reader(json_.substr(preview.table() ? first : begin_));
        (void)reader.next();
        for (size_t count = 0;; ++count) {
            const JsonReader::Token token = reader.next();
            if (token == JsonReader::Token::kEndArray) break;
            const bool scalar = token == JsonReader::Token::kString || token == JsonReader::Token::kNumber ||
                                token == JsonReader::Token::kTrue || token == JsonReader::Token::kFalse ||
                                token == JsonReader::Token::kNull;
            const bool object = token == JsonReader::Token::kBeginObject;
            const bool part = (object || token == JsonReader::Token::kBeginArray) &&
                              preview.may_hold(count, object) && skip_part(reader);
            if (!(scalar || part) || count == preview.most()) {
                preview.clear();
                break;
            }
            const bool number = token == JsonReader::Token::kNumber && preview.may_be_digits();
            if (token == JsonReader::Token::kString || number)
                preview.add(reader.value());
            else
                preview.add_other();
        }
        const auto& texts = preview.texts();
        return preview.table() || preview.expects() ||
               (!texts.empty() && ArrayPreview::may_matter(texts.size(), texts[0]));
    }
    // Passes over an object or array of a few tokens that has just begun; false if it has more.
    static bool skip_part(JsonReader& reader) {
        constexpr int kMostTokens = 16;
        const size_t outside = reader.depth() - 1;
        for (int tokens = 0; tokens < kMostTokens; ++tokens) {
            const JsonReader::Token token = reader.next();
            if (token == JsonReader::Token::kError || token == JsonReader::Token::kEnd) return false;
            if (reader.depth() == outside) return true;
        }
        return false;
    }
    // Reads the open object once more, within the same bound as show_siblings().
    void show_headers(Scrubber& scrubber) {
        if (containers_.empty()) return;
        JsonReader reader(json_.substr(containers_.back()));
        bool header = false, holder = false;
        size_t outside = 0;
        for (;;) {
            const JsonReader::Token token = reader.next();
            if (token == JsonReader::Token::kError || reader.depth() == 0) break;
            if (read_again_ + reader.offset() > kMostReadAgain * json_.size() + kAlwaysReadAgain) break;
            if (token == JsonReader::Token::kName && reader.depth() == 1)
                holder = scrubber.header_holder(reader.value());
            if (token == JsonReader::Token::kName && reader.depth() <= (holder ? 2 : 1)) {
                outside = reader.depth() - 1;
                header = scrubber.header(reader.value());
            } else if (header && !show_header(scrubber, reader, token, outside)) {
                header = false;
            }
        }
        read_again_ += reader.offset();
        scrubber.headers_end();
    }
    bool skip() {
        const size_t outside = reader_.depth() - 1;
        while (reader_.depth() > outside)
            if (reader_.next() == JsonReader::Token::kError) return false;
        return true;
    }
    Within within() const {
        return within_ == '{' ? Within::kObject : within_ == '[' ? Within::kArray : Within::kNothing;
    }

    // The bytes of the token, or of all that was skipped: [begin, end) of the text.
    size_t begin() const { return begin_; }
    size_t end() const { return reader_.end(); }
    void append_name(ByteBuffer& out) const { append_value(out); }
    void append_value(ByteBuffer& out) const { out.append(json_.substr(begin(), end() - begin())); }

  private:
    // A token behind the name of a header. False: the header has ended, or is no array.
    // outside: how deep the object with the header's name is in the one that is open.
    static bool show_header(Scrubber& scrubber, const JsonReader& reader, JsonReader::Token token,
                            size_t outside) {
        using Read = JsonReader::Token;
        const bool begins = token == Read::kBeginArray || token == Read::kBeginObject;
        const bool ends = token == Read::kEndArray || token == Read::kEndObject;
        const size_t depth = reader.depth() - (begins ? 1 : 0) - outside;  // that the token stands in
        if (depth == 1) return token == Read::kBeginArray;
        if (depth == 2 && token == Read::kBeginArray) {
            scrubber.drop_header();
            return false;
        }
        if (depth == 2 && !ends) scrubber.header_column();
        if (token == Read::kString && depth <= 1 + kDeepestLabel) scrubber.header_text(reader.value());
        return true;
    }

    static constexpr size_t kMostElements = 100, kInElement = 2;
    static constexpr size_t kDeepestLabel = 4;  // {"type": {"coding": [{"code": …}]}}
    static constexpr size_t kMostReadAgain = 4, kAlwaysReadAgain = 4096;

    std::string_view json_;
    JsonReader reader_;
    size_t begin_ = 0;
    std::vector<size_t> containers_;  // where those that are open begin
    size_t read_again_ = 0;
    char within_ = '\0';
};

}  // namespace gpsync::core::pii
