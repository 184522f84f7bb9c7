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

// The shape of an object that has just been begun, of so many names. REQUIRES: the names are UTF-8.
inline const core::pii::Shape* shape_of(core::pii::Scrubber& scrubber, const JsonbContainer* object,
                                        uint32 count) {
    return scrubber.shape(name_block(object, count),
                          [object, count](uint32 i) { return EntryCursor(object, 2 * count, i).string(); });
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

// Finds the values of a document that hold nothing suspicious, with all that is in them, objects of known
// shapes included. What it cannot decide in one pass counts as suspicious. Nothing here raises or throws.
class NeutralCheck {
  public:
    explicit NeutralCheck(core::pii::Scrubber& scrubber) : scrubber_(scrubber) {}

    // REQUIRES: context is by_itself; the strings are UTF-8.
    bool is_neutral(const EntryCursor& value, const core::pii::MemberContext& context) {
        if (!JBE_ISCONTAINER(*value.entry())) return scalar(value);
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

    bool scalar(const EntryCursor& value) {
        const JEntry entry = *value.entry();
        if (JBE_ISSTRING(entry)) {
            const std::string_view text = value.string();
            if (read_from_ <= text.data() && text.data() < read_to_) return true;
            if (scrubber_.is_neutral_text(text)) return true;
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
                                               : scalar(value);
    }

    bool container(const JsonbContainer* at, const core::pii::MemberContext& context, int depth) {
        const bool object = JsonContainerIsObject(at);
        if (depth < kDeepest && (object ? members(at, context, depth) : elements(at, context, depth)))
            return true;
        suspicious_at_ =
            std::max(suspicious_at_, reinterpret_cast<const char*>(at));  // the innermost comes first
        return false;
    }

    bool elements(const JsonbContainer* array, const core::pii::MemberContext& context, int depth) {
        if (may_say_something(array)) return false;
        const uint32 count = JsonContainerSize(array);
        EntryCursor value(array, count, 0);
        for (uint32 i = 0; i < count; ++i, value.next())
            if (!inside(value, context, depth)) return false;
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
        for (uint32 i = 0; i < count; ++i, value.next())
            if (!inside(value, shape->context(i), depth)) return false;
        return true;
    }

    core::pii::Scrubber& scrubber_;
    const char* suspicious_at_ = nullptr;
    const char *read_from_ = nullptr, *read_to_ = nullptr;  // all texts in between are neutral
};

}  // namespace gpsync::pg
