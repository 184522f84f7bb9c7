// Between the parts of plan_stamp.h: what the planner hook passes to the executor hook.
#pragma once

#include "trigger/in_plan/plan_stamp.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "nodes/plannodes.h"
#include "utils/reltrigger.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

enum class PlanMark { kNone, kStamps, kChecks };  // kChecks: stamps and checks

// The mark is kept where a plan has private data of a foreign table; no SQL can put one there.
void set_plan_mark(PlannedStmt* statement, PlanMark mark);
PlanMark plan_mark(const PlannedStmt* statement);

void install_planner_hook();
void install_executor_hook();
bool plan_stamp_enabled();

}  // namespace gpsync
