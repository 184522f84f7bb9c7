// The tables whose rows the stream has, and what the decoder says of where those rows are.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace gpsync::relay {

inline constexpr uint32_t kNoTarget = UINT32_MAX;

struct Relation {
    std::string schema, table;  // events of a topic: an empty schema, and the topic
    std::string quoted;         // "schema"."table", as relay_book wants it

    // As parked_events shows it (gpsync_internal.shown_table()).
    std::string shown() const { return (schema.empty() ? "topic " : schema + ".") + table; }
};

// What the decoder says of where a row is (its option book_lines): names change, OIDs and numbers do not.
struct MarkTarget {
    uint32_t relation = 0;    // index into the RelationTable
    uint32_t oid = 0;         // of the table that was changed, 0: not known
    std::string key_columns;  // {"name": [attribute number, type], …}
};

// Under which key the events of each table came last, of one reading of the stream. There may be several: an
// endpoint that is behind reads it for itself.
class KeyShapes {
    friend class RelationTable;
    std::unordered_map<uint32_t, uint32_t> target_by_oid_;
    std::unordered_map<uint32_t, uint32_t> target_by_relation_;
    uint32_t last_checked_ = kNoTarget;
};

// The relations seen in the stream; an event refers to one by number.
class RelationTable {
  public:
    // schema, table: as they stand in the JSON, escapes included.
    uint32_t index_of(std::string_view schema, std::string_view table);
    const Relation& operator[](uint32_t index) const { return relations_[index]; }
    size_t size() const { return relations_.size(); }

    // oid and key_columns as they stand before the event; both empty where nothing is said.
    uint32_t target_of(uint32_t relation, std::string_view oid, std::string_view key_columns);
    const MarkTarget& target(uint32_t index) const { return targets_[index]; }
    size_t targets() const { return targets_.size(); }
    // Whether rows of a table have another key, or another name, at this target than at their last one: then
    // the partitionkeys of a row before and after may differ. To be asked once for every event of a reading.
    bool key_changes(uint32_t target, KeyShapes& shapes) const;

  private:
    std::vector<MarkTarget> targets_;
    std::unordered_map<std::string, uint32_t> targets_by_text_;
    std::string target_text_, last_target_text_;  // as for relations
    uint32_t last_target_ = 0;

    std::vector<Relation> relations_;
    std::unordered_map<std::string, uint32_t> by_text_;
    std::string last_text_;  // most events are of the relation of the event before
    uint32_t last_ = 0;
};

}  // namespace gpsync::relay
