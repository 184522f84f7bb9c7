// Rows whose key no unique index covers any more: the primary key or the replica identity was changed, a
// column of it dropped or given another type, while events were on their way. The table is read once for all
// marks, by their revisions.
//
// Revisions are not unique: two sessions can stamp rows at one position of the WAL. So what is left of the
// key is compared too, and where that does not single out a row, the mark is deferred with a reason, for
// somebody to decide.
#include <algorithm>
#include <map>

#include "bookkeeping/bookkeeping.h"
#include "bookkeeping/columns.h"
#include "bookkeeping/key.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/tableam.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::bookkeeping {

namespace {

// A table is left alone for twice as long as it took to read it, and a second at least.
constexpr int64 kPausePerRun = 2, kShortestPauseUs = 1'000'000;

std::map<Oid, TimestampTz>& next_runs() {
    static std::map<Oid, TimestampTz> by_table;
    return by_table;
}

bool is_due(Oid relid) {
    auto& runs = next_runs();
    const TimestampTz now = GetCurrentTimestamp();
    std::erase_if(runs, [now](const auto& entry) { return entry.second <= now; });
    return !runs.contains(relid);
}

void note_run(Oid relid, TimestampTz began) {
    const TimestampTz ended = GetCurrentTimestamp();
    next_runs()[relid] = ended + std::max((ended - began) * kPausePerRun, kShortestPauseUs);
}

enum class Match : uint8 { kNone, kPossible, kSure };

struct ScannedColumn {
    bool is_there;       // not dropped
    bool is_comparable;  // its values are those of the events
    KeyColumn column;
    FmgrInfo equals, output;
    Oid collation;
};

// What the key of one mark has for the columns.
struct Wanted {
    Mark* mark;
    Datum* values;       // of comparable columns
    const char** texts;  // of the others; null: not known
    bool is_complete;    // false: a value is null or missing
    bool busy;
    int possible;  // rows that only may be the mark's
};

struct Scan {
    Relation relation;
    const BookedColumns* columns;
    int natts;
    ScannedColumn* key;
    Wanted* wanted;  // by revision
    size_t count;
    TupleTableSlot* slot;
    SnapshotData dirty;
};

void describe_columns(Scan* scan, const EventKey& event_key) {
    TupleDesc desc = RelationGetDescr(scan->relation);
    scan->natts = event_key.natts;
    scan->key = static_cast<ScannedColumn*>(palloc0(sizeof(ScannedColumn) * event_key.natts));
    for (int i = 0; i < event_key.natts; ++i) {
        ScannedColumn& column = scan->key[i];
        const EventColumn& event_column = event_key.columns[i];
        column.is_there =
            event_column.attnum <= desc->natts && !TupleDescAttr(desc, event_column.attnum - 1)->attisdropped;
        if (!column.is_there) continue;
        init_event_column(&column.column, scan->relation, event_column);
        column.collation = TupleDescAttr(desc, event_column.attnum - 1)->attcollation;
        TypeCacheEntry* type = lookup_type_cache(column.column.type, TYPECACHE_EQ_OPR_FINFO);
        column.is_comparable =
            is_comparable(event_column, scan->relation) && OidIsValid(type->eq_opr_finfo.fn_oid);
        column.equals = type->eq_opr_finfo;
        Oid output = InvalidOid;
        bool is_varlena = false;
        getTypeOutputInfo(column.column.type, &output, &is_varlena);
        fmgr_info(output, &column.output);
    }
}

const char* text_in(Jsonb* key, const KeyColumn& column) {
    JsonbValue found;
    if (getKeyJsonValueFromContainer(&key->root, column.name, column.name_length, &found) == nullptr ||
        (found.type != jbvString && found.type != jbvNumeric && found.type != jbvBool))
        return nullptr;
    return scalar_text(found);
}

void read_wanted(Scan* scan, Wanted* wanted, Mark* mark) {
    *wanted = {mark,
               static_cast<Datum*>(palloc0(sizeof(Datum) * scan->natts)),
               static_cast<const char**>(palloc0(sizeof(char*) * scan->natts)),
               true,
               false,
               0};
    for (int i = 0; i < scan->natts; ++i) {
        ScannedColumn& column = scan->key[i];
        if (column.is_comparable)
            wanted->is_complete &= read_key_column(&column.column, mark->key, &wanted->values[i]);
        else if (column.is_there)
            wanted->texts[i] = text_in(mark->key, column.column);
    }
}

// How well the row in the slot fits.
Match compare(Scan* scan, const Wanted& wanted) {
    Match match = Match::kSure;
    for (int i = 0; i < scan->natts; ++i) {
        ScannedColumn& column = scan->key[i];
        bool is_null = true;
        const Datum value =
            column.is_there ? slot_getattr(scan->slot, column.column.attnum, &is_null) : Datum{0};
        if (column.is_comparable) {
            if (is_null ||
                !DatumGetBool(FunctionCall2Coll(&column.equals, column.collation, value, wanted.values[i])))
                return Match::kNone;
        } else if (is_null || wanted.texts[i] == nullptr ||
                   std::strcmp(OutputFunctionCall(&column.output, value), wanted.texts[i]) != 0) {
            match = Match::kPossible;
        }
    }
    return match;
}

void take_row(Scan* scan, Wanted* wanted) {
    Mark* mark = wanted->mark;
    if (!wanted->is_complete || mark->outcome == Outcome::kMarked) return;
    const bool inserting = TransactionIdIsValid(scan->dirty.xmin);
    if (!inserting && !is_pending(*scan->columns, scan->slot)) return;
    const Match match = compare(scan, *wanted);
    if (match == Match::kNone) return;
    if (inserting || TransactionIdIsValid(scan->dirty.xmax)) {
        wanted->busy = true;
        return;
    }
    mark->place = scan->slot->tts_tid;
    if (match == Match::kSure)
        mark->outcome = Outcome::kMarked;
    else
        ++wanted->possible;
}

// The marks with the revision of the row in the slot.
void visit_row(Scan* scan) {
    bool is_null = false;
    const Datum value = slot_getattr(scan->slot, scan->columns->revision, &is_null);
    if (is_null) return;
    const int64 revision = DatumGetInt64(value);
    Wanted* const end = scan->wanted + scan->count;
    Wanted* wanted = std::lower_bound(scan->wanted, end, revision,
                                      [](const Wanted& w, int64 r) { return w.mark->revision < r; });
    for (; wanted != end && wanted->mark->revision == revision; ++wanted) take_row(scan, wanted);
}

void read_table(Scan* scan) {
    MemoryContext row = AllocSetContextCreate(CurrentMemoryContext, "gpsync scan", ALLOCSET_DEFAULT_SIZES);
    InitDirtySnapshot(scan->dirty);
    scan->slot = table_slot_create(scan->relation, nullptr);
    TableScanDesc rows = table_beginscan(scan->relation, &scan->dirty, 0, nullptr);
    while (table_scan_getnextslot(rows, ForwardScanDirection, scan->slot)) {
        CHECK_FOR_INTERRUPTS();
        MemoryContext before = MemoryContextSwitchTo(row);
        visit_row(scan);
        MemoryContextSwitchTo(before);
        MemoryContextReset(row);
    }
    table_endscan(rows);
    ExecDropSingleTupleTableSlot(scan->slot);
    MemoryContextDelete(row);
}

void decide(const Wanted& wanted) {
    Mark* mark = wanted.mark;
    if (mark->outcome == Outcome::kMarked) return;
    if (wanted.busy) {
        mark->outcome = Outcome::kDeferred;
    } else if (wanted.possible == 1) {
        mark->outcome = Outcome::kMarked;
    } else if (wanted.possible > 1) {
        mark->outcome = Outcome::kDeferred;
        mark->error =
            "21000: the key of the table was changed, and several rows may be the one that was delivered";
    }
}

// The reason that is known from the last time stays.
void put_off(Marks marks) {
    for (Mark* mark : marks) {
        mark->outcome = Outcome::kDeferred;
        if (mark->error == nullptr)
            mark->error = "55006: the key of the table was changed, and the table is read for its rows soon";
    }
}

}  // namespace

void locate_rows(Relation relation, const BookedColumns& columns, Marks marks) {
    const Oid relid = RelationGetRelid(relation);
    if (!is_due(relid)) return put_off(marks);
    const TimestampTz began = GetCurrentTimestamp();
    auto event_key = static_cast<EventKey*>(palloc(sizeof(EventKey)));
    read_event_key(event_key, marks.front()->key_columns);
    set_outcome(marks, Outcome::kSuperseded);  // and no error any more

    auto scan = static_cast<Scan*>(palloc0(sizeof(Scan)));
    scan->relation = relation;
    scan->columns = &columns;
    scan->count = marks.size();
    describe_columns(scan, *event_key);
    scan->wanted = static_cast<Wanted*>(palloc0(sizeof(Wanted) * marks.size()));
    for (size_t i = 0; i < marks.size(); ++i) read_wanted(scan, &scan->wanted[i], marks[i]);
    std::sort(scan->wanted, scan->wanted + scan->count,
              [](const Wanted& a, const Wanted& b) { return a.mark->revision < b.mark->revision; });
    read_table(scan);
    for (size_t i = 0; i < scan->count; ++i) decide(scan->wanted[i]);
    note_run(relid, began);
}

}  // namespace gpsync::bookkeeping
