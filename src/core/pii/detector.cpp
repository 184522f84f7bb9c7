#include "core/pii/detector.hpp"

#include <array>

namespace gpsync::core::pii {

namespace {

constexpr Action R = Action::kRemove;

constexpr std::array<DetectorInfo, kDetectorCount> kDetectors = {{
    {"none", Action::kPass, false, false},
    {"pan", R, false, true},
    {"device_pan", Action::kMask, false, true},
    {"track", R, true, false},
    {"cvv", R, true, false},
    {"pin", R, true, false},
    {"expiry", R, false, false},
    {"cryptogram", R, true, false},
    {"iban", R, false, true},
    {"account", R, false, true},
    {"aba_routing", R, false, true},
    {"email", R, false, false},
    {"phone", R, false, true},
    {"person_name", R, false, false},
    {"address", R, false, false},
    {"birth_date", R, false, false},
    {"ssn", R, false, true},
    {"itin", R, false, true},
    {"nino", R, false, true},
    {"nhs_number", R, false, true},
    {"sin", R, false, true},
    {"aadhaar", R, false, true},
    {"nif", R, false, true},
    {"nie", R, false, true},
    {"codice_fiscale", R, false, true},
    {"german_tax_id", R, false, true},
    {"pesel", R, false, true},
    {"national_id", R, false, true},
    {"passport", R, false, true},
    {"driving_licence", R, false, true},
    {"medical_record", R, false, true},
    {"ip", R, false, false},
    {"mac", R, false, true},
    {"imei", R, false, true},
    {"vin", R, false, true},
    {"device_owner", R, false, false},
    {"jwt", R, false, false},
    {"private_key", R, false, false},
    {"api_secret", R, false, false},
    {"password", R, false, false},
    {"btc_address", R, false, true},
    {"eth_address", R, false, true},
    {"embedded", R, false, false},
    {"custom", R, false, true},
}};

constexpr std::array<std::string_view, kActionCount> kActions = {"pass",    "mask", "tokenize",
                                                                 "encrypt", "hash", "remove"};

}  // namespace

const DetectorInfo& info(Detector detector) {
    return kDetectors[static_cast<size_t>(detector)];
}

std::optional<Detector> detector_by_name(std::string_view name) {
    for (size_t i = 1; i < kDetectors.size(); ++i)
        if (kDetectors[i].name == name) return static_cast<Detector>(i);
    return std::nullopt;
}

std::string_view action_name(Action action) {
    return kActions[static_cast<size_t>(action)];
}

std::optional<Action> action_by_name(std::string_view name) {
    for (size_t i = 0; i < kActions.size(); ++i)
        if (kActions[i] == name) return static_cast<Action>(i);
    return std::nullopt;
}

}  // namespace gpsync::core::pii
