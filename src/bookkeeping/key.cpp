#include "bookkeeping/key.h"

#include "pg/row_key.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/genam.h"
#include "access/htup_details.h"
#include "catalog/pg_index.h"
#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "parser/parse_coerce.h"
#include "utils/fmgroids.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"
#include "utils/syscache.h"
#include "utils/typcache.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::bookkeeping {

char* scalar_text(const JsonbValue& value) {
    switch (value.type) {
        case jbvString:
            return pnstrdup(value.val.string.val, value.val.string.len);
        case jbvNumeric:
            return DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(value.val.numeric)));
        case jbvBool:
            return pstrdup(value.val.boolean ? "true" : "false");
        default:
            elog(ERROR, "unexpected type %d of a key's value", static_cast<int>(value.type));
    }
}

namespace {

Datum text_datum(const JsonbValue& value) {
    return PointerGetDatum(cstring_to_text_with_len(value.val.string.val, value.val.string.len));
}

// An array or a row: jsonb_populate_record() over a row of nulls. With a row to start from it leaves the
// columns that are no part of the key alone, whatever their domains forbid.
Datum populate_column(const KeyColumn& column, Jsonb* key) {
    TupleDesc desc = lookup_rowtype_tupdesc_copy(column.row_type, -1);
    auto values = static_cast<Datum*>(palloc0(sizeof(Datum) * desc->natts));
    auto nulls = static_cast<bool*>(palloc(desc->natts));
    std::memset(nulls, true, desc->natts);
    Datum empty = heap_copy_tuple_as_datum(heap_form_tuple(desc, values, nulls), desc);

    FmgrInfo function;
    fmgr_info(F_JSONB_POPULATE_RECORD, &function);
    List* arguments =
        list_make2(makeNullConst(column.row_type, -1, InvalidOid), makeNullConst(JSONBOID, -1, InvalidOid));
    fmgr_info_set_expr(
        reinterpret_cast<Node*>(makeFuncExpr(F_JSONB_POPULATE_RECORD, column.row_type, arguments, InvalidOid,
                                             InvalidOid, COERCE_EXPLICIT_CALL)),
        &function);
    Datum row = FunctionCall2(&function, empty, JsonbPGetDatum(key));

    HeapTupleData tuple;
    tuple.t_data = DatumGetHeapTupleHeader(row);
    tuple.t_len = HeapTupleHeaderGetDatumLength(tuple.t_data);
    ItemPointerSetInvalid(&tuple.t_self);
    tuple.t_tableOid = InvalidOid;
    bool is_null = false;
    return heap_getattr(&tuple, column.attnum, desc, &is_null);
}

Datum read_value(KeyColumn* column, Jsonb* key, JsonbValue* value) {
    if (column->type == JSONBOID) return JsonbPGetDatum(JsonbValueToJsonb(value));
    if (value->type == jbvBinary) return populate_column(*column, key);
    if (value->type == jbvString && (column->type == TEXTOID || column->type == VARCHAROID))
        return text_datum(*value);
    if (value->type == jbvNumeric && column->type == INT8OID)
        return DirectFunctionCall1(numeric_int8, NumericGetDatum(value->val.numeric));
    if (value->type == jbvNumeric && column->type == INT4OID)
        return DirectFunctionCall1(numeric_int4, NumericGetDatum(value->val.numeric));
    return InputFunctionCall(&column->input, scalar_text(*value), column->input_parameter, column->typmod);
}

bool names_all(const KeyIndex& index, Jsonb* key) {
    JsonbValue ignored;
    for (int i = 0; i < index.natts; ++i) {
        if (getKeyJsonValueFromContainer(&key->root, index.columns[i].name, index.columns[i].name_length,
                                         &ignored) == nullptr)
            return false;
    }
    return true;
}

// Takes over the index if its columns are those of the key.
bool take_if_over(KeyIndex* found, Relation relation, Oid index, const AttrNumber* attnums, int natts,
                  Jsonb* key) {
    if (natts != static_cast<int>(JB_ROOT_COUNT(key))) return false;
    for (int i = 0; i < natts; ++i) init_key_column(&found->columns[i], relation, attnums[i]);
    found->natts = natts;
    found->index = index;
    return names_all(*found, key);
}

// The key columns of an index that can identify rows; 0 of one that cannot.
int unique_index_columns(Oid index, AttrNumber* attnums) {
    HeapTuple tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(index));
    if (!HeapTupleIsValid(tuple)) return 0;
    auto form = reinterpret_cast<Form_pg_index>(GETSTRUCT(tuple));
    const bool usable = form->indisunique && !form->indisexclusion && form->indisvalid && form->indisready &&
                        form->indislive && heap_attisnull(tuple, Anum_pg_index_indpred, nullptr);
    int natts = usable ? form->indnkeyatts : 0;
    for (int i = 0; i < natts; ++i) {
        attnums[i] = form->indkey.values[i];
        if (attnums[i] <= 0) natts = 0;
    }
    ReleaseSysCache(tuple);
    return natts;
}

[[noreturn]] void raise_bad_key_columns() {
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                    errmsg("key_columns must be an object of [attribute number, type] by name")));
    pg_unreachable();
}

int64 integer_of(const JsonbValue* value) {
    if (value == nullptr || value->type != jbvNumeric) raise_bad_key_columns();
    return DatumGetInt64(DirectFunctionCall1(numeric_int8, NumericGetDatum(value->val.numeric)));
}

// From [attribute number, type OID].
void read_place(EventColumn* column, const JsonbValue& place) {
    if (place.type != jbvBinary || !JsonContainerIsArray(place.val.binary.data) ||
        JsonContainerSize(place.val.binary.data) != 2)
        raise_bad_key_columns();
    const int64 attnum = integer_of(getIthJsonbValueFromContainer(place.val.binary.data, 0));
    const int64 type = integer_of(getIthJsonbValueFromContainer(place.val.binary.data, 1));
    if (attnum < 1 || attnum > MaxHeapAttributeNumber || type < 1 || type > PG_UINT32_MAX)
        raise_bad_key_columns();
    column->attnum = static_cast<AttrNumber>(attnum);
    column->type = static_cast<Oid>(type);
}

const EventColumn* column_at(const EventKey& event_key, AttrNumber attnum) {
    for (int i = 0; i < event_key.natts; ++i)
        if (event_key.columns[i].attnum == attnum) return &event_key.columns[i];
    return nullptr;
}

bool take_if_over(KeyIndex* found, Relation relation, Oid index, const AttrNumber* attnums, int natts,
                  const EventKey& event_key) {
    if (natts != event_key.natts) return false;
    for (int i = 0; i < natts; ++i) {
        const EventColumn* column = column_at(event_key, attnums[i]);
        if (column == nullptr) return false;
        init_event_column(&found->columns[i], relation, *column);
    }
    found->natts = natts;
    found->index = index;
    return true;
}

// Calls take(index, attnums, natts) for the table's key and then for its other unique indexes, until it says
// true.
template <class Take>
bool any_key_index(Relation relation, Take&& take) {
    const pg::RowKey row_key = pg::row_key(relation);
    if (row_key.natts > 0 && take(row_key.index, row_key.attnums, row_key.natts)) return true;
    ListCell* cell = nullptr;
    foreach (cell, RelationGetIndexList(relation)) {
        AttrNumber attnums[INDEX_MAX_KEYS];
        const int natts = unique_index_columns(lfirst_oid(cell), attnums);
        if (natts > 0 && take(lfirst_oid(cell), attnums, natts)) return true;
    }
    return false;
}

}  // namespace

void read_event_key(EventKey* event_key, Jsonb* key_columns) {
    event_key->natts = 0;
    JsonbIterator* iterator = JsonbIteratorInit(&key_columns->root);
    JsonbValue token;
    if (JsonbIteratorNext(&iterator, &token, true) != WJB_BEGIN_OBJECT) raise_bad_key_columns();
    while (JsonbIteratorNext(&iterator, &token, true) == WJB_KEY) {
        if (event_key->natts == INDEX_MAX_KEYS) raise_bad_key_columns();
        EventColumn& column = event_key->columns[event_key->natts++];
        column.name = token.val.string.val;
        column.name_length = token.val.string.len;
        (void)JsonbIteratorNext(&iterator, &token, true);
        read_place(&column, token);
    }
    if (event_key->natts == 0) raise_bad_key_columns();
}

bool is_comparable(const EventColumn& column, Relation relation) {
    TupleDesc desc = RelationGetDescr(relation);
    if (column.attnum > desc->natts || TupleDescAttr(desc, column.attnum - 1)->attisdropped) return false;
    const Oid now = TupleDescAttr(desc, column.attnum - 1)->atttypid;
    if (now == column.type) return true;
    if (!SearchSysCacheExists1(TYPEOID, ObjectIdGetDatum(column.type))) return false;
    const Oid from = getBaseType(column.type), to = getBaseType(now);
    return can_coerce_type(1, &from, &to, COERCION_IMPLICIT);
}

void find_event_index(KeyIndex* found, Relation relation, const EventKey& event_key) {
    found->natts = 0;
    for (int i = 0; i < event_key.natts; ++i)
        if (!is_comparable(event_key.columns[i], relation)) return;
    const bool taken = any_key_index(relation, [&](Oid index, const AttrNumber* attnums, int natts) {
        return take_if_over(found, relation, index, attnums, natts, event_key);
    });
    if (!taken) found->natts = 0;
}

void init_event_column(KeyColumn* column, Relation relation, const EventColumn& event_column) {
    init_key_column(column, relation, event_column.attnum);
    column->name = event_column.name;
    column->name_length = event_column.name_length;
}

void init_key_column(KeyColumn* column, Relation relation, AttrNumber attnum) {
    Form_pg_attribute attribute = TupleDescAttr(RelationGetDescr(relation), attnum - 1);
    Oid input = InvalidOid;
    column->name = NameStr(attribute->attname);
    column->name_length = static_cast<int>(std::strlen(column->name));
    column->attnum = attnum;
    column->row_type = relation->rd_rel->reltype;
    column->typmod = attribute->atttypmod;
    column->type = getBaseTypeAndTypmod(attribute->atttypid, &column->typmod);
    getTypeInputInfo(column->type, &input, &column->input_parameter);
    fmgr_info(input, &column->input);
}

bool read_key_column(KeyColumn* column, Jsonb* key, Datum* value) {
    JsonbValue found;
    if (getKeyJsonValueFromContainer(&key->root, column->name, column->name_length, &found) == nullptr)
        return false;
    if (found.type == jbvNull && column->type != JSONBOID) return false;
    *value = read_value(column, key, &found);
    return true;
}

void find_key_index(KeyIndex* found, Relation relation, Jsonb* key) {
    const bool taken = any_key_index(relation, [&](Oid index, const AttrNumber* attnums, int natts) {
        return take_if_over(found, relation, index, attnums, natts, key);
    });
    if (!taken) found->natts = 0;
}

void init_scan_keys(ScanKey keys, Relation index, const KeyIndex& key_index) {
    for (int i = 0; i < key_index.natts; ++i) {
        const Oid type = index->rd_opcintype[i];
        const Oid equals = get_opfamily_member(index->rd_opfamily[i], type, type, BTEqualStrategyNumber);
        if (!OidIsValid(equals))
            elog(ERROR, "index \"%s\" has no equality operator", RelationGetRelationName(index));
        ScanKeyEntryInitialize(&keys[i], 0, static_cast<AttrNumber>(i + 1), BTEqualStrategyNumber, InvalidOid,
                               index->rd_indcollation[i], get_opcode(equals), 0);
    }
}

bool fill_scan_keys(ScanKey keys, KeyIndex* key_index, Jsonb* key) {
    for (int i = 0; i < key_index->natts; ++i) {
        if (!read_key_column(&key_index->columns[i], key, &keys[i].sk_argument)) return false;
    }
    return true;
}

}  // namespace gpsync::bookkeeping
