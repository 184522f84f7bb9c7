#include "core/pii/document/name_cache.hpp"

#include <algorithm>
#include <cstring>

namespace gpsync::core::pii {

namespace {

uint64_t load(const char* bytes, size_t count) {
    uint64_t value = 0;
    std::memcpy(&value, bytes, count);
    return value;
}

// The first and the last eight bytes of a name, or all of a shorter one.
std::pair<uint64_t, uint64_t> ends_of(std::string_view name) {
    const size_t n = name.size();
    if (n >= 8) return {load(name.data(), 8), load(name.data() + n - 8, 8)};
    if (n >= 4) return {load(name.data(), 4), load(name.data() + n - 4, 4)};
    uint64_t value = 0;
    for (char c : name) value = value << 8 | static_cast<unsigned char>(c);
    return {value, 0};
}

}  // namespace

bool NameCache::matches(const Entry& entry, std::string_view name, uint64_t parent) {
    if (entry.size != name.size() || entry.parent != parent || !entry.used) return false;
    if (name.size() > 16) return std::memcmp(name.data(), entry.bytes.data(), name.size()) == 0;
    return ends_of(name) == ends_of({entry.bytes.data(), name.size()});
}

NameCache::Entry* NameCache::set_of(std::string_view name, uint64_t parent) {
    const auto [first, last] = ends_of(name);
    const uint64_t hash = ((first * 0x9E3779B97F4A7C15u) ^ (last + parent) ^ (uint64_t{name.size()} << 48)) *
                          0xD6E8FEB86659FD93u;
    return &entries_[2 * (static_cast<size_t>(hash >> 40) % (entries_.size() / 2))];
}

NameCache::Entry* NameCache::find_in_set(std::string_view name, uint64_t parent) {
    if (name.size() > kLongest) return nullptr;
    Entry* set = set_of(name, parent);
    for (Entry* entry : {set, set + 1})
        if (matches(*entry, name, parent)) return entry;
    return nullptr;
}

NameInfo& NameCache::add(std::string_view name, uint64_t parent, const NameInfo& info) {
    Entry* set = set_of(name, parent);
    evictions_ += set[1].used;
    std::swap(set[0], set[1]);
    set->info = info;
    set->parent = parent;
    set->size = static_cast<uint8_t>(name.size());
    std::memcpy(set->bytes.data(), name.data(), name.size());
    set->used = true;
    if (last_ != nullptr) last_->next = set;
    last_ = set;
    return set->info;
}

void NameCache::grow() {
    const size_t more = 4 * entries_.size();
    entries_ = std::vector<Entry>();
    entries_.resize(more);
    last_ = nullptr;
    evictions_ = 0;
}

}  // namespace gpsync::core::pii
