// What becomes of PII in the stream: the rule of each column, from the security labels (provider gpsync) at
// the time of the change and when streaming began, the stricter of the two; without a label scrub payments@1.
// No option of the consumer's gets here.
#pragma once

#include "pg/prelude.h"

#include "core/pii/policy/redaction_rule.hpp"
#include "pg/scrub/scrub.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/attnum.h"
#include "access/xlogdefs.h"
#include "nodes/pg_list.h"
#include "utils/rel.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::decoder {

// C++ objects: policies, key ring, labels. They go with the context of read_redaction().
struct RedactionState;

// Reads labels, policies and the key file as they are now. REQUIRES: a transaction; called directly under
// guarded(). A key file that is set and cannot be used is an error.
RedactionState* read_redaction(MemoryContext context);

struct ColumnRedaction {
    core::Redaction redaction;
    bool plain;                      // every value is written as it is: nothing to ask further
    const core::pii::KeyRing* keys;  // of kMask, kTokenize, kHash
    // Of kScrub: one or more policies, one after the other. The first one may be the default, to which all
    // the columns of a row are one document; the others see a row of this column alone.
    int npolicies;
    pg::Scrub** scrubs;
    pg::ScrubMember* members;
    bool in_row_document;
    pg::Scrub* tools;             // scratch space
    core::pii::Detector subject;  // of kMask: what the column's name says of its values

    bool drops() const { return redaction == core::Redaction::kDrop; }
};

// The position of the change that columns are looked up for from here on.
void note_change(RedactionState& state, XLogRecPtr lsn);

// The relations whose labels count for a row: the changed one, its ancestors (of partitions and of plain
// inheritance), and the one it is shown as.
// REQUIRES: the historic snapshot of the change. Allocates in the current memory context.
List* labelled_relations(Relation changed, Relation shown);

// Appends the relations whose rows values of a type are or hold, and that are not in the list yet: those of
// composite types, too. REQUIRES: as above.
List* append_row_types(List* relids, Oid type);

// A column by its name, and its number in the relations where that is known.
struct NamedColumn {
    const char* name;
    Oid changed;
    AttrNumber in_changed;
    Oid shown;
    AttrNumber in_shown;
    bool labels_matter = true;  // another column of the row is_value_column()
};

// Whether the text of another column of the row may say what this one holds. Throws Error.
bool is_value_column(RedactionState& state, const char* name);

// REQUIRES: called directly under guarded(), with the historic snapshot of the change; context lives as long
// as the result. exempt: without a label the column passes (the key, the status). A label on a column of the
// key that does not say pass is an error; of changes from before streaming began, one that is still there.
// sources: the names of the columns that a generated column is computed from. Their labels count for it as
// its own do, so that its own cannot weaken them.
ColumnRedaction column_redaction(RedactionState& state, const List* relations, const NamedColumn& column,
                                 const List* sources, const pg::RenderPlan& plan, bool in_key, bool is_status,
                                 MemoryContext context);

// The Scrub that the default policy's columns share.
pg::Scrub& row_scrub(RedactionState& state);

// Whether a document or an array, which is not null, is shown as it is, found without writing it. False does
// not say that it is not. REQUIRES: value is detoasted(); append_redacted() follows with the same one, if
// any.
bool is_clean(pg::RenderPlan& plan, Datum value, const ColumnRedaction& redaction);

// Appends the value, which is not null, as the rule says. False: the column is left out, and what stands in
// out behind its size at the call is to be forgotten. changed is set if it is not the value as it was.
bool append_redacted(core::ByteBuffer& out, pg::RenderPlan& plan, Datum value, ColumnRedaction& redaction,
                     bool* changed);

}  // namespace gpsync::decoder
