// Differences between PostgreSQL major versions (15 to 18) in logical decoding; pg/compat/version.h for the
// rest.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/attmap.h"
#include "catalog/pg_attribute.h"
#include "replication/reorderbuffer.h"
#if PG_VERSION_NUM >= 180000
#include "rewrite/rewriteHandler.h"
#endif
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg::compat {

#if PG_VERSION_NUM >= 170000
inline HeapTuple new_tuple(ReorderBufferChange* change) {
    return change->data.tp.newtuple;
}
inline HeapTuple old_tuple(ReorderBufferChange* change) {
    return change->data.tp.oldtuple;
}
#else
inline HeapTuple new_tuple(ReorderBufferChange* change) {
    return change->data.tp.newtuple == nullptr ? nullptr : &change->data.tp.newtuple->tuple;
}
inline HeapTuple old_tuple(ReorderBufferChange* change) {
    return change->data.tp.oldtuple == nullptr ? nullptr : &change->data.tp.oldtuple->tuple;
}
#endif

// Whether tuples have a value of the column. A virtual generated column (18) is computed when it is read.
inline bool is_stored(const FormData_pg_attribute* attribute) {
    if (attribute->attisdropped) return false;
#if PG_VERSION_NUM >= 180000
    return attribute->attgenerated != ATTRIBUTE_GENERATED_VIRTUAL;
#else
    return true;
#endif
}

// An expression over a relation's columns, with what virtual generated columns (18) stand for in their place:
// a tuple holds no value of them. REQUIRES: the relation's columns have range table index 1.
inline Node* expand_virtual_columns(Node* expression, [[maybe_unused]] Relation relation) {
#if PG_VERSION_NUM >= 180000
    constexpr int kOnlyRelation = 1;
    return expand_generated_columns_in_expr(expression, relation, kOnlyRelation);
#else
    return expression;
#endif
}

// The attribute numbers in `from` of the columns of `to`, by name; 0 for a dropped one.
inline const AttrMap* map_attributes(TupleDesc from, TupleDesc to) {
#if PG_VERSION_NUM >= 160000
    return build_attrmap_by_name(from, to, false);
#else
    return build_attrmap_by_name(from, to);
#endif
}

}  // namespace gpsync::pg::compat
