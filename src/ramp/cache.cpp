#include "ramp/cache.h"

#include <algorithm>

#include "core/ramp/bucket.hpp"
#include "pg/ramp_table.h"
#include "pg/text.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/genam.h"
#include "access/table.h"
#include "catalog/namespace.h"
#include "commands/trigger.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::ramp {

namespace {

// Columns of gpsync.ramp.
constexpr int kName = 1, kWidth = 2;

struct Cache {
    // The callback must not free what may be in use.
    uint64_t generation = 1, loaded_in = 0;
    Oid table = InvalidOid;
    std::vector<Ramp> ramps;
    std::string names;  // of all of them
};

Cache& cache() {
    static Cache the_cache;
    return the_cache;
}

void relation_changed(Datum, Oid relation) {
    Cache& c = cache();
    if (!OidIsValid(relation) || relation == c.table) ++c.generation;
}

Oid find_counter(Oid schema, const char* prefix, std::string_view ramp) {
    return get_relname_relid(psprintf("%s%.*s", prefix, static_cast<int>(ramp.size()), ramp.data()), schema);
}

Ramp read_ramp(HeapTuple tuple, TupleDesc descriptor, Oid schema) {
    bool null = false;
    const Datum name = heap_getattr(tuple, kName, descriptor, &null);
    const Datum width = heap_getattr(tuple, kWidth, descriptor, &null);
    const std::string_view text = pg::text_view(PointerGetDatum(PG_DETOAST_DATUM_COPY(name)));
    const int32 buckets = DatumGetInt32(width);
    return {text,
            static_cast<uint32_t>(std::clamp<int32>(buckets, 0, core::kRampBuckets)),
            {},
            find_counter(schema, "ramp_ok_", text),
            find_counter(schema, "ramp_failed_", text)};
}

// A list of Ramp *. The scan's own snapshot is a new one: not the transaction's, which may be older than a
// roll-back, and one that parallel mode allows, too.
List* read_ramps(Oid* table) {
    List* found = NIL;
    *table = InvalidOid;
    Relation relation = pg::open_own_table(pg::kRampTable, AccessShareLock);
    if (relation == nullptr) return NIL;
    *table = RelationGetRelid(relation);
    SysScanDesc scan = systable_beginscan(relation, InvalidOid, false, nullptr, 0, nullptr);
    while (HeapTuple tuple = systable_getnext(scan)) {
        auto* ramp = static_cast<Ramp*>(palloc(sizeof(Ramp)));
        *ramp = read_ramp(tuple, RelationGetDescr(relation), RelationGetNamespace(relation));
        found = lappend(found, ramp);
    }
    systable_endscan(scan);
    table_close(relation, AccessShareLock);
    return found;
}

void keep(Cache& c, const List* found) {
    c.ramps.clear();
    c.names.clear();
    ListCell* cell;
    foreach (cell, found) {
        c.ramps.push_back(*static_cast<Ramp*>(lfirst(cell)));
        c.names.append(c.ramps.back().name);
    }
    size_t at = 0;
    for (Ramp& ramp : c.ramps) {
        ramp.name = std::string_view(c.names).substr(at, ramp.name.size());
        at += ramp.name.size();
        ramp.hash = core::RampHash(ramp.name);
    }
}

void load(Cache& c) {
    List* found = NIL;
    // A change that comes while the table is read is one of the next generation.
    const uint64_t generation = c.generation;
    pg::server_call([&] {
        MemoryContext context =
            AllocSetContextCreate(CurrentMemoryContext, "gpsync ramps", ALLOCSET_SMALL_SIZES);
        MemoryContext before = MemoryContextSwitchTo(context);
        found = read_ramps(&c.table);
        MemoryContextSwitchTo(before);
    });
    keep(c, found);
    if (found != NIL) MemoryContextDelete(GetMemoryChunkContext(found));
    c.loaded_in = generation;
}

}  // namespace

void register_ramp_cache() {
    CacheRegisterRelcacheCallback(relation_changed, 0);
}

const Ramp* find_ramp(std::string_view name) {
    Cache& c = cache();
    // A statement that opens no table would not hear of a change. Where there is none, this reads one
    // variable.
    AcceptInvalidationMessages();
    while (c.loaded_in != c.generation) load(c);
    for (const Ramp& ramp : c.ramps)
        if (ramp.name == name) return &ramp;
    return nullptr;
}

}  // namespace gpsync::ramp

// ramps_changed() -> trigger: AFTER each statement that changed gpsync.ramp
GPSYNC_FUNCTION(gpsync_ramps_changed) {
    return gpsync::pg::guarded([&]() -> Datum {
        if (!CALLED_AS_TRIGGER(fcinfo))
            throw gpsync::pg::Error(gpsync::pg::Sqlstate::kTriggerProtocol,
                                    "gpsync_internal.ramps_changed() can only be called as a trigger");
        gpsync::pg::server_call(
            [&] { CacheInvalidateRelcache(reinterpret_cast<TriggerData*>(fcinfo->context)->tg_relation); });
        return PointerGetDatum(nullptr);
    });
}
