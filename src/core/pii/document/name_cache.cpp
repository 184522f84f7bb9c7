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

bool NameCache::Entry::is(const Key& key) const {
    if (size_ != key.name.size() || parent_ != key.parent) return false;
    if (size_ > 16) return same_long(key.name.data(), bytes_.data(), size_);
    return ends_of(key.name) == ends_of({bytes_.data(), size_});
}

size_t NameCache::Hash::operator()(const Known& known) const {
    const NameInfo& info = known.infos[true];
    const NameClass& name = info.name_class;
    const uint64_t flags = uint64_t{name.flags} << 32 | static_cast<uint64_t>(name.subject);
    const uint64_t field = uint64_t{info.field.number} << 8 | static_cast<uint64_t>(info.field.kind);
    return mixed(mixed(flags, reinterpret_cast<uintptr_t>(name.compound)),
                 field << 32 | static_cast<uint32_t>(info.custom));
}

NameCache::Entry* NameCache::find(const Key& key) {
    const size_t set = set_of(key.hash);
    for (size_t i = set; i < set + kWays; ++i)
        if (tags_[i] == tag_of(key.hash) && entries_[i].is(key)) return &entries_[i];
    return nullptr;
}

void NameCache::expect(const Key& key) const {
    const size_t set = set_of(key.hash);
    for (size_t i = set; i < set + kWays; ++i)
        if (tags_[i] == tag_of(key.hash)) __builtin_prefetch(&entries_[i]);
}

NameCache::Entry& NameCache::place(uint64_t hash) {
    const size_t set = set_of(hash);
    size_t at = set;
    while (at < set + kWays && tags_[at] != 0) ++at;
    if (at == set + kWays) at = set + evictions_++ % kWays;
    tags_[at] = tag_of(hash);
    return entries_[at];
}

NameCache::Entry& NameCache::add(const Key& key, const NameInfo& info) {
    const Known& known = *known_.emplace(info).first;
    Entry& entry = place(key.hash);
    entry = Entry();
    entry.known_ = &known;
    entry.clean_ = info.clean;
    entry.parent_ = key.parent;
    entry.size_ = static_cast<uint8_t>(key.name.size());
    std::memcpy(entry.bytes_.data(), key.name.data(), key.name.size());
    return entry;
}

void NameCache::begin_document() {
    constexpr size_t kFew = 16;  // of so many entries one
    if (known_.size() > kMostKnown) {
        make(kFewest);
        known_.clear();
    }
    if (evictions_ > entries_.size() / kFew && entries_.size() < kMost) grow();
}

void NameCache::make(size_t entries) {
    tags_.assign(entries, 0);
    entries_ = std::vector<Entry>(entries);
    evictions_ = 0;
}

// Those that were in one set part into two: all find room.
void NameCache::grow() {
    const std::vector<uint32_t> tags = std::move(tags_);
    const std::vector<Entry> entries = std::move(entries_);
    make(2 * entries.size());
    for (size_t i = 0; i < entries.size(); ++i)
        if (tags[i] != 0) {
            const Entry& old = entries[i];
            place(hash_of({old.bytes_.data(), old.size_}, old.parent_)) = old;
        }
}

}  // namespace gpsync::core::pii
