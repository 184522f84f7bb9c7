// The registry: every kind of PII gpsync knows, what it is called, and what happens to it by default.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace gpsync::core::pii {

// REQUIRES: at most 64 of them (DetectorSet), and the same order as kDetectors in detector.cpp.
enum class Detector : uint8_t {
    kNone,
    // cards
    kPan,
    kDevicePan,
    kTrack,
    kCvv,
    kPin,
    kExpiry,
    kCryptogram,
    // banks
    kIban,
    kAccount,
    kAba,
    // people
    kEmail,
    kPhone,
    kPersonName,
    kAddress,
    kBirthDate,
    // documents and numbers a state gives
    kSsn,
    kItin,
    kNino,
    kNhs,
    kSin,
    kAadhaar,
    kNif,
    kNie,
    kCodiceFiscale,
    kGermanTaxId,
    kPesel,
    kNationalId,
    kPassport,
    kDrivingLicence,
    kMedicalRecord,
    // machines
    kIp,
    kMac,
    kImei,
    kVin,
    kDeviceOwner,
    // secrets
    kJwt,
    kPrivateKey,
    kApiSecret,
    kPassword,
    // wallets
    kBtc,
    kEth,
    // what could not be scanned: deeper or larger than the budget
    kEmbedded,
    // rules of a policy that name no detector
    kCustom,
    kCount
};

inline constexpr size_t kDetectorCount = static_cast<size_t>(Detector::kCount);

// From the mildest to the strictest; where two rules meet on the same bytes the stricter one wins.
enum class Action : uint8_t { kPass, kMask, kTokenize, kEncrypt, kHash, kRemove };
inline constexpr size_t kActionCount = 6;

struct DetectorInfo {
    std::string_view name;
    Action default_action;  // of the policy payments@1
    bool only_remove;       // may never be stored in any form (PCI DSS 3.3: CVV, PIN, track, cryptogram)
    bool keeps_last_four;   // mask shows the last four; else it shows nothing but the shape
};

const DetectorInfo& info(Detector detector);
std::optional<Detector> detector_by_name(std::string_view name);

std::string_view action_name(Action action);
std::optional<Action> action_by_name(std::string_view name);

// A set of detectors, as bits.
class DetectorSet {
  public:
    constexpr DetectorSet() = default;
    template <class... D>
    constexpr explicit DetectorSet(D... detectors) : bits_((bit(detectors) | ... | 0)) {}
    constexpr bool has(Detector d) const { return (bits_ & bit(d)) != 0; }
    constexpr bool empty() const { return bits_ == 0; }
    constexpr bool intersects(DetectorSet other) const { return (bits_ & other.bits_) != 0; }
    constexpr DetectorSet& operator|=(DetectorSet other) {
        bits_ |= other.bits_;
        return *this;
    }
    friend constexpr DetectorSet operator|(DetectorSet a, DetectorSet b) { return a |= b; }

  private:
    static constexpr uint64_t bit(Detector d) { return uint64_t{1} << static_cast<unsigned>(d); }
    uint64_t bits_ = 0;
};

}  // namespace gpsync::core::pii
