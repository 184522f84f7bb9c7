// jsonb as a source of core's visit(): nothing is turned into text but what has to be scanned. No recursion,
// so any depth that jsonb can have is fine.
#pragma once

#include <algorithm>

#include "core/json_writer.hpp"
#include "core/pii/document/visitor.hpp"
#include "pg/scrub/jsonb_neutral.h"

namespace gpsync::pg {

// An object or array that is being visited. Trivial: a stack of them is a ByteBuffer.
struct JsonbFrame {
    const JEntry* entry;  // of this container in the one around it; nullptr for the root
    EntryCursor names, values;
    const JsonbContainer* container;
    uint32 count, left;
    const core::pii::Shape* shape;      // nullptr: the scrubber is asked about each name
    core::pii::MemberContext elements;  // of an array
    bool neutral;                       // the path raises no suspicion of an object's members
    bool object, scalar;
    bool changed;  // a mark of the sink's
};

// kEveryToken: names of shapes and neutral values are tokens, too; else they are passed over. decode(text)
// gives text of the document in UTF-8. Write: what is done with neutral objects and arrays while they are
// read. Throws and raises only what growing the buffers does.
template <bool kEveryToken, class Decode, class Write = CheckAlone>
class JsonbSource {
  public:
    using Event = core::pii::Event;
    using Within = core::pii::Within;

    // frames: room for the stack. utf8: what decode() gives is the text itself.
    JsonbSource(const JsonbContainer* root, core::pii::Scrubber& scrubber, core::ByteBuffer& frames,
                core::ByteBuffer& number, bool utf8, Decode decode, Write write = {})
        : scrubber_(scrubber),
          write_(write),
          neutral_(scrubber, write),
          frames_(frames),
          number_(number),
          decode_(decode),
          utf8_(utf8),
          container_(root) {
        frames_.size = 0;
    }

    Event next() {
        if (frames_.size == 0) [[unlikely]]
            return begin_or_end();
        JsonbFrame& frame = top();
        return frame.object ? next_member(frame) : next_element(frame);
    }

    std::string_view text() const { return decode_(text_); }
    core::pii::Verdict number(core::pii::Scrubber& scrubber) {
        const std::string_view payload = value_.numeric();
        const NumericShape shape = numeric_shape(payload.data(), payload.size());
        if (!scrubber.wants_number(shape.integer_digits, shape.fraction)) return scrubber.skipped_number();
        return scrubber.number(number_text(payload));
    }
    // A document that is a column's value, or a scalar in one, has the row's columns beside it, which are not
    // here.
    void show_siblings(core::pii::Scrubber& scrubber) {
        if (frames_.size == 0 || !top().object) return;
        const JsonbFrame& frame = top();
        EntryCursor name(frame.container, 2 * frame.count, 0),
            value(frame.container, 2 * frame.count, frame.count);
        for (uint32 i = 0; i < frame.count; ++i, name.next(), value.next()) {
            const bool label = frame.shape != nullptr
                                   ? scrubber.sibling(*frame.shape, i, decode_(name.string()))
                                   : scrubber.sibling(decode_(name.string()));
            if (label && JBE_ISNUMERIC(*value.entry()) && scrubber.labels_may_be_numbers())
                scrubber.sibling_label(number_text(value.numeric()));
            else if (label)
                show_texts(value, kDeepestLabel,
                           [&](std::string_view text) { scrubber.sibling_label(text); });
        }
        scrubber.siblings_end();
    }
    // Of the array around the open object, the first elements.
    void show_elements(core::pii::Scrubber& scrubber) {
        constexpr uint32 kMostElements = 100;
        if (frames_.size < 2 * sizeof(JsonbFrame) || below_top().object) return;
        const uint32 count = below_top().count;
        EntryCursor element(below_top().container, count, 0);
        for (uint32 i = 0; i < std::min(count, kMostElements); ++i, element.next())
            if (JBE_ISCONTAINER(*element.entry()) && JsonContainerIsObject(element.container()))
                show_labels(scrubber, element.container());
    }
    bool preview(core::pii::ArrayPreview& preview) {
        using core::pii::ArrayPreview;
        const uint32 count = JsonContainerSize(container_);
        if (count == 0 || (!preview.expects() && !may_say_something(container_))) return false;
        const EntryCursor first(container_, count, 0);
        preview.begin(JBE_ISCONTAINER(*first.entry()));
        const JsonbContainer* array = preview.table() ? first.container() : container_;
        const uint32 size = JsonContainerSize(array);
        EntryCursor value(array, size, 0);
        for (uint32 i = 0; i < size; ++i, value.next()) {
            const bool container = JBE_ISCONTAINER(*value.entry());
            if ((container && !preview.may_hold(i, JsonContainerIsObject(value.container()))) ||
                i == preview.most()) {
                preview.clear();
                break;
            }
            if (JBE_ISSTRING(*value.entry()))
                preview.add(decode_(value.string()));
            else if (JBE_ISNUMERIC(*value.entry()) && preview.may_be_digits())
                preview.add(number_text(value.numeric()));
            else
                preview.add_other();
        }
        return true;
    }
    void show_headers(core::pii::Scrubber& scrubber) const {
        if (frames_.size == 0) return;
        show_headers_of(scrubber, top().container, true);
        scrubber.headers_end();
    }
    // Of the value that next() has just given, also where that was kNeutral.
    Event value_kind() const {
        const JEntry entry = *value_.entry();
        if (JBE_ISSTRING(entry)) return Event::kString;
        if (JBE_ISNUMERIC(entry)) return Event::kNumber;
        if (JBE_ISCONTAINER(entry))
            return JsonContainerIsObject(value_.container()) ? Event::kBeginObject : Event::kBeginArray;
        if (JBE_ISNULL(entry)) return Event::kNull;
        return JBE_ISBOOL_TRUE(entry) ? Event::kTrue : Event::kFalse;
    }
    // An object or array that next() called kNeutral: what is in it, also as kNeutral. Goes as deep as the
    // sink has not enough.
    template <class Sink>
    void show_neutral(Sink& sink) {
        const EntryCursor value = value_;
        const JsonbContainer* container = value.container();
        const bool object = JsonContainerIsObject(container);
        const uint32 count = JsonContainerSize(container);
        EntryCursor name(container, object ? 2 * count : count, 0);
        EntryCursor inner(container, object ? 2 * count : count, object ? count : 0);
        sink.begin(!object, *this);
        for (uint32 i = 0; i < count && !sink.enough(); ++i, name.next(), inner.next()) {
            text_ = name.string();
            if (object) sink.name(core::pii::Verdict::kKeep, *this);
            value_ = inner;
            sink.value(Event::kNeutral, core::pii::Verdict::kKeep, *this);
        }
        sink.end(!object, *this);
        value_ = value;
    }
    // REQUIRES: value_kind() is kString or kNumber.
    std::string_view value_text() {
        if (JBE_ISSTRING(*value_.entry())) return decode_(value_.string());
        return number_text(value_.numeric());
    }
    void enter() { push(container_, frames_.size == 0 ? nullptr : value_.entry()); }
    bool skip() { return true; }
    Within within() const {
        if (frames_.size == 0 || top().scalar) return Within::kNothing;
        return top().object ? Within::kObject : Within::kArray;
    }

    void append_name(core::ByteBuffer& out) const {
        if (top().shape == nullptr || !top().shape->has_labels())
            return core::append_json_string(out, name_.string());
        out.append(top().shape->name(top().count - top().left - 1));
    }
    void append_value(core::ByteBuffer& out) const {
        if (written_)
            out.append(write_.view());
        else
            append_jsonb_entry(out, value_);
    }

    const JEntry* name_entry() const { return name_.entry(); }
    const JEntry* value_entry() const { return value_.entry(); }
    bool at_root() const { return frames_.size == 0; }
    // Of what is being visited. REQUIRES: !at_root().
    JsonbFrame& top() const {
        return *reinterpret_cast<JsonbFrame*>(frames_.data + frames_.size - sizeof(JsonbFrame));
    }
    // The object or array around it. REQUIRES: there is one.
    JsonbFrame& below_top() const {
        return *reinterpret_cast<JsonbFrame*>(frames_.data + frames_.size - 2 * sizeof(JsonbFrame));
    }
    // Of what the last kEndObject or kEndArray has ended: its entry if it was changed, else nullptr.
    const JEntry* changed_entry() const { return changed_entry_; }

  private:
    static constexpr int kDeepestLabel = 4;  // {"type": {"coding": [{"code": …}]}}

    void show_labels(core::pii::Scrubber& scrubber, const JsonbContainer* object) const {
        const uint32 count = JsonContainerSize(object);
        EntryCursor name(object, 2 * count, 0), value(object, 2 * count, count);
        for (uint32 i = 0; i < count; ++i, name.next(), value.next())
            if (JBE_ISSTRING(*value.entry()) && scrubber.element_name(decode_(name.string())))
                scrubber.element_label(decode_(value.string()));
    }
    // Valid until the next one.
    std::string_view number_text(std::string_view numeric) {
        number_.size = 0;
        append_numeric(number_, numeric.data(), numeric.size());
        return number_.view();
    }

    void show_headers_of(core::pii::Scrubber& scrubber, const JsonbContainer* object, bool outermost) const {
        const uint32 count = JsonContainerSize(object);
        EntryCursor name(object, 2 * count, 0), value(object, 2 * count, count);
        for (uint32 i = 0; i < count; ++i, name.next(), value.next()) {
            if (!JBE_ISCONTAINER(*value.entry())) continue;
            if (JsonContainerIsArray(value.container())) {
                if (scrubber.header(decode_(name.string()))) show_header(scrubber, value.container());
            } else if (outermost && scrubber.header_holder(decode_(name.string()))) {
                show_headers_of(scrubber, value.container(), false);
            }
        }
    }
    void show_header(core::pii::Scrubber& scrubber, const JsonbContainer* array) const {
        const uint32 count = JsonContainerSize(array);
        EntryCursor column(array, count, 0);
        for (uint32 i = 0; i < count; ++i, column.next()) {
            if (JBE_ISCONTAINER(*column.entry()) && JsonContainerIsArray(column.container()))
                return scrubber.drop_header();
            scrubber.header_column();
            show_texts(column, kDeepestLabel, [&](std::string_view text) { scrubber.header_text(text); });
        }
    }
    // The strings in a value, that many levels deep.
    template <class Show>
    void show_texts(const EntryCursor& value, int depth, const Show& show) const {
        if (JBE_ISSTRING(*value.entry())) return show(decode_(value.string()));
        if (!JBE_ISCONTAINER(*value.entry()) || --depth == 0) return;
        const JsonbContainer* container = value.container();
        const bool object = JsonContainerIsObject(container);
        const uint32 count = JsonContainerSize(container);
        EntryCursor inner(container, object ? 2 * count : count, object ? count : 0);
        for (uint32 i = 0; i < count; ++i, inner.next()) show_texts(inner, depth, show);
    }
    Event begin_or_end() {
        if (begun_) return Event::kEnd;
        begun_ = true;
        if (!JsonContainerIsScalar(container_)) return begin_event();
        push(container_, nullptr);
        return next_element(top());
    }
    Event begin_event() const {
        return JsonContainerIsObject(container_) ? Event::kBeginObject : Event::kBeginArray;
    }

    void push(const JsonbContainer* container, const JEntry* entry) {
        const uint32 count = JsonContainerSize(container);
        JsonbFrame frame{};
        frame.entry = entry;
        frame.container = container;
        frame.count = frame.left = count;
        frame.object = JsonContainerIsObject(container);
        frame.scalar = JsonContainerIsScalar(container);
        if (frame.object) {
            frame.names = EntryCursor(container, 2 * count, 0);
            frame.values = EntryCursor(container, 2 * count, count);
            frame.shape = utf8_ ? shape_of(scrubber_, container, count) : nullptr;
            frame.neutral = utf8_ && scrubber_.path_is_neutral();
        } else {
            frame.values = EntryCursor(container, count, 0);
            if (utf8_ && !frame.scalar) frame.elements = scrubber_.element_context();
        }
        frames_.append({reinterpret_cast<const char*>(&frame), sizeof frame});
    }

    Event next_member(JsonbFrame& frame) {
        if (named_) {
            named_ = false;
            return kEveryToken && frame.shape != nullptr ? known_value(frame) : value_event();
        }
        while (frame.left > 0) {
            const uint32 i = frame.count - frame.left--;
            value_ = frame.values;
            frame.values.next();
            if (!kEveryToken && frame.neutral && passes_over(frame, i)) continue;
            if (kEveryToken || frame.shape == nullptr) return name_event(frame);
            scrubber_.member(*frame.shape, i);
            return value_event();
        }
        return leave();
    }
    Event name_event(JsonbFrame& frame) {
        name_ = frame.names;
        frame.names.next();
        named_ = true;
        text_ = name_.string();
        return frame.shape == nullptr ? Event::kName : Event::kKnownName;
    }
    // Whether the member need not be visited; then its name is passed over, too.
    bool passes_over(JsonbFrame& frame, uint32 i) {
        if (frame.shape != nullptr) return is_neutral(frame, i);
        constexpr uint32 kAhead = 16;
        if (i % kAhead == 0) expect_names(frame, std::min(kAhead, frame.count - i));
        core::pii::MemberContext context;
        if (!scrubber_.is_neutral_name(frame.names.string(), context) ||
            !neutral_.is_neutral(value_, context))
            return false;
        frame.names.next();
        return true;
    }
    // What is known of the next names may be far away.
    void expect_names(const JsonbFrame& frame, uint32 count) const {
        EntryCursor name = frame.names;
        for (uint32 i = 0; i < count; ++i, name.next()) scrubber_.expect_name(name.string());
    }
    Event known_value(const JsonbFrame& frame) {
        const uint32 i = frame.count - frame.left - 1;
        if (is_neutral(frame, i)) return Event::kNeutral;
        scrubber_.member(*frame.shape, i);
        return value_event();
    }
    bool is_neutral(const JsonbFrame& frame, uint32 i) {
        return frame.neutral && frame.shape->context(i).by_itself &&
               is_neutral_value(frame.shape->context(i));
    }
    bool is_neutral_value(const core::pii::MemberContext& context) {
        write_.clear();
        const bool neutral = neutral_.is_neutral(value_, context);
        written_ = Write::kWrites && neutral && JBE_ISCONTAINER(*value_.entry());
        return neutral;
    }

    Event next_element(JsonbFrame& frame) {
        while (frame.left > 0) {
            --frame.left;
            value_ = frame.values;
            frame.values.next();
            if (!frame.elements.by_itself || scrubber_.next_may_be_of_card() ||
                !is_neutral_value(frame.elements))
                return value_event();
            if (kEveryToken) return Event::kNeutral;
        }
        return leave();
    }

    Event value_event() {
        written_ = false;
        const JEntry entry = *value_.entry();
        if (JBE_ISSTRING(entry)) {
            text_ = value_.string();
            return Event::kString;
        }
        if (JBE_ISNUMERIC(entry)) return Event::kNumber;
        if (JBE_ISCONTAINER(entry)) {
            container_ = value_.container();
            return begin_event();
        }
        if (JBE_ISNULL(entry)) return Event::kNull;
        return JBE_ISBOOL_TRUE(entry) ? Event::kTrue : Event::kFalse;
    }

    Event leave() {
        const JsonbFrame& frame = top();
        changed_entry_ = frame.changed ? frame.entry : nullptr;
        frames_.size -= sizeof(JsonbFrame);
        if (frame.scalar) return Event::kEnd;
        return frame.object ? Event::kEndObject : Event::kEndArray;
    }

    core::pii::Scrubber& scrubber_;
    Write write_;
    NeutralCheck<Write> neutral_;
    core::ByteBuffer& frames_;
    core::ByteBuffer& number_;
    Decode decode_;
    const bool utf8_;
    bool begun_ = false;
    bool named_ = false;               // the name of value_ has been visited, value_ not yet
    const JsonbContainer* container_;  // that enter() goes into
    EntryCursor name_, value_;
    bool written_ = false;   // value_ is neutral, and write_ has it
    std::string_view text_;  // of name_ or value_
    const JEntry* changed_entry_ = nullptr;
};

}  // namespace gpsync::pg
