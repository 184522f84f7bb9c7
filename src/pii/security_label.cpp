#include "pii/security_label.h"

#include "core/nearest_name.hpp"
#include "core/pii/policy/redaction_rule.hpp"
#include "pg/attachment.h"
#include "pg/row_key.h"
#include "pg/scrub/key_file.h"
#include "pg/scrub/policy_table.h"
#include "pg/sync_columns.h"
#include "pg/text.h"
#include "pii/session_cache.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/relation.h"
#include "catalog/catalog.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_type_d.h"
#include "commands/seclabel.h"
#include "utils/inval.h"
#include "utils/rel.h"
GPSYNC_SERVER_HEADERS_END

extern "C" {
static void gpsync_check_label(const ObjectAddress* object, const char* label);
}

namespace gpsync {

namespace {

using core::Redaction;
using core::RedactionRule;

constexpr std::array<std::string_view, 6> kRules = {"pass", "drop", "scrub POLICY",
                                                    "mask", "hash", "tokenize"};

RedactionRule rule_of(std::string_view label) {
    if (const auto rule = core::parse_redaction_rule(label)) return *rule;
    throw pg::Error(pg::Sqlstate::kInvalidParameter,
                    "\"" + std::string(label) + "\" is no rule for a column in the stream")
        .hint(core::unknown_name_hint(label, "rules", kRules));
}

struct Column {
    std::string_view table, name;
    bool key = false, bookkeeping = false, table_kind = false, system = false, boolean = false;
};

// Raises server errors. The caller has locked the relation.
Column describe(Oid relation_id, AttrNumber attnum) {
    Relation relation = relation_open(relation_id, NoLock);
    const char* name = "";
    Oid type = InvalidOid;
    if (attnum > 0) {
        name = NameStr(TupleDescAttr(RelationGetDescr(relation), attnum - 1)->attname);
        type = TupleDescAttr(RelationGetDescr(relation), attnum - 1)->atttypid;
    }
    Column column{pstrdup(RelationGetRelationName(relation)), pstrdup(name)};
    column.boolean = type == BOOLOID;
    column.system =
        attnum < 0 || IsCatalogRelation(relation) || pg::is_own_schema(RelationGetNamespace(relation));
    const char kind = relation->rd_rel->relkind;
    column.table_kind = kind == RELKIND_RELATION || kind == RELKIND_PARTITIONED_TABLE;
    if (column.table_kind) {
        const pg::RowKey key = pg::row_key(relation);
        for (int i = 0; i < key.natts; ++i) column.key |= key.attnums[i] == attnum;
    }
    column.bookkeeping = pg::is_sync_column(name);
    relation_close(relation, NoLock);
    return column;
}

std::string named(const Column& column) {
    return "column \"" + std::string(column.name) + "\" of table \"" + std::string(column.table) + "\"";
}

// pass says of a key what is so anyway. A dump may label it, too, if the label is older than the key.
void refuse_column(const Column& column, const RedactionRule& rule) {
    using pg::Sqlstate;
    if (!column.table_kind)
        throw pg::Error(Sqlstate::kWrongObjectType, "\"" + std::string(column.table) + "\" is not a table");
    if (column.system)
        throw pg::Error(Sqlstate::kFeatureNotSupported, "system columns and tables cannot be redacted")
            .detail("What belongs to PostgreSQL or to gpsync itself is never streamed.");
    if (column.key && rule.redaction != Redaction::kPass)
        throw pg::Error(Sqlstate::kFeatureNotSupported, "key " + named(column) + " cannot be redacted")
            .detail("The key of a row is sent with each of its changes; nothing could be booked without it.")
            .hint("Identify rows by a token or a surrogate key.");
    if (column.bookkeeping)
        throw pg::Error(Sqlstate::kFeatureNotSupported, named(column) + " cannot be redacted")
            .detail("It is gpsync's own and not part of what is streamed.");
}

// Neither shown nor kept in another form; a boolean only says whether there is such data.
void refuse_verification_data(const Column& column, const RedactionRule& rule) {
    if (column.boolean || !core::keeps_verification_data(rule.redaction, column.name)) return;
    throw pg::Error(pg::Sqlstate::kInvalidParameter, named(column) + " can only be dropped or scrubbed")
        .detail(
            "By its name it has card verification values, PINs, track data or cryptograms. They may not be "
            "kept "
            "in any form after authorization (PCI DSS 3.3.1).")
        .hint(column.key ? "Identify rows by a token or a surrogate key." : "Use the rule drop.");
}

// A dump has labels before it has policies, so what is missing now is only warned of; the decoder stops
// rather than show what it cannot redact.
void warn_of_missing(const RedactionRule& rule) {
    if (rule.redaction == Redaction::kScrub) {
        const char* rules = nullptr;
        pg::server_call([&] { rules = pg::read_policy_rules(rule.policy); });
        if (rules != nullptr || rule.policy == core::pii::Policy::payments().name()) return;
        const std::string policy(rule.policy);
        pg::server_call([&] {
            ereport(WARNING,
                    (errcode(ERRCODE_UNDEFINED_OBJECT),
                     errmsg("policy \"%s\" does not exist yet", policy.c_str()),
                     errhint("No stream can show this table before gpsync.define_policy() made it.")));
        });
    } else if (rule.redaction == Redaction::kHash || rule.redaction == Redaction::kTokenize) {
        const char* name = "";
        pg::server_call([&] { name = pg::key_file_name(); });
        if (*name != '\0') return;
        pg::server_call([] {
            ereport(WARNING,
                    (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                     errmsg("there is no key for this rule yet"),
                     errhint("No stream can show this table before gpsync.key_file names a key ring.")));
        });
    }
}

// Raises server errors. Labels of a partition's ancestors count for the partition.
void invalidate(Oid relation_id) {
    ListCell* cell = nullptr;
    foreach (cell, find_all_inheritors(relation_id, NoLock, nullptr))
        CacheInvalidateRelcacheByRelid(lfirst_oid(cell));
}

// The label of a table is the record of its attachment (pg/attachment.h), which a dump carries. A superuser
// restores it; from anybody else it comes by attach() only, which does not pass here.
void check_table_label(const char* label) {
    constexpr const char* kHint =
        "Use gpsync.attach() or gpsync.detach(). Columns have labels of their own: SECURITY LABEL FOR gpsync "
        "ON "
        "COLUMN.";
    if (!superuser())
        throw pg::Error(pg::Sqlstate::kInsufficientPrivilege,
                        "permission denied to set the security label of a table for provider \"gpsync\"")
            .detail("It says that the table is attached.")
            .hint(kHint);
    if (label == nullptr) return;
    try {
        pg::server_call([&] { pg::check_attachment_record(label); });
    } catch (const pg::ServerError&) {
        throw pg::Error(pg::Sqlstate::kWrongObjectType,
                        "\"" + std::string(label) + "\" is no label that gpsync.attach() gives a table")
            .hint(kHint);
    }
}

void check_label(const ObjectAddress& object, const char* label) {
    if (object.classId != RelationRelationId)
        throw pg::Error(pg::Sqlstate::kWrongObjectType, "labels of gpsync are for columns only")
            .hint("Use SECURITY LABEL FOR gpsync ON COLUMN.");
    if (object.objectSubId == 0) return check_table_label(label);
    if (label != nullptr) {
        const RedactionRule rule = rule_of(label);
        Column column{};
        pg::server_call(
            [&] { column = describe(object.objectId, static_cast<AttrNumber>(object.objectSubId)); });
        refuse_column(column, rule);
        refuse_verification_data(column, rule);
        warn_of_missing(rule);
    }
    pg::server_call([&] { invalidate(object.objectId); });
}

}  // namespace

void register_label_provider() {
    ::register_label_provider(pg::kLabelProvider, gpsync_check_label);
}

}  // namespace gpsync

static void gpsync_check_label(const ObjectAddress* object, const char* label) {
    gpsync::pg::guarded([&] { gpsync::check_label(*object, label); });
}

// check_redaction(rule text) -> void: the rule, and the policy in it
GPSYNC_FUNCTION(gpsync_check_redaction) {
    return gpsync::pg::guarded([&]() -> Datum {
        const auto rule = gpsync::rule_of(gpsync::pg::text_view(PG_GETARG_DATUM(0)));
        if (rule.redaction == gpsync::core::Redaction::kScrub) gpsync::require_policy(rule.policy);
        PG_RETURN_VOID();
    });
}
