#include "core/pii/document/name_cache.hpp"

#include <algorithm>
#include <cstring>

namespace gpsync::core::pii {

namespace {

uint64_t load(const char* bytes, size_t count = 8) {
    uint64_t value = 0;
    std::memcpy(&value, bytes, count);
    return value;
}

// The first and the last eight bytes of a name, or all of a shorter one.
std::pair<uint64_t, uint64_t> ends_of(std::string_view name) {
    const size_t n = name.size();
    if (n >= 8) return {load(name.data()), load(name.data() + n - 8)};
    if (n >= 4) return {load(name.data(), 4), load(name.data() + n - 4, 4)};
    uint64_t value = 0;
    for (char c : name) value = value << 8 | static_cast<unsigned char>(c);
    return {value, 0};
}

uint64_t mixed(uint64_t a, uint64_t b) {
    const uint64_t sum = (a * 0x9E3779B97F4A7C15u) ^ (b * 0xD6E8FEB86659FD93u >> 32 | b << 32);
    return (sum ^ sum >> 29) * 0xBF58476D1CE4E5B9u;
}

// REQUIRES: more than 16 bytes.
bool same_long(const char* a, const char* b, size_t size) {
    for (size_t at = 0; at + 8 <= size; at += 8)
        if (load(a + at) != load(b + at)) return false;
    return load(a + size - 8) == load(b + size - 8);
}

uint32_t tag_of(uint64_t hash) {
    return static_cast<uint32_t>(hash) | 1;
}

}  // namespace

uint64_t NameCache::hash_of(std::string_view name, uint64_t parent) {
    const auto [first, last] = ends_of(name);
    const uint64_t middle = name.size() > 16 ? load(name.data() + name.size() / 2 - 4) : 0;
    return mixed(mixed(first, last), parent + (uint64_t{name.size()} << 56) + middle);
}

bool NameCache::matches(const Entry& entry, std::string_view name, uint64_t parent) {
    if (entry.size != name.size() || entry.parent != parent) return false;
    if (name.size() > 16) return same_long(name.data(), entry.bytes.data(), name.size());
    return ends_of(name) == ends_of({entry.bytes.data(), name.size()});
}

NameInfo* NameCache::find(std::string_view name, uint64_t parent) {
    if (name.size() > kLongest) return nullptr;
    const uint64_t hash = hash_of(name, parent);
    const size_t set = set_of(hash);
    for (size_t i = set; i < set + kWays; ++i)
        if (tags_[i] == tag_of(hash) && matches(entries_[i], name, parent)) return &entries_[i].info;
    return nullptr;
}

void NameCache::expect(std::string_view name, uint64_t parent) const {
    if (name.size() > kLongest) return;
    const uint64_t hash = hash_of(name, parent);
    const size_t set = set_of(hash);
    for (size_t i = set; i < set + kWays; ++i) {
        if (tags_[i] != tag_of(hash)) continue;
        __builtin_prefetch(&entries_[i]);
        __builtin_prefetch(reinterpret_cast<const char*>(&entries_[i] + 1) - 1);
    }
}

NameInfo& NameCache::add(std::string_view name, uint64_t parent, const NameInfo& info) {
    const uint64_t hash = hash_of(name, parent);
    const size_t set = set_of(hash);
    size_t at = set;
    while (at < set + kWays && tags_[at] != 0) ++at;
    if (at == set + kWays) at = set + evictions_++ % kWays;
    Entry& entry = entries_[at];
    tags_[at] = tag_of(hash);
    entry.info = info;
    entry.parent = parent;
    entry.size = static_cast<uint8_t>(name.size());
    std::memcpy(entry.bytes.data(), name.data(), name.size());
    return entry.info;
}

void NameCache::make(size_t entries) {
    tags_.assign(entries, 0);
    entries_ = std::vector<Entry>();
    entries_.resize(entries);
    evictions_ = 0;
}

}  // namespace gpsync::core::pii
