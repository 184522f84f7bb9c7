// Replication slots that follow the transaction: one that create_stream() makes is there only after COMMIT,
// one that drop_stream() drops is gone only after COMMIT.
#pragma once

namespace gpsync {

void register_slot_callbacks();

// True when this transaction has dropped the stream of that slot.
bool slot_goes_on_commit(const char* slot_name);

}  // namespace gpsync
