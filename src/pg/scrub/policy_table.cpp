#include "pg/scrub/policy_table.h"

#include <algorithm>

#include "pg/json/render.h"
#include "pg/own_table.h"
#include "pg/pg_buffer.h"
#include "pg/text.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/jsonb.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg {

using core::pii::Policy;

namespace {

const char* rules_text(Datum rules) {
    core::ByteBuffer text = make_buffer(CurrentMemoryContext);
    append_jsonb(text, DatumGetJsonbP(rules));
    text.append('\0');
    return text.data;
}

// Visits the name and the rules of every policy.
template <class Visit>
void scan_policies(Visit&& visit) {
    (void)scan_own_table(kPolicyTable, {},
                         [&](const Datum* column) { visit(text_view(column[0]), column[1]); });
}

}  // namespace

Oid policy_table_oid() {
    return find_own_table(kPolicyTable);
}

const char* read_policy_rules(std::string_view policy) {
    const char* rules = nullptr;
    scan_policies([&](std::string_view name, Datum value) {
        if (name != policy) return;
        rules = rules_text(value);
    });
    return rules;
}

List* read_policies() {
    List* rows = NIL;
    scan_policies([&](std::string_view name, Datum value) {
        auto* row = static_cast<PolicyRow*>(palloc(sizeof(PolicyRow)));
        *row = {pnstrdup(name.data(), name.size()), rules_text(value)};
        rows = lappend(rows, row);
    });
    return rows;
}

std::optional<std::string> TableRules::rules_of(std::string_view name) {
    const char* rules = nullptr;
    server_call([&] { rules = read_policy_rules(name); });
    return rules == nullptr ? std::nullopt : std::optional<std::string>(rules);
}

// Policies may be named after projects and partners. A hint shows them to roles that may read the table:
// anybody can come here by not_scrubbed().
std::vector<std::string> TableRules::names() {
    const List* rows = NIL;
    bool may_read = false;
    server_call([&] {
        const Oid table = policy_table_oid();
        may_read = OidIsValid(table) && pg_class_aclcheck(table, GetUserId(), ACL_SELECT) == ACLCHECK_OK;
        if (may_read) rows = read_policies();
    });
    if (!may_read) return {};
    std::vector<std::string> names = {Policy::payments().name()};
    ListCell* cell;
    foreach (cell, rows) names.emplace_back(static_cast<PolicyRow*>(lfirst(cell))->name);
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace gpsync::pg
