// What a backend keeps for PII: the key ring, the policies, and a scrubber for each policy and mode.
#pragma once

#include "core/pii/document/metadata.hpp"
#include "core/pii/document/quick_metadata.hpp"
#include "core/pii/document/scrubber.hpp"
#include "pg/scrub/jsonb_scrub.h"

namespace gpsync {

// Call once per process, from _PG_init.
void register_pii_engine();

// payments@1 without keys, for the functions that depend on nothing but the document.
core::pii::Scrubber& pure_scrubber(core::pii::Mode mode);

// Of a policy, with the key ring where gpsync.key_file names one. Throws 42704, what is wrong with the policy
// or with the key file. Valid until the next call into the server that may open a relation.
core::pii::Scrubber& scrubber_of(std::string_view policy, core::pii::Mode mode);

// Throws 42704. Valid until the next call into the server that may open a relation.
const core::pii::Policy& require_policy(std::string_view policy);
// Throws what is wrong with rules that are to be a policy.
void check_policy(std::string_view policy, std::string_view rules);

// The key ring as the file holds it now (checked once a statement); nullptr when gpsync.key_file is empty.
const core::pii::KeyRing* key_ring();

pg::JsonbScrubber& jsonb_scrubber();
core::pii::MetadataExtractor& metadata_extractor();
core::pii::QuickMetadata& quick_metadata();

// While a document is visited. Afterwards, also after an error, what it needed is not kept; when the
// statement ends, the system has it back.
class OneDocument {
  public:
    // Throws ServerError.
    explicit OneDocument(core::pii::Scrubber& scrubber);
    ~OneDocument();
    OneDocument(const OneDocument&) = delete;
    OneDocument& operator=(const OneDocument&) = delete;

  private:
    core::pii::Scrubber& scrubber_;
};

// Whether payments@1 finds anything in a text that no name says anything of. UTF-8. Throws.
bool text_has_pii(std::string_view text);

}  // namespace gpsync
