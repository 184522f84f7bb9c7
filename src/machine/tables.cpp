#include "machine/tables.h"

#include <algorithm>

#include "pg/own_table.h"
#include "pg/text.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/stratnum.h"
#include "utils/fmgroids.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

namespace {

// Visits the rows of a machine table: those of one machine, or all when machine has no data. Column 1 of each
// is the machine's name.
template <class Visit>
void scan_rows(const pg::OwnTable& table, std::string_view machine, Visit&& visit) {
    ScanKeyData key;
    size_t keys = 0;
    if (machine.data() != nullptr) {
        Datum name =
            PointerGetDatum(cstring_to_text_with_len(machine.data(), static_cast<int>(machine.size())));
        ScanKeyInit(&key, 1, BTEqualStrategyNumber, F_TEXTEQ, name);
        keys = 1;
    }
    if (!pg::scan_own_table(table, {&key, keys}, visit)) (void)pg::require_own_table(table);
}

// A row's text outlives its page.
std::string_view copied(Datum datum) {
    std::string_view value = pg::text_view(datum);
    return {pnstrdup(value.data(), value.size()), value.size()};
}

// A palloc'd array that grows: std::vector would leak when a read raises.
template <class Row>
class Rows {
  public:
    Rows() : rows_(static_cast<Row*>(palloc(sizeof(Row) * capacity_))) {}
    void add(Row row) {
        if (size_ == capacity_) rows_ = static_cast<Row*>(repalloc(rows_, sizeof(Row) * (capacity_ *= 2)));
        rows_[size_++] = row;
    }
    std::span<Row> all() const { return {rows_, size_}; }

  private:
    size_t size_ = 0, capacity_ = 16;
    Row* rows_;
};

bool by_ordinal(const auto& a, const auto& b) {
    return a.ordinal < b.ordinal;
}

}  // namespace

Oid machine_table_oid() {
    return pg::require_own_table(pg::kMachineTable);
}

MachineRows read_machine(std::string_view machine) {
    MachineRows result;
    scan_rows(pg::kMachineTable, machine, [&](const Datum*) { result.exists = true; });
    if (!result.exists) return result;

    Rows<MachineStateRow> states;
    scan_rows(pg::kMachineStateTable, machine, [&](const Datum* column) {
        states.add({copied(column[1]), DatumGetInt32(column[2]), DatumGetBool(column[3])});
    });
    Rows<MachineTransitionRow> transitions;
    scan_rows(pg::kMachineTransitionTable, machine, [&](const Datum* column) {
        transitions.add({copied(column[1]), copied(column[2]), DatumGetInt32(column[3])});
    });
    result.states = states.all();
    result.transitions = transitions.all();
    std::sort(result.states.begin(), result.states.end(), by_ordinal<MachineStateRow, MachineStateRow>);
    std::sort(result.transitions.begin(), result.transitions.end(),
              by_ordinal<MachineTransitionRow, MachineTransitionRow>);
    return result;
}

std::span<const std::string_view> read_machine_names() {
    Rows<std::string_view> names;
    scan_rows(pg::kMachineTable, {}, [&](const Datum* column) { names.add(copied(column[0])); });
    std::sort(names.all().begin(), names.all().end());
    return names.all();
}

}  // namespace gpsync
