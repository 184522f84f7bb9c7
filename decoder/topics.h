// Events of topics: messages in the WAL that emit() wrote, or the check of a status (core/event_message.hpp).
#pragma once

#include "pg/prelude.h"

#include "core/event_message.hpp"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/xlogreader.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::decoder {

struct Decoder;

// An event of a topic, and where its message ends in the WAL.
struct TopicChange {
    core::EventMessage message;
    XLogRecPtr lsn;
};

struct TopicFormat {
    void (*event)(Decoder& decoder, const TopicChange& change);
    // One that an operator skips.
    void (*skip)(Decoder& decoder, const TopicChange& change);
};
extern const TopicFormat kTopicFormat;  // of CloudEvents

// Whether the record being read is a message of that prefix, whoever wrote it. Those of another origin than
// pg::kEventMessageOrigin are not to be kept.
bool is_own_message(XLogReaderState* reader);

// Writes the event of a message, if the options name its topic. REQUIRES: it was counted; is_event_message()
// and the origin have proved that it is ours; the format has topics. One that cannot be read is an error
// where any topic is streamed: it may be of one of these.
void take_topic_event(Decoder& decoder, XLogRecPtr lsn, std::string_view content);

}  // namespace gpsync::decoder
