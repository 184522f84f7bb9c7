// What the messaging REST API of IBM MQ answers when it does not do what it was asked.
#pragma once

#include <string>

#include "relay/delivery/answer.hpp"
#include "relay/delivery/http_message.hpp"

namespace gpsync::relay {

struct MqError {
    std::string message_id;  // "MQWBnnnnX", or empty
    long reason = 0;         // MQRC_…, or 0
};

// From the body of an answer; empty where it is none of this API.
MqError read_mq_error(const std::string& body);

// Judges an answer other than the one that was wished for.
Answer judge_mq_error(const HttpResult& result, const MqError& error, const Secrets& secrets);

// Whether a put that was answered so has surely put nothing.
bool is_surely_not_put(const HttpResult& result, const MqError& error);

// MQRC_OPTION_NOT_VALID_FOR_TYPE: a queue that is not local cannot be browsed.
inline constexpr long kMqCannotBrowse = 2045;

}  // namespace gpsync::relay
