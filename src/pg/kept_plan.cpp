#include "pg/kept_plan.h"

#include <algorithm>
#include <span>

#include "pg/compat/transaction.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "common/hashfn.h"
#include "executor/spi.h"
#include "utils/memutils.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg {

namespace {

struct KeptPlan {
    SPIPlanPtr plan;  // null: the place is free
    char* text;
    uint32 hash;
    int count;
    Oid types[INDEX_MAX_KEYS];
    LocalTransactionId used;  // the transaction that ran it last
};

std::span<KeptPlan> kept_plans() {
    static KeptPlan plans[64];
    return plans;
}

uint32 hash_of(const char* text) {
    return hash_bytes(reinterpret_cast<const unsigned char*>(text), static_cast<int>(std::strlen(text)));
}

KeptPlan* find(const char* text, std::span<const Oid> types) {
    const uint32 hash = hash_of(text);
    const auto is_it = [&](const KeptPlan& kept) {
        return kept.plan != nullptr && kept.hash == hash && std::strcmp(kept.text, text) == 0 &&
               std::ranges::equal(std::span(kept.types, static_cast<size_t>(kept.count)), types);
    };
    const auto found = std::ranges::find_if(kept_plans(), is_it);
    return found != kept_plans().end() ? &*found : nullptr;
}

// A plan of this transaction may be running: a trigger of the row that it updates may come here, too. Null:
// all are of it.
KeptPlan* free_place() {
    static size_t hand = 0;
    for (size_t i = 0; i < kept_plans().size(); ++i) {
        KeptPlan& kept = kept_plans()[hand++ % kept_plans().size()];
        if (kept.plan != nullptr && kept.used == compat::local_transaction_id()) continue;
        if (kept.plan != nullptr) {
            (void)SPI_freeplan(kept.plan);
            pfree(kept.text);
        }
        kept.plan = nullptr;
        return &kept;
    }
    return nullptr;
}

KeptPlan* keep(const char* text, std::span<const Oid> types) {
    KeptPlan* place = free_place();
    if (place == nullptr) return nullptr;
    SPIPlanPtr plan = SPI_prepare(text, static_cast<int>(types.size()), const_cast<Oid*>(types.data()));
    if (plan == nullptr) elog(ERROR, "SPI_prepare failed: %s", SPI_result_code_string(SPI_result));
    char* copy = MemoryContextStrdup(TopMemoryContext, text);
    (void)SPI_keepplan(plan);
    *place = {plan, copy, hash_of(text), static_cast<int>(types.size()), {}, InvalidLocalTransactionId};
    std::ranges::copy(types, place->types);
    return place;
}

}  // namespace

int execute_kept(const char* text, int count, const Oid* types, const Datum* values, bool read_only,
                 long limit) {
    const std::span<const Oid> given(types, static_cast<size_t>(count));
    KeptPlan* kept = find(text, given);
    if (kept == nullptr) kept = keep(text, given);
    if (kept == nullptr)
        return SPI_execute_with_args(text, count, const_cast<Oid*>(types), const_cast<Datum*>(values),
                                     nullptr, read_only, limit);
    kept->used = compat::local_transaction_id();
    return SPI_execute_plan(kept->plan, const_cast<Datum*>(values), nullptr, read_only, limit);
}

}  // namespace gpsync::pg
