#include "pg/scrub/jsonb_scrub.h"

#include "core/byte_buffer.hpp"
#include "pg/scrub/jsonb_neutral.h"
#include "pg/scrub/jsonb_scrub_internal.h"
#include "pg/scrub/key_file.h"

namespace gpsync::pg {

using core::pii::Mode;
using core::pii::Place;
using core::pii::Scrubber;
using core::pii::Verdict;

JsonbScrubber::JsonbScrubber() = default;
JsonbScrubber::~JsonbScrubber() = default;

// Tells a document to the scrubber and notes what it wants changed. Edits come out in no particular order but
// that those of one container's keys and values are ascending.
class JsonbScrubber::Walk {
  public:
    Walk(JsonbScrubber& owner, Scrubber& scrubber, Mode mode, const std::function<void()>* take = nullptr)
        : owner_(owner), scrubber_(scrubber), silence_(scrubber), mode_(mode), take_(take) {}

    void run(const Jsonb* document) {
        scrubber_.begin_document();
        owner_.edit_count_ = 0;
        owner_.walk_.clear();
        const JsonbContainer* root = &document->root;
        if (!JsonContainerIsScalar(root) && !begin(root, nullptr)) return;
        if (JsonContainerIsScalar(root)) push(root, nullptr);
        while (!owner_.walk_.empty() && !done_) top().object ? members() : elements();
    }
    bool root_removed() const { return root_removed_; }

    void take_matches(size_t least) {
        if (scrubber_.matches().size() < least) return;
        (*take_)();
        scrubber_.forget_matches();
    }

  private:
    static constexpr size_t kManyMatches = 256;

    WalkFrame& top() { return owner_.walk_.back(); }

    void push(const JsonbContainer* container, const JEntry* entry) {
        const uint32 count = JsonContainerSize(container);
        WalkFrame frame{};
        frame.entry = entry;
        frame.count = frame.left = count;
        frame.object = JsonContainerIsObject(container);
        frame.scalar = JsonContainerIsScalar(container);
        if (frame.object) {
            frame.keys = EntryCursor(container, 2 * count, 0);
            frame.values = EntryCursor(container, 2 * count, count);
            frame.shape = shape_of(scrubber_, container, count);
            frame.silent = frame.shape != nullptr && scrubber_.says_nothing();
        } else {
            frame.values = EntryCursor(container, count, 0);
        }
        owner_.walk_.push_back(frame);
    }

    // False when it is not to be gone into.
    bool begin(const JsonbContainer* container, const JEntry* entry) {
        const bool object = JsonContainerIsObject(container);
        const Verdict verdict = object ? scrubber_.begin_object() : scrubber_.begin_array();
        if (verdict == Verdict::kKeep) {
            push(container, entry);
            return true;
        }
        if (verdict == Verdict::kError) fail();
        if (entry == nullptr)
            root_removed_ = true;
        else
            note(entry, verdict);
        return false;
    }

    // Goes on in the object on top until it ends or there is something in it to go into.
    void members() {
        WalkFrame& frame = top();
        while (frame.left > 0) {
            const uint32 i = frame.count - frame.left--;
            const EntryCursor value = frame.values;
            frame.values.next();
            if (frame.silent && frame.shape->place(i).by_itself &&
                silence_.holds(value, frame.shape->place(i)))
                continue;
            if (frame.shape != nullptr)
                scrubber_.member(*frame.shape, i);
            else
                tell_key(frame);
            if (tell(value)) return;
        }
        leave();
    }

    void elements() {
        WalkFrame& frame = top();
        const Place place = frame.scalar ? Place() : scrubber_.element_place();
        while (frame.left > 0) {
            --frame.left;
            const EntryCursor value = frame.values;
            frame.values.next();
            if (place.by_itself && silence_.holds(value, place)) continue;
            if (tell(value)) return;
        }
        leave();
    }

    void tell_key(WalkFrame& frame) {
        const Verdict verdict = scrubber_.key(frame.keys.string());
        if (verdict != Verdict::kKeep) [[unlikely]]
            note(frame.keys.entry(), verdict);
        frame.keys.next();
    }

    // True when another container is on top now, or it is over.
    bool tell(const EntryCursor& value) {
        if (JBE_ISCONTAINER(*value.entry())) {
            if (begin(value.container(), value.entry())) return true;
        } else if (const Verdict verdict = tell_scalar(value); verdict != Verdict::kKeep) [[unlikely]] {
            note(value.entry(), verdict);
        }
        return done_ = mode_ == Mode::kTest && scrubber_.found();
    }

    void leave() {
        const WalkFrame frame = top();
        owner_.walk_.pop_back();
        if (frame.object)
            scrubber_.end_object();
        else if (!frame.scalar)
            scrubber_.end_array();
        if (!scrubber_.status().ok()) fail();
        if (!frame.changed || owner_.walk_.empty()) return;
        add(frame.entry, Edit::Kind::kInside);
    }

    Verdict tell_scalar(const EntryCursor& value) {
        const JEntry entry = *value.entry();
        if (JBE_ISSTRING(entry)) return scrubber_.string(value.string());
        if (JBE_ISNUMERIC(entry)) return tell_number(value);
        if (JBE_ISNULL(entry)) return scrubber_.null();
        return scrubber_.boolean(JBE_ISBOOL_TRUE(entry));
    }

    Verdict tell_number(const EntryCursor& value) {
        const std::string_view payload = value.numeric();
        const NumericShape shape = numeric_shape(payload.data(), payload.size());
        if (!scrubber_.wants_number(shape.integer_digits, shape.fraction)) return scrubber_.skipped_number();
        text_.size = 0;
        append_numeric(text_, payload.data(), payload.size());
        return scrubber_.number(text_.view());
    }

    void note(const JEntry* entry, Verdict verdict) {
        if (verdict == Verdict::kError) fail();
        if (mode_ == Mode::kFind) return take_matches(kManyMatches);
        if (mode_ != Mode::kScrub) return;
        Edit& edit = add(entry, verdict == Verdict::kRemove ? Edit::Kind::kRemove : Edit::Kind::kReplace);
        if (verdict == Verdict::kReplace) edit.text = scrubber_.replacement();
    }

    Edit& add(const JEntry* entry, Edit::Kind kind) {
        if (!owner_.walk_.empty()) top().changed = true;
        // Used again with the strings in them, which keep their memory.
        if (owner_.edit_count_ == owner_.edits_.size()) owner_.edits_.emplace_back();
        Edit& edit = owner_.edits_[owner_.edit_count_++];
        edit.entry = entry;
        edit.kind = kind;
        return edit;
    }

    [[noreturn]] void fail() { throw error_of(scrubber_.status()); }

    JsonbScrubber& owner_;
    Scrubber& scrubber_;
    Silence silence_;
    const Mode mode_;
    const std::function<void()>* take_;
    core::HeapBuffer text_;
    bool done_ = false, root_removed_ = false;
};

bool JsonbScrubber::give_back() {
    constexpr size_t kMostEdits = 4096, kMostBytes = 1 << 20;
    // The texts of the edits are no longer than what was written.
    if (edits_.size() <= kMostEdits && out_.capacity() <= kMostBytes && walk_.capacity() <= kMostEdits)
        return false;
    std::vector<Edit>().swap(edits_);
    std::vector<Item>().swap(items_);
    std::vector<WalkFrame>().swap(walk_);
    std::vector<BuildFrame>().swap(build_);
    std::string().swap(out_);
    return true;
}

namespace {

// A document that is nothing but null.
std::string null_document() {
    std::string bytes(VARHDRSZ, '\0');
    const uint32 words[2] = {1 | JB_FSCALAR | JB_FARRAY, JENTRY_ISNULL};
    bytes.append(reinterpret_cast<const char*>(words), sizeof words);
    return bytes;
}

}  // namespace

std::optional<std::string_view> JsonbScrubber::scrub(Scrubber& scrubber, const Jsonb* document) {
    Walk walk(*this, scrubber, Mode::kScrub);
    walk.run(document);
    if (walk.root_removed()) {
        out_ = null_document();
        return out_;
    }
    if (edit_count_ == 0) return std::nullopt;
    Build(*this).run(document);
    return out_;
}

bool JsonbScrubber::test(Scrubber& scrubber, const Jsonb* document) {
    Walk(*this, scrubber, Mode::kTest).run(document);
    return scrubber.found();
}

void JsonbScrubber::find(Scrubber& scrubber, const Jsonb* document, const std::function<void()>& take) {
    Walk walk(*this, scrubber, Mode::kFind, &take);
    walk.run(document);
    walk.take_matches(1);
}

Datum make_jsonb(std::string_view bytes) {
    char* document = nullptr;
    server_call([&] { document = static_cast<char*>(palloc(bytes.size())); });
    std::memcpy(document, bytes.data(), bytes.size());
    SET_VARSIZE(document, bytes.size());
    return PointerGetDatum(document);
}

}  // namespace gpsync::pg
