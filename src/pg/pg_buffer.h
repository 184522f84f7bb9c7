// A core::ByteBuffer in a memory context: growing it raises PostgreSQL's out-of-memory error, or an error
// where what is written is more than the server could send or store.
#pragma once

#include "pg/prelude.h"

#include "core/byte_buffer.hpp"

GPSYNC_SERVER_HEADERS_BEGIN
#include "utils/memutils.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg {

// Twice the server's limit for one text, since one may wait in front of another. A value is much larger as a
// text where a document or an array has numbers of a hundred thousand digits, which are a few bytes on disk.
inline constexpr size_t kMostBufferBytes = 2 * MaxAllocSize;

inline void grow_in_context(core::ByteBuffer* self, size_t min_capacity) {
    if (min_capacity > kMostBufferBytes)
        ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
                        errmsg("a value is too large: its text has more than %zu bytes", self->size)));
    const size_t capacity = Min(core::grown_capacity(self->capacity, min_capacity), kMostBufferBytes);
    // repalloc keeps the chunk's context whatever the current one is.
    self->data = static_cast<char*>(repalloc_huge(self->data, capacity));
    self->capacity = capacity;
}

inline core::ByteBuffer make_buffer(MemoryContext context, size_t capacity = 1024) {
    core::ByteBuffer buffer;
    buffer.data = static_cast<char*>(MemoryContextAllocHuge(context, capacity));
    buffer.capacity = capacity;
    buffer.grow = &grow_in_context;
    return buffer;
}

// What a buffer that is used again and again keeps.
inline constexpr size_t kKeptBytes = 64 * 1024;

// Empties a buffer of this session, or makes it: its memory is kept unless it was a large one.
inline void reuse_buffer(core::ByteBuffer& buffer) {
    if (buffer.data != nullptr && buffer.capacity > kKeptBytes) {
        pfree(buffer.data);
        buffer = {};
    }
    if (buffer.data == nullptr) buffer = make_buffer(TopMemoryContext);
    buffer.size = 0;
}

}  // namespace gpsync::pg
