// A growable run of bytes whose memory its owner manages. Trivially destructible, so that it can live in
// palloc'd memory and a longjmp may pass it; HeapBuffer is the owner for ordinary C++.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string_view>

namespace gpsync::core {

struct ByteBuffer {
    char* data = nullptr;
    size_t size = 0;
    size_t capacity = 0;
    // Makes capacity at least min_capacity, keeping the first size bytes. Does not return when it cannot.
    void (*grow)(ByteBuffer* self, size_t min_capacity) = nullptr;

    std::string_view view() const { return {data, size}; }

    // Room for `more` bytes behind the last one; write there, then set size (or call advance_to).
    char* reserve(size_t more) {
        if (capacity - size < more) [[unlikely]]
            grow(this, size + more);
        return data + size;
    }
    void advance_to(const char* end) { size = static_cast<size_t>(end - data); }

    void append(char c) {
        *reserve(1) = c;
        ++size;
    }
    void append(std::string_view bytes) {
        if (bytes.empty()) return;  // nothing is not to be copied from or to a null pointer
        std::memcpy(reserve(bytes.size()), bytes.data(), bytes.size());
        size += bytes.size();
    }
};

// The capacity to grow to: doubled, so that appending is linear over all.
inline size_t grown_capacity(size_t capacity, size_t min_capacity) {
    const size_t doubled = capacity < 512 ? 1024 : 2 * capacity;
    return doubled > min_capacity ? doubled : min_capacity;
}

// A ByteBuffer on the C++ heap. Growing throws std::bad_alloc when memory is short.
class HeapBuffer : public ByteBuffer {
  public:
    HeapBuffer() { grow = &HeapBuffer::grow_heap; }
    HeapBuffer(const HeapBuffer&) = delete;
    HeapBuffer& operator=(const HeapBuffer&) = delete;
    ~HeapBuffer() { std::free(data); }
    // Gives the memory back; what is appended next starts an empty buffer.
    void release() {
        std::free(data);
        data = nullptr;
        size = capacity = 0;
    }

  private:
    static void grow_heap(ByteBuffer* self, size_t min_capacity) {
        const size_t capacity = grown_capacity(self->capacity, min_capacity);
        void* moved = std::realloc(self->data, capacity);
        if (moved == nullptr) throw std::bad_alloc();
        self->data = static_cast<char*>(moved);
        self->capacity = capacity;
    }
};

}  // namespace gpsync::core
