// How a jsonb container is told to core's Scrubber, whatever is done with what it answers.
#pragma once

#include "core/pii/scrubber.hpp"
#include "pg/jsonb_entry.h"
#include "pg/render.h"

namespace gpsync::pg {

// The shape of an object that has just been begun, of so many keys. REQUIRES: the keys are UTF-8.
inline const core::pii::Shape* shape_of(core::pii::Scrubber& scrubber, const JsonbContainer* object,
                                        uint32 count) {
    const EntryCursor values(object, 2 * count, count);
    const core::pii::KeyBlock keys{
        entry_bytes(object->children, count), {values.data(), values.offset()}, count};
    return scrubber.shape(keys,
                          [object, count](uint32 i) { return EntryCursor(object, 2 * count, i).string(); });
}

// Whether a value need not be told where the path says nothing of it.
inline bool tells_nothing(const EntryCursor& value) {
    const JEntry entry = *value.entry();
    if (JBE_ISSTRING(entry)) return core::pii::Scrubber::tells_nothing(value.string());
    if (!JBE_ISNUMERIC(entry)) return !JBE_ISCONTAINER(entry);
    const std::string_view payload = value.numeric();
    const NumericShape shape = numeric_shape(payload.data(), payload.size());
    return core::pii::Scrubber::tells_nothing(shape.integer_digits, shape.fraction);
}

}  // namespace gpsync::pg
