#include "steps.hpp"

#include <cstddef>

namespace gpsync::test {
namespace {
uint64_t count = 0;
}
uint64_t steps() {
    return count;
}
}  // namespace gpsync::test

// Called in each basic block of the counted code.
extern "C" void __sanitizer_cov_trace_pc() {
    ++gpsync::test::count;
}

// In place of the C library's: also what std::string and std::string_view search, compare and copy counts.
extern "C" void* memchr(const void* from, int byte, size_t size) noexcept {
    const auto* at = static_cast<const unsigned char*>(from);
    for (size_t i = 0; i < size; ++i) {
        ++gpsync::test::count;
        if (at[i] == static_cast<unsigned char>(byte)) return const_cast<unsigned char*>(at + i);
    }
    return nullptr;
}

extern "C" int memcmp(const void* one, const void* other, size_t size) noexcept {
    const auto *a = static_cast<const unsigned char*>(one), *b = static_cast<const unsigned char*>(other);
    for (size_t i = 0; i < size; ++i) {
        ++gpsync::test::count;
        if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
    }
    return 0;
}

extern "C" void* memmove(void* to, const void* from, size_t size) noexcept {
    auto* out = static_cast<unsigned char*>(to);
    const auto* in = static_cast<const unsigned char*>(from);
    gpsync::test::count += size;
    if (out < in)
        for (size_t i = 0; i < size; ++i) out[i] = in[i];
    else
        for (size_t i = size; i > 0; --i) out[i - 1] = in[i - 1];
    return to;
}

extern "C" void* memcpy(void* to, const void* from, size_t size) noexcept {
    return memmove(to, from, size);
}
