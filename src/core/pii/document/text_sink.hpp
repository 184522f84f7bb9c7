// A sink of visit() that writes the document anew as JSON text, without blanks between its tokens.
#pragma once

#include <string_view>

#include "core/byte_buffer.hpp"
#include "core/json_writer.hpp"
#include "core/pii/document/visitor.hpp"

namespace gpsync::core::pii {

// What stays is written by the source: append_name(ByteBuffer&) and append_value(ByteBuffer&). encode(text)
// turns a replacement, which is UTF-8, into what the buffer holds. Trivially destructible if Encode is.
template <class Encode>
class TextSink {
  public:
    TextSink(ByteBuffer& out, const Scrubber& scrubber, Encode encode)
        : out_(out), scrubber_(scrubber), encode_(encode) {}

    // Whether the text is another than the document's.
    bool changed() const { return changed_; }
    // All of the document has to be left out; what was written is to be forgotten.
    bool removed() const { return removed_; }

    template <class Source>
    void name(Verdict verdict, Source& source) {
        member_start_ = out_.size;
        separate();
        if (verdict == Verdict::kKeep)
            source.append_name(out_);
        else
            append_replacement();
        out_.append(':');
    }
    template <class Source>
    void begin(bool array, Source& source) {
        if (source.within() == Within::kArray) separate();
        out_.append(array ? '[' : '{');
    }
    template <class Source>
    void end(bool array, Source&) {
        out_.append(array ? ']' : '}');
    }
    template <class Source>
    void value(Event, Verdict verdict, Source& source) {
        const Within within = source.within();
        if (within == Within::kArray) separate();
        if (verdict == Verdict::kKeep)
            source.append_value(out_);
        else if (verdict == Verdict::kReplace)
            append_replacement();
        else
            leave_out(within);
    }
    bool enough() const { return removed_; }

  private:
    // A comma behind the member or element in front; nothing else ends in a bracket that opens.
    void separate() {
        const char last = out_.data[out_.size - 1];
        if (last != '{' && last != '[') out_.append(',');
    }
    void append_replacement() {
        changed_ = true;
        append_json_string(out_, encode_(scrubber_.replacement()));
    }
    // The member goes with its name; of an array the other elements keep their positions.
    void leave_out(Within within) {
        changed_ = true;
        if (within == Within::kNothing)
            removed_ = true;
        else if (within == Within::kArray)
            out_.append("null");
        else
            out_.size = member_start_;
    }

    ByteBuffer& out_;
    const Scrubber& scrubber_;
    Encode encode_;
    size_t member_start_ = 0;  // of the last name, with the comma in front of it
    bool changed_ = false;
    bool removed_ = false;
};

}  // namespace gpsync::core::pii
