#include "origins.h"

#include "pg/event_message.h"
#include "pg/slot_name.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_replication_origin.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::decoder {

void filter_origin(OriginFilter& filter, RepOriginId origin) {
    if (filter.filters(origin)) return;
    if (filter.count == filter.capacity) {
        filter.capacity *= 2;
        filter.ids = static_cast<RepOriginId*>(
            repalloc(filter.ids, sizeof(RepOriginId) * static_cast<size_t>(filter.capacity)));
    }
    filter.ids[filter.count++] = origin;
}

OriginFilter make_origin_filter(MemoryContext context) {
    OriginFilter filter{};
    filter.capacity = 8;
    filter.ids = static_cast<RepOriginId*>(
        MemoryContextAlloc(context, sizeof(RepOriginId) * static_cast<size_t>(filter.capacity)));
    return filter;
}

void resolve_origins(OriginFilter& filter) {
    const NameData prefix = pg::slot_name_prefix();

    Relation origins = table_open(ReplicationOriginRelationId, AccessShareLock);
    SysScanDesc scan = systable_beginscan(origins, InvalidOid, false, nullptr, 0, nullptr);
    for (HeapTuple tuple; HeapTupleIsValid(tuple = systable_getnext(scan));) {
        auto origin = reinterpret_cast<Form_pg_replication_origin>(GETSTRUCT(tuple));
        if (origin->roident == pg::kEventMessageOrigin)
            ereport(ERROR,
                    (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                     errmsg("a replication origin has the number %u, which gpsync keeps for its own messages",
                            static_cast<unsigned>(origin->roident)),
                     errhint("Drop replication origins that nothing needs; the server gives the lowest free "
                             "number to a new one.")));
        char* name = text_to_cstring(&origin->roname);
        if (std::string_view(name).starts_with(NameStr(prefix)))
            filter_origin(filter, static_cast<RepOriginId>(origin->roident));
        pfree(name);
    }
    systable_endscan(scan);
    table_close(origins, AccessShareLock);
    filter.stale = false;
}

}  // namespace gpsync::decoder
