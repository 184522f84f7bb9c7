// A stream that is one of several of the same tables, each of which delivers the rows of some keys: option
// partition 'i/n'. A row's partition is MurmurHash3_x86_32 (seed 0) of the text of its key in an event's
// subject, behind the '/', modulo n, plus 1. So a receiver can tell. Rows whose key is not known are in
// the first.
//
// The order of events is kept within a partition, and so within a key. An UPDATE of the key that takes the
// row to another partition is the deletion of the old key in one and the insertion of the new one in the
// other.
#pragma once

#include "decoder.h"

namespace gpsync::decoder {

// Turns the change into what the stream's partition shows of it. False: nothing. REQUIRES: the stream is a
// partition; the tuples are taken apart in entry.
bool keep_partition(Decoder& decoder, TupleDesc changed, RelationEntry& entry, RowChange& row);

// TRUNCATE is of all partitions, and none can know when the others have delivered what was before it: raises
// 0A000.
[[noreturn]] void raise_truncate_of_partition(FormatName format);

}  // namespace gpsync::decoder
