#include "generated.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/sysattr.h"
#include "access/tupdesc.h"
#include "nodes/bitmapset.h"
#include "optimizer/optimizer.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::decoder {

namespace {

const FormData_pg_attribute* find_generated(TupleDesc descriptor, const char* column) {
    for (int i = 0; i < descriptor->natts; ++i) {
        const FormData_pg_attribute* attribute = TupleDescAttr(descriptor, i);
        if (!attribute->attisdropped && std::strcmp(NameStr(attribute->attname), column) == 0)
            return attribute->attgenerated != '\0' ? attribute : nullptr;
    }
    return nullptr;
}

// The stored expression; null when the catalogs have lost it.
const char* expression_of(TupleDesc descriptor, AttrNumber attnum) {
    const TupleConstr* constraints = descriptor->constr;
    for (int i = 0; constraints != nullptr && i < constraints->num_defval; ++i)
        if (constraints->defval[i].adnum == attnum) return constraints->defval[i].adbin;
    return nullptr;
}

List* append_all(List* names, TupleDesc descriptor) {
    for (int i = 0; i < descriptor->natts; ++i) {
        const FormData_pg_attribute* attribute = TupleDescAttr(descriptor, i);
        if (!attribute->attisdropped) names = lappend(names, pstrdup(NameStr(attribute->attname)));
    }
    return names;
}

}  // namespace

List* append_sources(List* names, Relation relation, const char* column) {
    TupleDesc descriptor = RelationGetDescr(relation);
    const FormData_pg_attribute* generated = find_generated(descriptor, column);
    if (generated == nullptr) return names;
    const char* expression = expression_of(descriptor, generated->attnum);
    if (expression == nullptr) return append_all(names, descriptor);
    // Read, not run. Its only relation is number 1, by which the server stores it.
    Bitmapset* columns = nullptr;
    pull_varattnos(static_cast<Node*>(stringToNode(expression)), 1, &columns);
    for (int member = -1; (member = bms_next_member(columns, member)) >= 0;) {
        const int attnum = member + FirstLowInvalidHeapAttributeNumber;
        if (attnum == InvalidAttrNumber) return append_all(names, descriptor);  // the whole row
        if (attnum > 0)
            names = lappend(names, pstrdup(NameStr(TupleDescAttr(descriptor, attnum - 1)->attname)));
    }
    return names;
}

}  // namespace gpsync::decoder
