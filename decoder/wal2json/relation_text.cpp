// What a change says of its table and columns, as text that is built once.
#include "columns.h"
#include "core/json_writer.hpp"
#include "pg/as_owner.h"
#include "pg/compat/index.h"
#include "pg/pg_buffer.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/tupdesc.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/relcache.h"
#include "utils/syscache.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::decoder::wal2json {

namespace {

using core::ByteBuffer;

ValueKind kind_of(Oid type) {
    switch (type) {
        case INT2OID:
        case INT4OID:
        case INT8OID:
        case OIDOID:
        case FLOAT4OID:
        case FLOAT8OID:
        case NUMERICOID:
            return ValueKind::kNumber;
        case BOOLOID:
            return ValueKind::kBoolean;
        case BYTEAOID:
            return ValueKind::kBytes;
        default:
            return ValueKind::kString;
    }
}

// The kind is that of the type that is shown, which may be a domain: then a number is a string. to_jsonb()
// writes floats without an exponent.
bool is_written_as_json(ValueKind kind, Oid base_type, const Options& options) {
    switch (base_type) {
        case INT2OID:
        case INT4OID:
        case INT8OID:
        case NUMERICOID:
            return kind == ValueKind::kNumber && !options.numbers_as_strings;
        case TEXTOID:
        case VARCHAROID:
        case BPCHAROID:
            return kind == ValueKind::kString;
        default:
            return false;
    }
}

// The type that is named: the one under a domain where that is asked for.
struct ShownType {
    Oid type;
    int32 typmod;
};

ShownType shown_type(const Column& column, const Options& options) {
    ShownType shown{column.type, column.typmod};
    if (!options.types || !options.domain_data_type) return shown;
    HeapTuple tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(column.type));
    if (!HeapTupleIsValid(tuple)) elog(ERROR, "cache lookup failed for type %u", column.type);
    auto type = reinterpret_cast<Form_pg_type>(GETSTRUCT(tuple));
    if (type->typtype == TYPTYPE_DOMAIN) shown = {type->typbasetype, type->typtypmod};
    ReleaseSysCache(tuple);
    return shown;
}

const char* catalog_name_of(Oid type) {
    HeapTuple tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
    if (!HeapTupleIsValid(tuple)) elog(ERROR, "cache lookup failed for type %u", type);
    const char* name = pstrdup(NameStr(reinterpret_cast<Form_pg_type>(GETSTRUCT(tuple))->typname));
    ReleaseSysCache(tuple);
    return name;
}

// A name that needs quotes in SQL is written with these alone, not with quotes in a JSON string. Where that
// would not be JSON, it is a string as any other. An array is renamed with the type of its elements.
void append_type(Decoder& decoder, ByteBuffer& out, const ShownType& shown) {
    const Options& options = options_of(decoder);
    state_of(decoder).types.add(GetSysCacheHashValue1(TYPEOID, ObjectIdGetDatum(shown.type)));
    const bool typmod = options.typmod || options.version == 2;
    std::string_view name =
        typmod ? format_type_with_typemod(shown.type, shown.typmod) : catalog_name_of(shown.type);
    const bool is_quoted = name.size() > 2 && name.front() == '"' && name.find('"', 1) == name.size() - 1;
    core::append_json_string(out, is_quoted ? name.substr(1, name.size() - 2) : name);
}

// Null: it has none, or what it would show of a value is not shown.
const char* default_expression(Relation relation, const Column& column) {
    Form_pg_attribute attribute = TupleDescAttr(RelationGetDescr(relation), column.attnum - 1);
    const TupleConstr* constraints = RelationGetDescr(relation)->constr;
    if (!attribute->atthasdef || attribute->attgenerated != '\0' || constraints == nullptr) return nullptr;
    for (int i = 0; i < constraints->num_defval; ++i) {
        if (constraints->defval[i].adnum != column.attnum) continue;
        const Datum tree = CStringGetTextDatum(constraints->defval[i].adbin);
        return TextDatumGetCString(
            DirectFunctionCall2(pg_get_expr, tree, ObjectIdGetDatum(RelationGetRelid(relation))));
    }
    return nullptr;
}

// A default is a value too: that of a column with a rule of its own is not shown.
void append_default(Decoder& decoder, ByteBuffer& out, Relation relation, const Column& column) {
    const char* expression = default_expression(relation, column);
    const core::Redaction redaction = column.redaction.redaction;
    if (expression == nullptr ||
        (redaction != core::Redaction::kPass && redaction != core::Redaction::kScrub))
        out.append("null");
    else if (column.redaction.plain)
        core::append_json_string(out, expression);
    else
        append_scrubbed_text(decoder, out, expression);
}

// A text that is built in a scratch buffer, and kept with the relation.
class Kept {
  public:
    explicit Kept(MemoryContext context) : context_(context), out_(pg::make_buffer(CurrentMemoryContext)) {}
    ByteBuffer& out() { return out_; }
    std::string_view take() {
        char* kept = static_cast<char*>(MemoryContextAlloc(context_, out_.size + 1));
        std::memcpy(kept, out_.data, out_.size);
        const std::string_view text(kept, out_.size);
        out_.size = 0;
        return text;
    }

  private:
    MemoryContext context_;
    ByteBuffer out_;
};

struct Builder {
    Decoder& decoder;
    const Options& options;
    RelationEntry& entry;
    Relation relation;
    Kept kept;

    Form_pg_attribute attribute(const Column& column) const {
        return TupleDescAttr(RelationGetDescr(relation), column.attnum - 1);
    }

    void make_head(ColumnText& text, const Column& column) {
        ByteBuffer& out = kept.out();
        out.append(R"({"name":)");
        out.append(column.quoted_name());
        if (options.types) {
            out.append(R"(,"type":)");
            append_type(decoder, out, shown_type(column, options));
        }
        if (options.type_oids) {
            out.append(R"(,"typeoid":)");
            core::append_integer(out, column.type);
        }
        const size_t length = out.size;
        out.append(R"(,"value":)");
        text.head = kept.take();
        text.part = nullptr;
        if (text.in_pk && !column.redaction.drops()) append_to_pk(text.head.substr(0, length));
    }

    void make_tail(ColumnText& text, const Column& column) {
        ByteBuffer& out = kept.out();
        if (options.not_null)
            out.append(attribute(column)->attnotnull ? std::string_view(R"(,"optional":false)")
                                                     : std::string_view(R"(,"optional":true)"));
        if (options.column_positions) {
            out.append(R"(,"position":)");
            core::append_integer(out, column.attnum);
        }
        if (options.defaults) {
            out.append(R"(,"default":)");
            append_default(decoder, out, relation, column);
        }
        text.tail = kept.take();
    }

    void make_parts(ColumnText& text, const Column& column) {
        const ShownType shown = shown_type(column, options);
        ByteBuffer& out = kept.out();
        text.part = static_cast<std::string_view*>(
            MemoryContextAllocZero(entry.context, sizeof(std::string_view) * kParts));
        text.part[kName] = column.quoted_name();
        text.kind = kind_of(shown.type);
        if (options.types) {
            append_type(decoder, out, shown);
            text.part[kType] = kept.take();
        }
        core::append_integer(out, shown.type);
        text.part[kTypeOid] = kept.take();
        core::append_integer(out, column.attnum);
        text.part[kPosition] = kept.take();
        if (options.types) text.part[kOptional] = attribute(column)->attnotnull ? "false" : "true";
        if (!options.defaults) return;
        append_default(decoder, out, relation, column);
        text.part[kDefault] = kept.take();
    }

    void append_to_pk(std::string_view head) {
        pk.append(pk.size == 0 ? std::string_view(R"(,"pk":[)") : std::string_view(","));
        pk.append(head);
        pk.append('}');
    }
    ByteBuffer pk;
};

// Marks the columns of an index.
void mark(const RelationEntry& entry, ColumnText* columns, Oid index_oid, bool ColumnText::*flag) {
    if (!OidIsValid(index_oid)) return;
    Relation index = RelationIdGetRelation(index_oid);
    if (!RelationIsValid(index)) return;
    for (int i = 0; i < IndexRelationGetNumberOfKeyAttributes(index); ++i)
        for (int column = 0; column < entry.ncolumns; ++column)
            if (entry.columns[column].attnum == index->rd_index->indkey.values[i])
                columns[column].*flag = true;
    RelationClose(index);
}

void mark_keys(const RelationEntry& entry, RelationText& text, Relation relation) {
    const Oid identity = RelationGetReplicaIndex(relation);  // reads the list of indexes
    const bool full = relation->rd_rel->relreplident == REPLICA_IDENTITY_FULL;
    text.identified = full || OidIsValid(identity);
    const Oid primary_key = pg::compat::primary_key_index(relation);
    text.has_pk = OidIsValid(primary_key);
    mark(entry, text.columns, primary_key, &ColumnText::in_pk);
    mark(entry, text.columns, identity, &ColumnText::in_identity);
    for (int i = 0; full && i < entry.ncolumns; ++i) text.columns[i].in_identity = true;
}

void make_names(Builder& builder, RelationText& text) {
    ByteBuffer& out = builder.kept.out();
    core::append_json_string(out, builder.entry.schema_name);
    text.schema = builder.kept.take();
    core::append_json_string(out, builder.entry.table_name);
    text.table = builder.kept.take();
    if (builder.options.schemas) {
        out.append(R"(,"schema":)");
        out.append(text.schema);
    }
    out.append(R"(,"table":)");
    out.append(text.table);
    text.names = builder.kept.take();
}

void make_column(Builder& builder, ColumnText& text, const Column& column) {
    Oid function;
    bool is_varlena;
    getTypeOutputInfo(column.type, &function, &is_varlena);
    fmgr_info_cxt(function, &text.output, builder.entry.context);
    if (builder.options.version == 1) {
        builder.make_parts(text, column);
    } else {
        text.kind = kind_of(column.type);
        builder.make_head(text, column);
        builder.make_tail(text, column);
    }
    text.as_json = is_written_as_json(text.kind, column.value.type, builder.options);
}

RelationText* build(Decoder& decoder, RelationEntry& entry, Relation relation) {
    auto* text = static_cast<RelationText*>(MemoryContextAllocZero(entry.context, sizeof(RelationText)));
    text->columns = static_cast<ColumnText*>(
        MemoryContextAllocZero(entry.context, sizeof(ColumnText) * static_cast<size_t>(entry.ncolumns + 1)));
    mark_keys(entry, *text, relation);
    Builder builder{decoder,  options_of(decoder), entry,
                    relation, Kept(entry.context), pg::make_buffer(CurrentMemoryContext)};
    make_names(builder, *text);
    for (int i = 0; i < entry.ncolumns; ++i) make_column(builder, text->columns[i], entry.columns[i]);
    if (!options_of(decoder).pk) return text;
    ByteBuffer& out = builder.kept.out();
    out.append(builder.pk.size == 0 ? std::string_view(R"(,"pk":[)") : builder.pk.view());
    out.append(']');
    text->pk = builder.kept.take();
    return text;
}

}  // namespace

// Names are written as they are for a session with schema public in its search path, which is what wal2json's
// readers see unless they changed the setting.
RelationText& text_of(Decoder& decoder, RelationEntry& entry) {
    if (entry.format_data != nullptr) return *static_cast<RelationText*>(entry.format_data);
    pg::set_local("search_path", "public");
    Relation relation = RelationIdGetRelation(entry.relid);
    if (!RelationIsValid(relation)) elog(ERROR, "could not open relation with OID %u", entry.relid);
    entry.format_data = build(decoder, entry, relation);
    RelationClose(relation);
    pg::set_local("search_path", "pg_catalog");
    return *static_cast<RelationText*>(entry.format_data);
}

}  // namespace gpsync::decoder::wal2json
