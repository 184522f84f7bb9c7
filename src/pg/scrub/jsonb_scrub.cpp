#include "pg/scrub/jsonb_scrub.h"

#include "pg/scrub/jsonb_scrub_internal.h"
#include "pg/scrub/jsonb_source.h"
#include "pg/scrub/key_file.h"

namespace gpsync::pg {

using core::pii::Event;
using core::pii::Mode;
using core::pii::Scrubber;
using core::pii::Verdict;
using core::pii::Visited;

namespace {

// jsonb of a database in another encoding than UTF-8 has other bytes for letters: the scrubber takes them for
// some letters.
struct AsItIs {
    std::string_view operator()(std::string_view text) const { return text; }
};
using Source = JsonbSource<false, AsItIs>;

}  // namespace

JsonbScrubber::JsonbScrubber() = default;
JsonbScrubber::~JsonbScrubber() = default;

// Notes what the scrubber wants changed. Edits come out in no particular order but that those of one
// container's names and values are ascending.
class JsonbScrubber::EditSink {
  public:
    EditSink(JsonbScrubber& owner, Scrubber& scrubber, Mode mode, const std::function<void()>* take)
        : owner_(owner), scrubber_(scrubber), mode_(mode), take_(take) {}

    bool root_removed() const { return root_removed_; }

    void name(Verdict verdict, const Source& source) {
        if (verdict != Verdict::kKeep) [[unlikely]]
            note(source, source.name_entry(), verdict);
    }
    void begin(bool, const Source&) {}
    void end(bool, const Source& source) {
        if (source.changed_entry() != nullptr) add(source, source.changed_entry(), Edit::Kind::kInside);
    }
    void value(Event, Verdict verdict, const Source& source) {
        if (verdict == Verdict::kKeep) [[likely]]
            return;
        if (source.at_root())
            root_removed_ = true;
        else
            note(source, source.value_entry(), verdict);
    }
    bool enough() const { return mode_ == Mode::kTest && scrubber_.found(); }

    void take_matches(size_t least) {
        if (scrubber_.matches().size() < least) return;
        (*take_)();
        scrubber_.forget_matches();
    }

  private:
    static constexpr size_t kManyMatches = 256;

    void note(const Source& source, const JEntry* entry, Verdict verdict) {
        if (mode_ == Mode::kFind) return take_matches(kManyMatches);
        if (mode_ != Mode::kScrub) return;
        const bool remove = verdict == Verdict::kRemove;
        Edit& edit = add(source, entry, remove ? Edit::Kind::kRemove : Edit::Kind::kReplace);
        if (!remove) edit.text = scrubber_.replacement();
    }
    Edit& add(const Source& source, const JEntry* entry, Edit::Kind kind) {
        source.top().changed = true;
        // Used again with the strings in them, which keep their memory.
        if (owner_.edit_count_ == owner_.edits_.size()) owner_.edits_.emplace_back();
        Edit& edit = owner_.edits_[owner_.edit_count_++];
        edit.entry = entry;
        edit.kind = kind;
        return edit;
    }

    JsonbScrubber& owner_;
    Scrubber& scrubber_;
    const Mode mode_;
    const std::function<void()>* take_;
    bool root_removed_ = false;
};

JsonbScrubber::EditSink JsonbScrubber::visit_document(Scrubber& scrubber, const Jsonb* document, Mode mode,
                                                      const std::function<void()>* take) {
    edit_count_ = 0;
    scrubber.begin_document();
    Source source(&document->root, scrubber, frames_, number_, true, AsItIs());
    EditSink sink(*this, scrubber, mode, take);
    if (core::pii::visit(source, scrubber, sink) != Visited::kAll) throw error_of(scrubber.status());
    return sink;
}

bool JsonbScrubber::give_back() {
    constexpr size_t kMostEdits = 4096, kMostBytes = 1 << 20;
    // The texts of the edits are no longer than what was written.
    if (edits_.size() <= kMostEdits && out_.capacity() <= kMostBytes && frames_.capacity <= kMostBytes)
        return false;
    std::vector<Edit>().swap(edits_);
    std::vector<Item>().swap(items_);
    frames_.release();
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
    if (visit_document(scrubber, document, Mode::kScrub).root_removed()) {
        out_ = null_document();
        return out_;
    }
    if (edit_count_ == 0) return std::nullopt;
    Build(*this).run(document);
    return out_;
}

bool JsonbScrubber::test(Scrubber& scrubber, const Jsonb* document) {
    (void)visit_document(scrubber, document, Mode::kTest);
    return scrubber.found();
}

void JsonbScrubber::find(Scrubber& scrubber, const Jsonb* document, const std::function<void()>& take) {
    visit_document(scrubber, document, Mode::kFind, &take).take_matches(1);
}

Datum make_jsonb(std::string_view bytes) {
    char* document = nullptr;
    server_call([&] { document = static_cast<char*>(palloc(bytes.size())); });
    std::memcpy(document, bytes.data(), bytes.size());
    SET_VARSIZE(document, bytes.size());
    return PointerGetDatum(document);
}

}  // namespace gpsync::pg
