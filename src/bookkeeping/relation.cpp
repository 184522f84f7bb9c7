// Which table a mark belongs to, and what becomes of a table's errors.
#include "bookkeeping/bookkeeping.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "bookkeeping/owner_triggers.h"
#include "pg/attachment.h"
#include "pg/compat/names.h"
#include "pg/subtransaction.h"
#include "pg/sync_columns.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/relation.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "storage/lmgr.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::bookkeeping {

namespace {

// How many times the marks of a table may fail in one call before what is left is put off as a whole. Halving
// finds one bad row among 1,000 in about ten failures.
constexpr int kFailuresPerTable = 64;
// A table where that happens is left alone for a while: every attempt writes rows and takes them back.
constexpr int kSuspendedMs = 5'000;

bool has_booked_columns(Oid relid) {
    const AttrNumber revision = get_attnum(relid, pg::kSyncRevisionColumn);
    return revision != InvalidAttrNumber && get_atttype(relid, revision) == INT8OID &&
           get_attnum(relid, pg::kSyncStatusColumn) != InvalidAttrNumber &&
           get_attnum(relid, pg::kSyncTimeColumn) != InvalidAttrNumber;
}

// What bookkeeping does not touch; null: it may. A table that is known by its OID was under control when it
// was changed, and what was delivered of it is marked also where it is a partition no more, or detached.
const char* why_not_booked(Relation relation, bool by_oid) {
    if (relation->rd_rel->relkind != RELKIND_RELATION &&
        relation->rd_rel->relkind != RELKIND_PARTITIONED_TABLE)
        return "is not a table";
    if (relation->rd_rel->relpersistence == RELPERSISTENCE_TEMP) return "is a temporary table";
    if (OidIsValid(pg::attached_root(RelationGetRelid(relation)))) return nullptr;
    if (!by_oid) return "is not attached any more";
    return has_booked_columns(RelationGetRelid(relation)) ? nullptr
                                                          : "has no columns for bookkeeping any more";
}

struct Suspension {
    TimestampTz until;
    std::string error;
};

std::map<Oid, Suspension>& suspensions() {
    static std::map<Oid, Suspension> by_table;
    return by_table;
}

void suspend(Oid relid, const char* error) {
    suspensions()[relid] = {TimestampTzPlusMilliseconds(GetCurrentTimestamp(), kSuspendedMs), error};
}

// When an error of a table was logged, and how long it is not logged again: a minute, doubling to a day.
class FailureLog {
  public:
    bool is_due(Oid relid, int sqlstate, TimestampTz now) {
        if (entries_.size() >= kMostEntries) entries_.clear();
        auto [found, is_new] = entries_.try_emplace({relid, sqlstate}, Entry{now, kFirstPauseMs});
        if (is_new) return true;
        Entry& entry = found->second;
        if (!TimestampDifferenceExceeds(entry.logged, now, entry.pause_ms)) return false;
        entry = {now, std::min(entry.pause_ms * 2, kLongestPauseMs)};
        return true;
    }

  private:
    static constexpr int kFirstPauseMs = 60'000, kLongestPauseMs = 86'400'000;
    static constexpr size_t kMostEntries = 1000;
    struct Entry {
        TimestampTz logged;
        int pause_ms;
    };
    std::map<std::pair<Oid, int>, Entry> entries_;
};

FailureLog& failure_log() {
    static FailureLog log;
    return log;
}

// The error a table is left alone for; null: it is not.
const char* suspended_for(Oid relid) {
    const auto found = suspensions().find(relid);
    if (found == suspensions().end()) return nullptr;
    if (found->second.until > GetCurrentTimestamp()) return found->second.error.c_str();
    suspensions().erase(found);
    return nullptr;
}

// Trying rows one by one would wait for each.
bool is_about_waiting(const ErrorData* error) {
    return error->sqlerrcode == ERRCODE_QUERY_CANCELED || error->sqlerrcode == ERRCODE_LOCK_NOT_AVAILABLE ||
           error->sqlerrcode == ERRCODE_T_R_DEADLOCK_DETECTED;
}

char* error_text(const ErrorData* error) {
    if (error->sqlerrcode == ERRCODE_QUERY_CANCELED && owner_code_took_too_long())
        return pstrdup("57014: code of the table's owner (triggers, constraints, types) took too long");
    return psprintf("%s: %s", unpack_sql_state(error->sqlerrcode), error->message);
}

// An error of marks in the server log: its SQLSTATE and the names it comes with. Its message and DETAIL may
// show the row (a CHECK constraint's DETAIL is all of it), so these stay out. The message is in
// gpsync.deferred_mark. An error that stays is logged less and less often.
void report_failure(Oid relid, const ErrorData* error) {
    if (!failure_log().is_due(relid, error->sqlerrcode, GetCurrentTimestamp())) return;
    const char* name = get_rel_name(relid);
    ereport(LOG, (errcode(error->sqlerrcode),
                  errmsg("could not mark rows of table \"%s\": SQLSTATE %s%s%s", name != nullptr ? name : "?",
                         unpack_sql_state(error->sqlerrcode),
                         error->constraint_name != nullptr ? ", constraint " : "",
                         error->constraint_name != nullptr ? error->constraint_name : ""),
                  errhint("The marks are kept in gpsync.deferred_mark, with the message, and tried again.")));
}

// Marks rows of one table; when that fails, halves, until the failing rows stand alone.
void mark_or_defer(Relation relation, Marks marks, int* failures_left) {
    const ErrorData* error = pg::try_in_subtransaction([&] { mark_rows(relation, marks); });
    if (error == nullptr) return;
    report_failure(RelationGetRelid(relation), error);
    *failures_left = is_about_waiting(error) ? 0 : *failures_left - 1;
    // Also before halving: a half that cannot be tried now has this error as its reason.
    const char* text = error_text(error);
    set_outcome(marks, Outcome::kDeferred, text);
    if (marks.size() == 1 || *failures_left <= 0) {
        if (*failures_left <= 0) suspend(RelationGetRelid(relation), text);
        return;
    }
    const size_t half = marks.size() / 2;
    mark_or_defer(relation, marks.first(half), failures_left);
    if (*failures_left <= 0)
        set_outcome(marks.subspan(half), Outcome::kDeferred, marks.front()->error);
    else
        mark_or_defer(relation, marks.subspan(half), failures_left);
}

// If the table is there and not locked, body runs with it open, and the lock stays until the end of the
// transaction, as an UPDATE's. False: it is gone. That can be trusted, since what created a table holds its
// lock until others see it.
template <class Body>
bool with_relation(Oid relid, Marks marks, Body&& body) {
    if (!ConditionalLockRelationOid(relid, RowExclusiveLock)) {
        set_outcome(marks, Outcome::kDeferred);
        return true;
    }
    Relation relation = try_relation_open(relid, NoLock);
    if (relation == nullptr) return false;
    if (const char* reason = why_not_booked(relation, is_by_oid(*marks.front()))) {
        warn_once(RelationGetRelationName(relation), reason);
        set_outcome(marks, Outcome::kSuperseded);
    } else {
        body(relation);
    }
    relation_close(relation, NoLock);
    return true;
}

// False: the table is gone.
bool book_table(Oid relid, Marks marks) {
    if (const char* error = suspended_for(relid)) {
        set_outcome(marks, Outcome::kDeferred, pstrdup(error));
        return true;
    }
    return with_relation(relid, marks, [&](Relation relation) {
        int failures_left = kFailuresPerTable;
        mark_or_defer(relation, marks, &failures_left);
    });
}

// Calls body for each run of equal elements. The order within a run is kept.
template <class Value, class Body>
void for_each_group(Marks marks, Value Mark::*member, Body&& body) {
    const auto less = [member](const Mark* a, const Mark* b) {
        return std::less<Value>{}(a->*member, b->*member);
    };
    if (!std::is_sorted(marks.begin(), marks.end(), less)) std::stable_sort(marks.begin(), marks.end(), less);
    while (!marks.empty()) {
        const Value value = marks.front()->*member;
        size_t count = 0;
        while (count < marks.size() && marks[count]->*member == value) ++count;
        body(value, marks.first(count));
        marks = marks.subspan(count);
    }
}

void book_partitions(Relation root, Marks marks) {
    bool routed = false;
    const ErrorData* error = pg::try_in_subtransaction([&] { routed = route_marks(root, marks); });
    if (error != nullptr) report_failure(RelationGetRelid(root), error);
    if (!routed) {
        set_outcome(marks, Outcome::kDeferred, error != nullptr ? error_text(error) : nullptr);
        return;
    }
    for_each_group(marks, &Mark::target, [](Oid leaf, Marks group) {
        if (!OidIsValid(leaf) || !book_table(leaf, group)) set_outcome(group, Outcome::kSuperseded);
    });
}

// By the name in the event: the table it means now, or the partition of it that has the row.
void book_named(Oid relid, Marks marks) {
    const bool found = get_rel_relkind(relid) == RELKIND_PARTITIONED_TABLE
                           ? with_relation(relid, marks, [&](Relation root) { book_partitions(root, marks); })
                           : book_table(relid, marks);
    if (!found) set_outcome(marks, Outcome::kSuperseded);
}

// The table that was changed is gone: its rows may be in what has the event's name now (another partition, a
// copy that took its place). The numbers of its columns mean nothing there.
void book_successor(Marks marks) {
    const char* last = nullptr;
    Oid relid = InvalidOid;
    for (Mark* mark : marks) {
        if (mark->table != nullptr && (last == nullptr || std::strcmp(last, mark->table) != 0))
            relid = resolve_table(last = mark->table);
        mark->by_name = true;
        mark->target = mark->table != nullptr ? relid : InvalidOid;
    }
    for_each_group(marks, &Mark::target, [](Oid named, Marks group) {
        if (OidIsValid(named))
            book_named(named, group);
        else
            set_outcome(group, Outcome::kSuperseded);
    });
}

void book_relation(Oid relid, Marks marks) {
    for_each_group(marks, &Mark::key_columns, [relid](const Jsonb* key_columns, Marks group) {
        if (key_columns == nullptr)
            book_named(relid, group);
        else if (!book_table(relid, group))
            book_successor(group);
    });
}

}  // namespace

void book_marks(std::span<Mark> marks) {
    if (marks.empty()) return;
    auto pointers = static_cast<Mark**>(palloc(sizeof(void*) * marks.size()));
    for (size_t i = 0; i < marks.size(); ++i) pointers[i] = &marks[i];
    for_each_group(Marks(pointers, marks.size()), &Mark::relation, [](Oid relid, Marks group) {
        if (OidIsValid(relid))
            book_relation(relid, group);
        else
            set_outcome(group, Outcome::kSuperseded);
    });
}

Oid resolve_table(const char* quoted_name) {
    List* names = pg::compat::qualified_name_list(quoted_name);
    const Oid relid =
        RangeVarGetRelidExtended(makeRangeVarFromNameList(names), NoLock, RVR_MISSING_OK, nullptr, nullptr);
    if (!OidIsValid(relid)) warn_once(quoted_name, "does not exist any more");
    return relid;
}

void warn_once(const char* subject, const char* reason) {
    static std::set<std::string> warned;
    bool first = false;
    {
        const std::string text = std::string(subject) + " " + reason;
        first = warned.size() < 10000 && warned.insert(text).second;
    }
    if (first)
        ereport(WARNING, (errmsg("rows of table \"%s\" are not marked: it %s", subject, reason),
                          errdetail("Their events were delivered; what is pending there stays so.")));
}

}  // namespace gpsync::bookkeeping
