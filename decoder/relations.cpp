#include "relations.h"

#include "book_line.h"
#include "core/json_writer.hpp"
#include "generated.h"
#include "pg/attachment.h"
#include "pg/compat/decoding.h"
#include "pg/own_table.h"
#include "pg/pg_buffer.h"
#include "pg/row_key.h"
#include "pg/shown_name.h"
#include "pg/sync_columns.h"
#include "pg/utf8.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/attmap.h"
#include "access/tupdesc.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "utils/lsyscache.h"
#include "utils/relcache.h"
#include "utils/reltrigger.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::decoder {

namespace {

constexpr int kInvalidBeforeSweep = 64;
// What the entries may take, and one more: 4,000 tables of eight columns with 4.6 kB each. PostgreSQL's own
// caches keep about as much of so many tables, and never give it back. A table that is removed and comes
// again costs what its first change did, so the limit is above what most databases have in use.
constexpr size_t kMostBytes = size_t{20} << 20;
// Blocks of an entry's context: the last one is half empty on average.
constexpr Size kSmallBlock = 1024, kLargeBlock = 2048;

template <class T>
T* allocate(MemoryContext context, int count) {
    return static_cast<T*>(MemoryContextAllocZero(context, sizeof(T) * static_cast<size_t>(Max(count, 1))));
}

// The attribute of the table the row is streamed as, for each column a position in the changed tuple.
struct TableShape {
    Relation changed;
    Relation shown;           // the table it is streamed as
    TupleDesc descriptor;     // of it
    const Bitmapset* listed;  // the columns of it that are streamed; null: all
    const AttrMap* leaf;      // attribute numbers in the changed relation; null: the same
    bool has_bookkeeping;

    AttrNumber in_tuple(int i) const {
        return leaf == nullptr ? static_cast<AttrNumber>(i + 1) : leaf->attnums[i];
    }
    bool shows(int i) const {
        return pg::compat::is_stored(TupleDescAttr(descriptor, i)) &&
               (listed == nullptr || bms_is_member(i + 1, listed));
    }
};

void find_revision(RelationEntry& entry, const TableShape& shape) {
    for (int i = 0; i < shape.descriptor->natts; ++i) {
        Form_pg_attribute attribute = TupleDescAttr(shape.descriptor, i);
        if (attribute->attisdropped || attribute->atttypid != INT8OID ||
            std::strcmp(NameStr(attribute->attname), pg::kSyncRevisionColumn) != 0)
            continue;
        entry.revision = shape.in_tuple(i);
        if (shape.shows(i)) entry.shown_revision = entry.revision;
        return;
    }
}

std::string_view keep(MemoryContext context, std::string_view text) {
    char* kept = static_cast<char*>(MemoryContextAlloc(context, Max(text.size(), 1)));
    std::memcpy(kept, text.data(), text.size());
    return {kept, text.size()};
}

size_t append_label(core::ByteBuffer& labels, const char* name) {
    labels.append(',');
    core::append_json_string(labels, name);
    labels.append(':');
    return labels.size;
}

// The column with the status, whose values are names of states; 0: none. Only that of an attached table: a
// trigger with the name of ours, everyone who may create triggers on the table can make.
AttrNumber status_column(Relation shown) {
    return OidIsValid(pg::attached_root(RelationGetRelid(shown))) ? pg::state_column(shown)
                                                                  : InvalidAttrNumber;
}

// The columns of the key are those of the table that is shown.
bool is_in_key(const pg::RowKey& key, AttrNumber attnum) {
    for (int i = 0; i < key.natts; ++i)
        if (key.attnums[i] == attnum) return true;
    return false;
}

bool has_value_column(RedactionState& state, const TableShape& shape) {
    for (int i = 0; i < shape.descriptor->natts; ++i)
        if (shape.shows(i) && is_value_column(state, NameStr(TupleDescAttr(shape.descriptor, i)->attname)))
            return true;
    return false;
}

// The expression of a partition's column may differ from that of the table it is shown as; both count.
void build_redaction(RelationEntry& entry, RedactionState& state, const List* labelled,
                     const TableShape& shape, const pg::RowKey& key) {
    const AttrNumber status = status_column(shape.shown);
    const bool labels_matter = has_value_column(state, shape);
    int column = 0;
    for (int i = 0; i < shape.descriptor->natts; ++i) {
        Form_pg_attribute attribute = TupleDescAttr(shape.descriptor, i);
        if (!shape.shows(i)) continue;
        const char* name = NameStr(attribute->attname);
        const bool is_status = attribute->attnum == status;
        Column& it = entry.columns[column++];
        List* sources = append_sources(NIL, shape.changed, name);
        if (shape.shown != shape.changed) sources = append_sources(sources, shape.shown, name);
        const NamedColumn named{name,
                                RelationGetRelid(shape.changed),
                                it.attnum,
                                RelationGetRelid(shape.shown),
                                attribute->attnum,
                                labels_matter};
        it.redaction = column_redaction(state, labelled, named, sources, it.value,
                                        is_in_key(key, attribute->attnum), is_status, entry.context);
    }
}

int count_columns(const TableShape& shape) {
    int count = 0;
    for (int i = 0; i < shape.descriptor->natts; ++i) count += shape.shows(i);
    return count;
}

// The labels of all columns are one piece of memory.
void build_labels(RelationEntry& entry, const TableShape& shape) {
    core::ByteBuffer labels = pg::make_buffer(CurrentMemoryContext);
    auto* ends = allocate<size_t>(CurrentMemoryContext, entry.ncolumns);
    int column = 0;
    for (int i = 0; i < shape.descriptor->natts; ++i)
        if (shape.shows(i))
            ends[column++] = append_label(labels, NameStr(TupleDescAttr(shape.descriptor, i)->attname));
    const std::string_view kept = keep(entry.context, labels.view());
    for (size_t start = 0, i = 0; i < static_cast<size_t>(column); start = ends[i++])
        entry.columns[i].label = kept.substr(start, ends[i] - start);
}

// All but the label and the redaction.
void describe_column(RelationEntry& entry, Column& column, const TableShape& shape, int i) {
    Form_pg_attribute attribute = TupleDescAttr(shape.descriptor, i);
    column.attnum = shape.in_tuple(i);
    column.in_row = !(shape.has_bookkeeping && pg::is_sync_column(NameStr(attribute->attname)));
    column.type = attribute->atttypid;
    column.typmod = attribute->atttypmod;
    column.may_be_toasted = attribute->attlen == -1;
    pg::make_render_plan(&column.value, attribute->atttypid, entry.context);
    entry.settings_matter |= column.value.settings_matter;
}

void build_columns(RelationEntry& entry, const TableShape& shape) {
    entry.columns = allocate<Column>(entry.context, count_columns(shape));
    for (int i = 0; i < shape.descriptor->natts; ++i)
        if (shape.shows(i)) describe_column(entry, entry.columns[entry.ncolumns++], shape, i);
    build_labels(entry, shape);
}

// -1: the column is not streamed.
int column_index(const RelationEntry& entry, AttrNumber attnum) {
    for (int i = 0; i < entry.ncolumns; ++i)
        if (entry.columns[i].attnum == attnum) return i;
    return -1;
}

// Without one of its columns a key identifies no row: then the event has none.
void build_key(RelationEntry& entry, const TableShape& shape, const pg::RowKey& key) {
    entry.key = allocate<int>(entry.context, key.natts);
    for (int i = 0; i < key.natts; ++i) {
        entry.key[i] = column_index(entry, shape.in_tuple(key.attnums[i] - 1));
        if (entry.key[i] < 0) return;
    }
    entry.nkey = key.natts;
}

// The columns that the old tuple of an UPDATE or DELETE has.
void build_identity(RelationEntry& entry, Relation relation) {
    const char identity = relation->rd_rel->relreplident;
    if (identity == REPLICA_IDENTITY_FULL) {
        entry.identity = allocate<int>(entry.context, entry.ncolumns);
        for (int i = 0; i < entry.ncolumns; ++i) entry.identity[entry.nidentity++] = i;
    } else if (identity != REPLICA_IDENTITY_NOTHING) {
        const pg::RowKey key = pg::row_key(relation);
        entry.identity = allocate<int>(entry.context, key.natts);
        for (int i = 0; i < key.natts; ++i) {
            const int column = column_index(entry, key.attnums[i]);
            if (column >= 0) entry.identity[entry.nidentity++] = column;
        }
    }
}

void move_views(core::EventTemplate& text, const char* from, const char* to) {
    const auto move = [from, to](std::string_view& view) { view = {to + (view.data() - from), view.size()}; };
    for (std::string_view& head : text.head) move(head);
    move(text.partition_key);
    move(text.data);
}

void build_text(RelationEntry& entry, std::string_view source, const pg::ShownName& shown) {
    core::ByteBuffer storage = pg::make_buffer(CurrentMemoryContext);
    entry.schema_name = MemoryContextStrdup(entry.context, shown.schema);
    entry.table_name = MemoryContextStrdup(entry.context, shown.table);
    core::ByteBuffer subject = pg::make_buffer(CurrentMemoryContext, 256);
    core::append_event_subject(subject, pg::to_utf8(entry.schema_name), pg::to_utf8(entry.table_name));
    entry.text =
        core::make_event_template(storage, {source, entry.schema_name, entry.table_name, subject.view()});
    move_views(entry.text, storage.data, keep(entry.context, storage.view()).data());
}

// A column of the key that the event does not show.
Column* make_book_column(RelationEntry& entry, const TableShape& shape, int i) {
    auto* column = allocate<Column>(entry.context, 1);
    describe_column(entry, *column, shape, i);
    core::ByteBuffer label = pg::make_buffer(CurrentMemoryContext, 64);
    append_label(label, NameStr(TupleDescAttr(shape.descriptor, i)->attname));
    column->label = keep(entry.context, label.view());
    return column;
}

void build_book_key(RelationEntry& entry, const TableShape& shape, const pg::RowKey& key) {
    entry.nbook_key = key.natts;
    entry.book_key = static_cast<Column**>(
        MemoryContextAllocZero(entry.context, sizeof(void*) * static_cast<size_t>(key.natts)));
    for (int i = 0; i < key.natts; ++i) {
        const int in_shown = key.attnums[i] - 1;
        const int index = column_index(entry, shape.in_tuple(in_shown));
        entry.book_key[i] = index >= 0 ? &entry.columns[index] : make_book_column(entry, shape, in_shown);
    }
    entry.in_book_only = entry.nkey == 0 || entry.shown_revision == InvalidAttrNumber;
}

// Describes the changed relation and its key for book_lines.
void build_book(RelationEntry& entry, const TableShape& shape, const pg::RowKey& key) {
    if (entry.revision == InvalidAttrNumber || key.natts == 0) return;
    build_book_key(entry, shape, key);
    core::ByteBuffer book = pg::make_buffer(CurrentMemoryContext, 256);
    append_book_start(book, entry.relid);
    for (int i = 0; i < entry.nbook_key; ++i) {
        Column& column = *entry.book_key[i];
        append_book_column(book, i > 0 ? column.label : column.first_label(), column.attnum, column.type);
        column.text_output = text_output_of(column.type);
        if (!OidIsValid(column.text_output)) continue;
        entry.key_as_text = entry.settings_matter = true;
    }
    append_book_end(book);
    entry.book = keep(entry.context, book.view());
}

// Before the labels are read, so that an invalidation that comes in meanwhile is not lost.
void keep_labelled(RelationEntry& entry, RelationCache& cache, const List* labelled) {
    cache.any_shared = true;
    MemoryContext before = MemoryContextSwitchTo(entry.context);
    entry.labelled = list_copy(labelled);
    MemoryContextSwitchTo(before);
}

// Its chunks are as large as what is asked for, those of an AllocSet a power of two.
void make_context(RelationEntry& entry, const RelationCache& cache) {
    entry.context = GenerationContextCreate(cache.context, "gpsync relation", 0, kSmallBlock, kLargeBlock);
}

// A partition is streamed when one of its ancestors is published, for example by its new schema. The server
// invalidates the ancestor alone.
void keep_ancestors(RelationEntry& entry, RelationCache& cache, Relation relation) {
    if (!relation->rd_rel->relispartition) return;
    make_context(entry, cache);
    keep_labelled(entry, cache, labelled_relations(relation, relation));
}

// A publication that publishes TRUNCATE alone needs neither filter nor list.
void build_restrictions(RelationEntry& entry, TableShape& shape, const List* through) {
    const PublicationActions& actions = entry.published.actions;
    if (!actions.pubinsert && !actions.pubupdate && !actions.pubdelete) return;
    entry.filter = make_row_filter(through, shape.shown, shape.leaf, entry.context);
    // What passes must not depend on the reader's settings either.
    entry.settings_matter |= entry.filter != nullptr;
    shape.listed = listed_columns(through, shape.shown);
}

const AttrMap* map_to_changed(MemoryContext context, Relation changed, Relation shown) {
    if (shown == changed) return nullptr;
    MemoryContext before = MemoryContextSwitchTo(context);
    const AttrMap* map = pg::compat::map_attributes(RelationGetDescr(changed), RelationGetDescr(shown));
    MemoryContextSwitchTo(before);
    return map;
}

// shown is the relation that the changes are shown as: the changed one or a root of it. through: the
// publications that show it so.
void build_streamed(RelationEntry& entry, RelationCache& cache, Relation relation, Relation shown,
                    const List* through) {
    make_context(entry, cache);
    TableShape shape{relation, shown, RelationGetDescr(shown), nullptr, nullptr, false};
    shape.leaf = map_to_changed(entry.context, relation, shown);
    build_restrictions(entry, shape, through);
    find_revision(entry, shape);
    shape.has_bookkeeping = entry.revision != InvalidAttrNumber;
    build_columns(entry, shape);
    const pg::RowKey key = pg::row_key(shown);
    build_key(entry, shape, key);
    build_identity(entry, relation);
    const pg::ShownName name = pg::shown_name(shown);
    pg::refuse_misnamed(name);
    entry.is_shard = name.shard != 0;
    List* labelled = labelled_relations(relation, shown);
    // What is redacted of the distributed table is redacted of its shards, and it may be renamed.
    if (OidIsValid(name.distributed)) labelled = list_append_unique_oid(labelled, name.distributed);
    List* watched = list_copy(labelled);
    for (int i = 0; i < shape.descriptor->natts; ++i)
        if (shape.shows(i)) watched = append_row_types(watched, TupleDescAttr(shape.descriptor, i)->atttypid);
    if (list_length(watched) > 1) keep_labelled(entry, cache, watched);
    build_redaction(entry, *cache.redaction, labelled, shape, key);
    build_text(entry, cache.source, name);
    if (cache.book_lines) build_book(entry, shape, key);
}

Published published_as_itself(Oid relid) {
    Published published{true, relid, {}};
    PublicationActions& actions = published.actions;
    actions.pubinsert = actions.pubupdate = actions.pubdelete = actions.pubtruncate = true;
    return published;
}

void narrow(Published& published, const wal2json::Selection& selection) {
    const pg::ShownName shown = pg::shown_name(published.as);
    published.any = wal2json::selects(selection, shown.schema, shown.table);
    published.actions.pubinsert &= selection.inserts;
    published.actions.pubupdate &= selection.updates;
    published.actions.pubdelete &= selection.deletes;
    published.actions.pubtruncate &= selection.truncates;
}

void build(RelationCache& cache, const PublicationSet& publications, Relation relation,
           RelationEntry& entry) {
    if (pg::is_own_schema(RelationGetNamespace(relation))) {
        entry.is_stream_table = std::strcmp(RelationGetRelationName(relation), "stream") == 0;
        return;
    }
    List* through = NIL;
    entry.published = cache.all_tables ? published_as_itself(entry.relid)
                                       : find_published(publications, relation, &through);
    if (cache.selection != nullptr && entry.published.any) narrow(entry.published, *cache.selection);
    if (!entry.published.any) return keep_ancestors(entry, cache, relation);
    if (entry.published.as == entry.relid) return build_streamed(entry, cache, relation, relation, through);

    cache.any_shared = true;
    Relation root = RelationIdGetRelation(entry.published.as);
    if (!RelationIsValid(root)) elog(ERROR, "could not open relation with OID %u", entry.published.as);
    if (pg::is_own_schema(RelationGetNamespace(root)))
        entry.published.any = false;
    else
        build_streamed(entry, cache, relation, root, through);
    RelationClose(root);
}

// What a format adds on first use counts from when another relation is looked up.
void note_size(RelationCache& cache, RelationEntry& entry) {
    cache.bytes -= entry.bytes;
    entry.bytes = sizeof entry;
    if (entry.context != nullptr) entry.bytes += MemoryContextMemAllocated(entry.context, true);
    cache.bytes += entry.bytes;
}

// Leaves the entry in the table and in the list, with nothing in it.
void clear(RelationCache& cache, RelationEntry& entry) {
    if (entry.context != nullptr) MemoryContextDelete(entry.context);
    if (!entry.valid) --cache.invalid;
    cache.bytes -= entry.bytes;
    const Oid relid = entry.relid;
    const dlist_node recent = entry.recent;
    std::memset(static_cast<void*>(&entry), 0, sizeof entry);
    entry.relid = relid;
    entry.recent = recent;
}

void remove(RelationCache& cache, RelationEntry& entry) {
    clear(cache, entry);
    dlist_delete(&entry.recent);
    hash_search(cache.entries, &entry.relid, HASH_REMOVE, nullptr);
}

void remove_least_recent(RelationCache& cache, const RelationEntry* except) {
    while (cache.bytes >= kMostBytes) {
        char* node = reinterpret_cast<char*>(dlist_tail_node(&cache.recent));
        auto* entry = reinterpret_cast<RelationEntry*>(node - offsetof(RelationEntry, recent));
        if (entry == except) return;
        remove(cache, *entry);
    }
}

// An empty entry at the head of the list. REQUIRES: no entry is in use.
RelationEntry& make_entry(RelationCache& cache, Oid relid, RelationEntry* invalid) {
    if (invalid != nullptr) {
        clear(cache, *invalid);
        remove_least_recent(cache, invalid);
        return *invalid;
    }
    remove_least_recent(cache, nullptr);
    auto* entry = static_cast<RelationEntry*>(hash_search(cache.entries, &relid, HASH_ENTER, nullptr));
    std::memset(static_cast<void*>(entry), 0, sizeof *entry);
    entry->relid = relid;
    dlist_push_head(&cache.recent, &entry->recent);
    return *entry;
}

void lend_space(RelationCache& cache, RelationEntry& entry, int natts) {
    if (natts > cache.natts) {
        for (void* old : {static_cast<void*>(cache.values), static_cast<void*>(cache.nulls),
                          static_cast<void*>(cache.old_values), static_cast<void*>(cache.old_nulls)})
            if (old != nullptr) pfree(old);
        cache.values = allocate<Datum>(cache.context, natts);
        cache.nulls = allocate<bool>(cache.context, natts);
        cache.old_values = allocate<Datum>(cache.context, natts);
        cache.old_nulls = allocate<bool>(cache.context, natts);
        cache.natts = natts;
    }
    entry.values = cache.values;
    entry.nulls = cache.nulls;
    entry.old_values = cache.old_values;
    entry.old_nulls = cache.old_nulls;
}

}  // namespace

RelationCache make_relation_cache(MemoryContext parent, std::string_view source, RedactionState* redaction,
                                  bool book_lines) {
    RelationCache cache{};
    cache.context = AllocSetContextCreate(parent, "gpsync relations", ALLOCSET_DEFAULT_SIZES);
    cache.source = source;
    cache.redaction = redaction;
    cache.book_lines = book_lines;
    HASHCTL control{};
    control.keysize = sizeof(Oid);
    control.entrysize = sizeof(RelationEntry);
    control.hcxt = cache.context;
    cache.entries = hash_create("gpsync relations", 128, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
    return cache;
}

RelationEntry* look_up(RelationCache& cache, const PublicationSet& publications, Relation relation) {
    const Oid relid = RelationGetRelid(relation);
    RelationEntry* last = cache.last;
    if (last != nullptr && last->relid == relid && last->valid) return last;
    if (last != nullptr) note_size(cache, *last);
    cache.last = nullptr;

    auto* entry = static_cast<RelationEntry*>(hash_search(cache.entries, &relid, HASH_FIND, nullptr));
    if (entry != nullptr) dlist_move_head(&cache.recent, &entry->recent);
    if (entry == nullptr || !entry->valid) {
        entry = &make_entry(cache, relid, entry);
        entry->valid = true;  // first, so that an invalidation that comes in meanwhile is not lost
        build(cache, publications, relation, *entry);
        note_size(cache, *entry);
    }
    lend_space(cache, *entry, RelationGetNumberOfAttributes(relation));
    cache.last = entry;
    return entry;
}

void RelationCache::invalidate(Oid relid) {
    HASH_SEQ_STATUS scan;
    if (relid != InvalidOid && !any_shared) {
        auto* entry = static_cast<RelationEntry*>(hash_search(entries, &relid, HASH_FIND, nullptr));
        if (entry == nullptr || !entry->valid) return;
        entry->valid = false;
        ++invalid;
        return;
    }
    hash_seq_init(&scan, entries);
    while (auto* entry = static_cast<RelationEntry*>(hash_seq_search(&scan))) {
        if (!entry->valid) continue;
        const bool concerned = relid == InvalidOid || entry->relid == relid || entry->published.as == relid ||
                               list_member_oid(entry->labelled, relid);
        if (!concerned) continue;
        entry->valid = false;
        ++invalid;
    }
}

void sweep(RelationCache& cache) {
    if (cache.invalid < kInvalidBeforeSweep) return;
    cache.last = nullptr;
    HASH_SEQ_STATUS scan;
    hash_seq_init(&scan, cache.entries);
    while (auto* entry = static_cast<RelationEntry*>(hash_seq_search(&scan))) {
        if (!entry->valid) remove(cache, *entry);
    }
}

}  // namespace gpsync::decoder
