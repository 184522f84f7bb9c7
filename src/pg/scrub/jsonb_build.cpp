#include <algorithm>

#include "pg/scrub/jsonb_scrub_internal.h"

namespace gpsync::pg {

namespace {

// The order of an object's keys: the shorter first, then by bytes.
bool key_before(std::string_view a, std::string_view b) {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
}

}  // namespace

void JsonbScrubber::Build::run(const Jsonb* document) {
    std::sort(owner_.edits_.begin(), owner_.edits_.begin() + static_cast<std::ptrdiff_t>(owner_.edit_count_),
              [](const Edit& a, const Edit& b) { return a.entry < b.entry; });
    owner_.items_.clear();
    owner_.build_.clear();
    out_.clear();
    out_.reserve(VARSIZE(document) + VARSIZE(document) / 8);
    out_.append(VARHDRSZ, '\0');
    open(&document->root);
    while (!owner_.build_.empty()) step();
}

// The next edit at or after an entry, which only grows; nullptr when the entry has none.
const JsonbScrubber::Edit* JsonbScrubber::Build::edit_of(const JEntry* entry, const Edit*& from,
                                                         const Edit* end) const {
    while (from < end && from->entry < entry) ++from;
    return from < end && from->entry == entry ? from : nullptr;
}

// What of a container stays, as items.
void JsonbScrubber::Build::collect(const JsonbContainer* container) {
    const uint32 count = JsonContainerSize(container);
    const bool object = JsonContainerIsObject(container);
    const Edit* begin = owner_.edits_.data();
    const Edit* end = begin + owner_.edit_count_;
    const auto first_edit = [&](const JEntry* entry) {
        return std::lower_bound(begin, end, entry,
                                [](const Edit& edit, const JEntry* e) { return edit.entry < e; });
    };
    const size_t first = owner_.items_.size();
    EntryCursor keys, values(container, entry_count(container), object ? count : 0);
    const Edit* value_edit = first_edit(values.entry());
    const Edit* key_edit = nullptr;
    if (object) {
        keys = EntryCursor(container, 2 * count, 0);
        key_edit = first_edit(keys.entry());
    }
    bool renamed = false;
    for (uint32 i = 0; i < count; ++i) {
        Item item{{}, values, edit_of(values.entry(), value_edit, end)};
        values.next();
        if (object) {
            const Edit* edit = edit_of(keys.entry(), key_edit, end);
            item.key = edit != nullptr ? std::string_view(edit->text) : keys.string();
            renamed |= edit != nullptr;
            keys.next();
            if (item.edit != nullptr && item.edit->kind == Edit::Kind::kRemove) continue;
        }
        owner_.items_.push_back(item);
    }
    if (renamed) order_members(first);
}

// A key that was replaced has another position; of two that have become equal the last stays.
void JsonbScrubber::Build::order_members(size_t first) {
    auto& items = owner_.items_;
    const auto begin = items.begin() + static_cast<std::ptrdiff_t>(first);
    std::stable_sort(begin, items.end(),
                     [](const Item& a, const Item& b) { return key_before(a.key, b.key); });
    auto to = begin;
    for (auto from = begin; from != items.end(); ++from) {
        if (from + 1 != items.end() && (from + 1)->key == from->key) continue;
        *to++ = *from;
    }
    items.erase(to, items.end());
}

// Writes the header, leaves room for the entries, and writes the keys.
void JsonbScrubber::Build::open(const JsonbContainer* container) {
    const bool object = JsonContainerIsObject(container);
    BuildFrame frame{};
    frame.first_item = frame.next_item = owner_.items_.size();
    collect(container);
    frame.end_item = owner_.items_.size();
    const auto count = static_cast<uint32>(frame.end_item - frame.first_item);
    frame.entries = object ? 2 * count : count;
    const uint32 header = count | (container->header & ~JB_CMASK);
    frame.header = out_.size();
    out_.append(reinterpret_cast<const char*>(&header), sizeof header);
    out_.append(sizeof(JEntry) * frame.entries, '\0');
    frame.data = frame.entry_begin = out_.size();
    if (object) {
        for (size_t i = frame.first_item; i < frame.end_item; ++i) {
            out_ += owner_.items_[i].key;
            finish_entry(frame, JENTRY_ISSTRING);
        }
    }
    owner_.build_.push_back(frame);
}

// Every JB_OFFSET_STRIDE-th entry holds where its data ends, the others its length.
void JsonbScrubber::Build::finish_entry(BuildFrame& frame, uint32 type) {
    const size_t end = out_.size() - frame.data;
    const size_t length = out_.size() - frame.entry_begin;
    if (end > JENTRY_OFFLENMASK)
        throw Error(Sqlstate::kLimitExceeded, "total size of jsonb elements exceeds the maximum of " +
                                                  std::to_string(JENTRY_OFFLENMASK) + " bytes");
    const bool offset = frame.next_entry % JB_OFFSET_STRIDE == 0;
    const uint32 entry =
        type | (offset ? static_cast<uint32>(end) | JENTRY_HAS_OFF : static_cast<uint32>(length));
    std::memcpy(out_.data() + frame.header + sizeof(uint32) + sizeof(JEntry) * frame.next_entry, &entry,
                sizeof entry);
    ++frame.next_entry;
    frame.entry_begin = out_.size();
}

void JsonbScrubber::Build::step() {
    BuildFrame& frame = owner_.build_.back();
    if (frame.next_item < frame.end_item) {
        const Item item = owner_.items_[frame.next_item++];
        if (item.edit != nullptr && item.edit->kind == Edit::Kind::kInside) {
            align();
            return open(item.value.container());
        }
        return write_value(item);
    }
    owner_.items_.resize(frame.first_item);
    owner_.build_.pop_back();
    if (!owner_.build_.empty()) finish_entry(owner_.build_.back(), JENTRY_ISCONTAINER);
}

void JsonbScrubber::Build::write_value(const Item& item) {
    BuildFrame& frame = owner_.build_.back();
    uint32 type = *item.value.entry() & JENTRY_TYPEMASK;
    if (item.edit != nullptr && item.edit->kind == Edit::Kind::kRemove) {
        type = JENTRY_ISNULL;
    } else if (item.edit != nullptr) {
        type = JENTRY_ISSTRING;
        out_ += item.edit->text;
    } else if (type == JENTRY_ISCONTAINER || type == JENTRY_ISNUMERIC) {
        align();
        out_.append(item.value.aligned(), item.value.aligned_length());
    } else if (type == JENTRY_ISSTRING) {
        out_ += item.value.string();
    }
    finish_entry(frame, type);
}

}  // namespace gpsync::pg
