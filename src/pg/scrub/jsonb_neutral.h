// Which values of jsonb need not be visited: most of a document.
#pragma once

#include "core/pii/document/scrubber.hpp"
#include "pg/json/jsonb_entry.h"
#include "pg/json/render.h"

namespace gpsync::pg {

inline core::pii::NameBlock name_block(const JsonbContainer* object, uint32 count) {
    const EntryCursor values(object, 2 * count, count);
    return {entry_bytes(object->children, count), {values.data(), values.offset()}, count};
}

// The names of an object by their number, quickly where they are asked for in turn.
class NameCut {
  public:
    NameCut(const JsonbContainer* object, uint32 count)
        : object_(object), count_(count), cursor_(object, 2 * count, 0) {}

    std::string_view operator()(uint32 i) {
        if (i != next_) cursor_ = EntryCursor(object_, 2 * count_, i);
        next_ = i + 1;
        const std::string_view name = cursor_.string();
        cursor_.next();
        return name;
    }

  private:
    const JsonbContainer* object_;
    uint32 count_, next_ = 0;
    EntryCursor cursor_;
};

// The shape of an object that has just been begun, of so many names. REQUIRES: the names are UTF-8.
inline const core::pii::Shape* shape_of(core::pii::Scrubber& scrubber, const JsonbContainer* object,
                                        uint32 count) {
    return scrubber.shape(name_block(object, count), NameCut(object, count));
}

// Whether an array may be a table, a pair or a number in groups: see core/pii/document/array_preview.hpp.
inline bool may_say_something(const JsonbContainer* array) {
    const uint32 count = JsonContainerSize(array);
    if (count == 0) return false;
    const EntryCursor first(array, count, 0);
    if (JBE_ISCONTAINER(*first.entry())) return JsonContainerIsArray(first.container());
    return count <= core::pii::ArrayPreview::kMostGroups && JBE_ISSTRING(*first.entry()) &&
           core::pii::ArrayPreview::may_matter(count, first.string());
}

// What is done with a value while it is checked: nothing.
struct CheckAlone {
    static constexpr bool kWrites = false;

    std::string_view view() const { return {}; }
    void clear() {}
    void begin(const JsonbContainer*) {}
    void end(const JsonbContainer*) {}
    void name(const core::pii::Shape&, size_t) {}
    void element(uint32) {}
    void scalar(const EntryCursor&) {}
};

// It is written as JSON, as append_jsonb_entry() does. What a check that fails has written is to be
// forgotten.
struct WriteChecked {
    static constexpr bool kWrites = true;
    core::ByteBuffer& out;

    std::string_view view() const { return out.view(); }
    void clear() { out.size = 0; }
    void begin(const JsonbContainer* container) { bracket(container, '{', '['); }
    void end(const JsonbContainer* container) { bracket(container, '}', ']'); }
    void name(const core::pii::Shape& shape, size_t i) { out.append(shape.label(i)); }
    void element(uint32 i) {
        if (i > 0) out.append(',');
    }
    void scalar(const EntryCursor& value) { append_jsonb_entry(out, value); }

  private:
    void bracket(const JsonbContainer* container, char of_object, char of_array) {
        if (!JsonContainerIsScalar(container))
            out.append(JsonContainerIsObject(container) ? of_object : of_array);
    }
};

// Finds the values of a document that hold nothing suspicious, with all that is in them, objects of known
// shapes included. What it cannot decide in one pass counts as suspicious. Nothing here throws, nor raises
// but what Write does.
template <class Write = CheckAlone>
class NeutralCheck {
  public:
    explicit NeutralCheck(core::pii::Scrubber& scrubber, Write write = {})
        : scrubber_(scrubber), write_(write) {}

    // A scalar is not written. REQUIRES: context is by_itself; the strings are UTF-8.
    bool is_neutral(const EntryCursor& value, const core::pii::MemberContext& context) {
        if (!JBE_ISCONTAINER(*value.entry())) return is_neutral_scalar(value, context);
        // What ended the last check is inside: it would end this one again.
        const auto* at = reinterpret_cast<const char*>(value.container());
        if (at <= suspicious_at_ && suspicious_at_ < at + value.aligned_length()) return false;
        return whole(value.container(), context);
    }

    // Of a whole document.
    bool is_neutral(const JsonbContainer* root, const core::pii::MemberContext& context) {
        return whole(root, context);
    }

  private:
    static constexpr int kDeepest = 16;

    // What was read up to the suspicious value need not be read again when it is visited.
    bool whole(const JsonbContainer* at, const core::pii::MemberContext& context) {
        const auto* begin = reinterpret_cast<const char*>(at);
        if (container(at, context, 0)) return true;
        if (!(read_from_ <= begin && begin < read_to_)) read_from_ = begin;
        read_to_ = suspicious_at_;
        return false;
    }

    bool scalar(const EntryCursor& value, const core::pii::MemberContext& context) {
        if (!is_neutral_scalar(value, context)) return false;
        write_.scalar(value);
        return true;
    }

    bool is_neutral_scalar(const EntryCursor& value, const core::pii::MemberContext& context) {
        const JEntry entry = *value.entry();
        if (JBE_ISSTRING(entry)) {
            const std::string_view text = value.string();
            const bool name = context.by_words && core::pii::may_be_persons_name(text);
            if (!name && read_from_ <= text.data() && text.data() < read_to_) return true;
            if (!name && scrubber_.is_neutral_text(text)) return true;
            suspicious_at_ = std::max(suspicious_at_, text.data());
            return false;
        }
        if (!JBE_ISNUMERIC(entry)) return true;
        const std::string_view payload = value.numeric();
        const NumericShape shape = numeric_shape(payload.data(), payload.size());
        return core::pii::Scrubber::is_neutral(shape.integer_digits, shape.fraction);
    }

    bool inside(const EntryCursor& value, const core::pii::MemberContext& context, int depth) {
        return JBE_ISCONTAINER(*value.entry()) ? container(value.container(), context, depth + 1)
                                               : scalar(value, context);
    }

    bool container(const JsonbContainer* at, const core::pii::MemberContext& context, int depth) {
        const bool object = JsonContainerIsObject(at);
        write_.begin(at);
        if (depth < kDeepest && (object ? members(at, context, depth) : elements(at, context, depth))) {
            write_.end(at);
            return true;
        }
        suspicious_at_ =
            std::max(suspicious_at_, reinterpret_cast<const char*>(at));  // the innermost comes first
        return false;
    }

    bool elements(const JsonbContainer* array, const core::pii::MemberContext& context, int depth) {
        if (may_say_something(array)) return false;
        const uint32 count = JsonContainerSize(array);
        EntryCursor value(array, count, 0);
        for (uint32 i = 0; i < count; ++i, value.next()) {
            write_.element(i);
            if (!inside(value, context, depth)) return false;
        }
        return true;
    }

    bool members(const JsonbContainer* object, const core::pii::MemberContext& context, int depth) {
        const uint32 count = JsonContainerSize(object);
        if (count == 0) return true;
        if (!context.neutral) return false;
        EntryCursor value(object, 2 * count, count);
        const core::pii::NameBlock names{
            entry_bytes(object->children, count), {value.data(), value.offset()}, count};
        const core::pii::Shape* shape = scrubber_.known_shape(names, context);
        if (shape == nullptr || !shape->all_by_itself()) return false;
        // Before what is in front of it is scanned for nothing.
        for (uint32 i = 0; i < count; ++i)
            if (JBE_ISCONTAINER(object->children[count + i]) && !shape->context(i).neutral) return false;
        for (uint32 i = 0; i < count; ++i, value.next()) {
            write_.name(*shape, i);
            if (!inside(value, shape->context(i), depth)) return false;
        }
        return true;
    }

    core::pii::Scrubber& scrubber_;
    Write write_;
    const char* suspicious_at_ = nullptr;
    const char *read_from_ = nullptr, *read_to_ = nullptr;  // all texts in between are neutral
};

}  // namespace gpsync::pg
