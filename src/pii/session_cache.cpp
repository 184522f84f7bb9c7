#include "pii/session_cache.h"

#include <malloc.h>
#include <sys/stat.h>

#include "pg/scrub/key_file.h"
#include "pg/scrub/policy_table.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/xact.h"
#include "utils/inval.h"
#include "utils/memutils.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

using core::pii::KeyRing;
using core::pii::Mode;
using core::pii::Policy;
using core::pii::Scrubber;

namespace {

constexpr size_t kModes = 3;

using Scrubbers = std::array<std::unique_ptr<Scrubber>, kModes>;

// Says whether a file is the one that was read.
struct FileVersion {
    dev_t device = 0;
    ino_t inode = 0;
    off_t size = -1;
    timespec modified{}, changed{};

    static FileVersion of(const char* name) {
        struct stat status;
        if (stat(name, &status) != 0) return {};
        return {status.st_dev, status.st_ino, status.st_size, status.st_mtim, status.st_ctim};
    }
    friend bool operator==(const FileVersion& a, const FileVersion& b) {
        const auto same = [](const timespec& x, const timespec& y) {
            return x.tv_sec == y.tv_sec && x.tv_nsec == y.tv_nsec;
        };
        return a.device == b.device && a.inode == b.inode && a.size == b.size &&
               same(a.modified, b.modified) && same(a.changed, b.changed);
    }
};

struct Keys {
    std::unique_ptr<KeyRing> ring;
    std::string name;
    FileVersion version;
    TimestampTz checked_at = 0;  // the start of the statement that checked the file last
};

struct Engine {
    // The callback must not free what may be in use: the next look-up does.
    uint64_t generation = 1, loaded_in = 1;
    Oid policy_table = InvalidOid;
    pg::TableRules rules;
    pg::PolicyStore policies{rules};
    Keys keys;
    std::unordered_map<std::string, Scrubbers> scrubbers;
    Scrubbers pure;
    pg::JsonbScrubber jsonb;
    core::pii::MetadataExtractor metadata;
    core::pii::QuickMetadata quick_metadata;
};

Engine& engine() {
    static Engine the_engine;
    return the_engine;
}

void relation_changed(Datum, Oid relation) {
    Engine& e = engine();
    if (!OidIsValid(relation) || relation == e.policy_table) ++e.generation;
}

void drop_stale(Engine& e) {
    if (e.loaded_in == e.generation) return;
    e.scrubbers.clear();
    e.policies.clear();
    e.policy_table = InvalidOid;  // the extension may have been dropped and made again
    e.loaded_in = e.generation;
}

const Policy& find_policy(Engine& e, std::string_view name) {
    for (;;) {
        drop_stale(e);
        if (!OidIsValid(e.policy_table)) pg::server_call([&] { e.policy_table = pg::policy_table_oid(); });
        const Policy& policy = e.policies.require(name);
        // An invalidation that came while the table was read may be about what was just read.
        if (e.loaded_in == e.generation) return policy;
    }
}

void forget_keys(Engine& e) {
    e.scrubbers.clear();
    e.keys.ring.reset();
    e.keys.name.clear();
    e.keys.version = {};
    e.keys.checked_at = 0;
}

void load_keys(Engine& e, const char* name) {
    forget_keys(e);
    const FileVersion version = FileVersion::of(name);
    auto ring = std::make_unique<KeyRing>();
    pg::read_key_file(name, *ring);
    e.keys.ring = std::move(ring);
    e.keys.name = name;
    e.keys.version = version;
}

}  // namespace

void register_pii_engine() {
    pg::let_scrubbing_stop();
    CacheRegisterRelcacheCallback(relation_changed, 0);
}

const KeyRing* key_ring() {
    Engine& e = engine();
    const char* name = "";
    pg::server_call([&] { name = pg::key_file_name(); });
    if (*name == '\0') {
        if (e.keys.ring != nullptr) forget_keys(e);
        return nullptr;
    }
    const TimestampTz now = GetCurrentStatementStartTimestamp();
    const bool same_name = e.keys.ring != nullptr && e.keys.name == name;
    if (same_name && e.keys.checked_at == now) return e.keys.ring.get();
    if (!same_name || !(e.keys.version == FileVersion::of(name))) load_keys(e, name);
    e.keys.checked_at = now;
    return e.keys.ring.get();
}

Scrubber& pure_scrubber(Mode mode) {
    auto& scrubber = engine().pure[static_cast<size_t>(mode)];
    if (scrubber == nullptr) scrubber = std::make_unique<Scrubber>(Policy::payments(), nullptr, mode);
    return *scrubber;
}

Scrubber& scrubber_of(std::string_view policy, Mode mode) {
    Engine& e = engine();
    const KeyRing* keys = key_ring();
    drop_stale(e);
    const auto known = e.scrubbers.find(std::string(policy));
    if (known != e.scrubbers.end() && known->second[static_cast<size_t>(mode)] != nullptr)
        return *known->second[static_cast<size_t>(mode)];
    const Policy& found = find_policy(e, policy);
    auto& scrubber = e.scrubbers[std::string(policy)][static_cast<size_t>(mode)];
    scrubber = std::make_unique<Scrubber>(found, keys, mode);
    return *scrubber;
}

const Policy& require_policy(std::string_view policy) {
    return find_policy(engine(), policy);
}

void check_policy(std::string_view policy, std::string_view rules) {
    drop_stale(engine());
    engine().policies.check(policy, rules);
}

pg::JsonbScrubber& jsonb_scrubber() {
    return engine().jsonb;
}

namespace {

// What documents of a statement needed goes back to the system when the statement ends: else what was freed
// in small pieces stays the process's.
struct Trim {
    bool registered = false, wanted = false;
};

Trim& trim() {
    static Trim the_trim;
    return the_trim;
}

void trim_if_wanted(void*) {
#ifdef __GLIBC__
    if (trim().wanted) malloc_trim(0);
#endif
    trim() = {};
}

// Raises server errors.
void trim_at_end_of_statement() {
    const MemoryContext context = PortalContext != nullptr ? PortalContext : TopTransactionContext;
    auto* callback =
        static_cast<MemoryContextCallback*>(MemoryContextAllocZero(context, sizeof(MemoryContextCallback)));
    callback->func = trim_if_wanted;
    MemoryContextRegisterResetCallback(context, callback);
    trim().registered = true;
}

}  // namespace

OneDocument::OneDocument(Scrubber& scrubber) : scrubber_(scrubber) {
    if (!trim().registered) pg::server_call([] { trim_at_end_of_statement(); });
}

OneDocument::~OneDocument() {
    const bool texts = scrubber_.give_back(), edits = jsonb_scrubber().give_back();
    trim().wanted |= texts || edits;
}

core::pii::MetadataExtractor& metadata_extractor() {
    return engine().metadata;
}

core::pii::QuickMetadata& quick_metadata() {
    return engine().quick_metadata;
}

bool text_has_pii(std::string_view text) {
    if (Scrubber::is_neutral(text)) [[likely]]
        return false;
    core::pii::Scrubber& scrubber = pure_scrubber(core::pii::Mode::kTest);
    const OneDocument one(scrubber);
    scrubber.begin_document();
    if (scrubber.string(text) == core::pii::Verdict::kError)
        throw pg::Error(pg::Sqlstate::kInvalidParameter, "the text cannot be searched for PII");
    return scrubber.found();
}

}  // namespace gpsync
