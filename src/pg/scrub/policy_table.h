// gpsync.policy: the rules of redaction policies, which never change once they are defined.
#pragma once

#include "pg/guard.h"
#include "pg/scrub/policy_store.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "nodes/pg_list.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg {

// Raises server errors; InvalidOid when this database has no extension.
Oid policy_table_oid();

// The rules of a policy as JSON text in palloc'd memory, or nullptr. Read straight from the table: without
// the caller's rights, and with the latest snapshot (in parallel mode, the active one). Raises server errors.
const char* read_policy_rules(std::string_view policy);

struct PolicyRow {
    const char* name;
    const char* rules;  // JSON text
};

// All policies of the table as a list of PolicyRow * in the current memory context; NIL where there is no
// extension. Raises server errors.
List* read_policies();

// The rules as the table has them now.
class TableRules : public PolicyRules {
  public:
    std::optional<std::string> rules_of(std::string_view name) override;
    std::vector<std::string> names() override;
};

}  // namespace gpsync::pg
