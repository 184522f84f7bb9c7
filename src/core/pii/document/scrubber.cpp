#include "core/pii/document/scrubber.hpp"

#include <algorithm>
#include <array>
#include <new>

#include "core/pii/checksums.hpp"
#include "core/pii/document/scrub_level.hpp"
#include "core/pii/json_reader.hpp"
#include "core/pii/names/given_names.hpp"
#include "core/pii/names/name_values.hpp"
#include "core/pii/names/value_forms.hpp"
#include "core/pii/protect/actions.hpp"
#include "core/pii/protect/envelope.hpp"
#include "core/pii/stop.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

Scrubber::Scrubber(const Policy& policy, const KeyRing* keys, Mode mode)
    : policy_(policy), keys_(keys), mode_(mode), path_(policy, mode == Mode::kFind) {}

Scrubber::~Scrubber() = default;

Verdict Scrubber::fail(Status status) {
    if (status_.ok()) status_ = std::move(status);
    return Verdict::kError;
}

void Scrubber::note_exception(const std::exception& error) noexcept {
    status_.code = dynamic_cast<const Stopped*>(&error) != nullptr ? Code::kStopped : Code::kInternal;
    // no allocation: the message stays empty if there is no memory for it
    try {
        status_.message = error.what();
    } catch (...) {
    }
}

Scrubber::RowMember Scrubber::row_member(std::string_view key, bool labels_matter) noexcept {
    RowMember result;
    (void)begin_row();
    (void)guarded([&] {
        result.info = path_.look_up(key);
        result.context = path_.member_context(result.info, labels_matter);
        return Verdict::kKeep;
    });
    return result;
}

void Scrubber::begin_document() noexcept {
    if (!status_.ok()) status_ = {};
    (void)guarded([&] {
        path_.reset();
        matches_.clear();
        found_ = false;
        suspicious_text_ = nullptr;
        depth_ = 0;
        spent_ = pattern_text_ = pattern_given_ = 0;
        over_budget_ = checking_ = only_verification_ = false;
        return Verdict::kKeep;
    });
}

Verdict Scrubber::begin_container(bool array) noexcept {
    return guarded([&] {
        check_stop();
        path_.next_value();
        if (const Rule* rule = whole_value_rule();
            rule != nullptr && rule->action == Action::kRemove && mode_ == Mode::kScrub) {
            note(Detector::kCustom, {Action::kRemove, rule});
            path_.drop_preview();
            return Verdict::kRemove;
        }
        path_.enter(array);
        return Verdict::kKeep;
    });
}

void Scrubber::sibling_value(std::string_view json) noexcept {
    (void)guarded([&] {
        constexpr size_t kDeepestLabel = 3;  // {"coding": [{"code": …}]}
        JsonReader reader(json);
        for (auto token = reader.next();
             token != JsonReader::Token::kEnd && token != JsonReader::Token::kError; token = reader.next())
            if (token == JsonReader::Token::kString && reader.depth() <= kDeepestLabel)
                path_.sibling_label(reader.value());
        return Verdict::kKeep;
    });
}

void Scrubber::end_container() noexcept {
    (void)guarded([&] {
        path_.leave();
        return Verdict::kKeep;
    });
}

Verdict Scrubber::name(std::string_view text) noexcept {
    return guarded([&] {
        const NameInfo& info = path_.look_up(text);
        if (!info.clean) return replace_name(info, text);
        path_.set_member(info, text, text);
        return Verdict::kKeep;
    });
}

// A name that may hold PII itself.
Verdict Scrubber::replace_name(const NameInfo& looked_up, std::string_view text) {
    const NameInfo info = looked_up;
    // The rules that hold here, and the path a match is reported with, are those of the object.
    path_.set_member(NameInfo(), {}, kRemovedMark);
    const uint64_t spent = spent_;
    touched_ = false;
    const Verdict verdict = finish(text, ValueContext(), true);
    const bool apart = PathContext::may_be_replacement(text);
    if (verdict == Verdict::kKeep && !touched_ && spent == spent_ && !policy_.has_patterns() && !apart)
        path_.note_clean(text);
    if (verdict == Verdict::kKeep && apart && path_.keep_apart_original(text, replacement_)) {
        path_.set_member(info, text, replacement_);
        return Verdict::kReplace;
    }
    if (verdict == Verdict::kKeep || verdict == Verdict::kError) {
        path_.set_member(info, text, text);
        return verdict;
    }
    if (verdict == Verdict::kRemove) replacement_ = kRemovedMark;
    path_.keep_apart(replacement_);
    // What is left of it is what it will be judged by when it comes again.
    const NameInfo left = path_.look_up(replacement_);
    path_.set_member(left, text, replacement_);
    return Verdict::kReplace;
}

Verdict Scrubber::string(std::string_view text) noexcept {
    const bool ruled = rules_names() && may_have_ruled_names(text);
    if (path_.is_neutral() && !path_.member_is_label() && !ruled && !may_hold_pii(text)) [[likely]]
        return status_.ok() ? Verdict::kKeep : Verdict::kError;
    return guarded([&] {
        path_.next_value();
        if (path_.member_is_label()) {
            path_.note_label(text);
            if (path_.is_suspicious() && !policy_.has_patterns() && whole_value_rule() == nullptr &&
                path_.stays_as_label(text))
                return Verdict::kKeep;
        }
        if (path_.is_suspicious() || !is_neutral_text(text)) return scan_string(text);
        // Nothing in it has a form; what the path says counts only beside a given name (Doubt::kUnknown).
        const bool may_be_name = path_.may_name_person() && may_be_persons_name(text) &&
                                 (names_somebody(text) || is_device_of_somebody(text));
        return may_be_name ? scan_string(text) : Verdict::kKeep;
    });
}

Verdict Scrubber::number(std::string_view text) noexcept {
    return guarded([&] {
        path_.next_value();
        // Where the path is neutral a number is a card's or none, and no card's begins with another digit.
        const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
        const bool may_be_card =
            digits.size() >= 12 && digits[0] >= '2' && (digits[0] <= '6' || digits[0] == '8');
        return path_.is_suspicious() || may_be_card ? scan_number(text) : Verdict::kKeep;
    });
}

Verdict Scrubber::skipped_number() noexcept {
    return guarded([&] {
        path_.next_value();
        return Verdict::kKeep;
    });
}

Verdict Scrubber::boolean(bool value) noexcept {
    return guarded([&] {
        path_.next_value();
        const Rule* rule = whole_value_rule();
        return rule == nullptr ? Verdict::kKeep : apply_whole_rule(*rule, value ? "true" : "false", {});
    });
}

Verdict Scrubber::null() noexcept {
    return skipped_number();
}

bool Scrubber::give_back() noexcept {
    constexpr size_t kKept = 1 << 20, kMostMatches = 4096;
    const bool texts = largest_text_ > kKept || replacement_.capacity() > kKept;
    const bool matches = matches_.capacity() > kMostMatches;
    largest_text_ = 0;
    if (texts) levels_.clear();
    if (texts) replacement_ = {};
    if (matches) matches_ = {};
    return texts || matches;
}

Scrubber::Level& Scrubber::level() {
    while (levels_.size() <= depth_) levels_.push_back(std::make_unique<Level>());
    return *levels_[depth_];
}

// The first rule that applies decides. What may never be kept goes whatever the rules say.
Scrubber::Decision Scrubber::decide(Detector detector) const {
    if (policy_.passes_everything()) return {};
    if (info(detector).only_remove) return {Action::kRemove, nullptr};
    if (only_verification_ && detector != Detector::kEmbedded) return {};
    for (const Rule& rule : policy_.rules()) {
        if (rule.pattern != nullptr || !path_.applies(rule)) continue;
        if (rule.whole_value() || rule.detectors.has(detector)) return {rule.action, &rule};
    }
    return {policy_.base(detector), nullptr};
}

const Rule* Scrubber::whole_value_rule() const {
    if (only_verification_) return nullptr;
    for (const Rule& rule : policy_.rules())
        if (rule.whole_value() && path_.applies(rule)) return rule.action == Action::kPass ? nullptr : &rule;
    return nullptr;
}

// Records a finding; false when it is passed.
bool Scrubber::note(Detector detector, const Decision& decision) {
    constexpr size_t kLongestCard = 25;
    if (detector == Detector::kPan && string_size_ <= kLongestCard) path_.note_card();
    if (decision.action == Action::kPass) return false;
    found_ = true;
    removes_ |= decision.action == Action::kRemove;
    if (mode_ != Mode::kFind || checking_) return true;
    const bool custom =
        detector == Detector::kCustom && decision.rule != nullptr && !decision.rule->name.empty();
    const std::string_view name = custom ? std::string_view(decision.rule->name) : info(detector).name;
    std::string path = path_.path();
    const auto same = [&](const Match& m) {
        return m.detector == name && m.action == decision.action && m.path == path;
    };
    constexpr size_t kLookBack = 8;  // several findings in one string make one match
    const size_t recent = std::min(matches_.size(), kLookBack);
    if (std::none_of(matches_.end() - static_cast<std::ptrdiff_t>(recent), matches_.end(), same))
        matches_.push_back({std::move(path), name, decision.action});
    return true;
}

void Scrubber::add_edit(std::vector<Edit>& edits, uint32_t begin, uint32_t end, Detector detector,
                        const Decision& decision, std::string_view original, std::string_view folded) {
    add_edit(edits, begin, end, decision, {.detector = detector, .original = original, .folded = folded});
}

void Scrubber::add_edit(std::vector<Edit>& edits, uint32_t begin, uint32_t end, const Decision& decision,
                        ActionInput input) {
    touched_ = true;
    if (!note(input.detector, decision)) return;
    Edit edit{begin, end, decision.action, {}};
    if (needs_text()) {
        input.action = decision.action;
        input.context = decision.rule != nullptr && !decision.rule->context.empty()
                            ? std::string_view(decision.rule->context)
                            : policy_.name();
        Status status = apply_action(input, keys_, edit.text);
        if (!status.ok()) {
            (void)fail(std::move(status));
            return;
        }
    }
    edits.push_back(std::move(edit));
}

Verdict Scrubber::scan_string(std::string_view text) {
    if (policy_.passes_everything()) return Verdict::kKeep;
    check_stop();
    string_size_ = text.size();
    if (goes_with_its_groups(text) || goes_beside_card(text, false)) return Verdict::kRemove;
    const ValueContext context = path_.resolve();
    if (whole_value_rule() != nullptr || !goes_by_name(text, context)) return finish(text, context, false);
    // A match says what the value is by its form, if it has one; that it goes is decided.
    const size_t others = matches_.size();
    removes_ = false;
    if (mode_ == Mode::kFind && finish(text, context, false) == Verdict::kError) return Verdict::kError;
    if (removes_) return Verdict::kRemove;
    matches_.resize(others);
    (void)note(context.subject, decide(context.subject));
    return Verdict::kRemove;
}

namespace {

// 4.111111111111111e15 as 4111111111111111; nothing when the value is no integer of at most 40 digits.
bool expand_exponent(std::string_view text, std::string& digits) {
    const size_t e = text.find_first_of("eE");
    if (e == std::string_view::npos) return false;
    long exponent = 0;
    for (char c : text.substr(e + 1)) {
        if (is_digit(c))
            exponent = std::min<long>(exponent * 10 + (c - '0'), 1000);
        else if (c == '-')
            return false;
    }
    const size_t point = std::min(text.find('.'), e);
    const long fraction = point < e ? static_cast<long>(e - point - 1) : 0;
    if (exponent < fraction || exponent > 40) return false;
    for (char c : text.substr(0, e))
        if (is_digit(c)) digits.push_back(c);
    digits.append(static_cast<size_t>(exponent - fraction), '0');
    return digits.size() <= 40;
}

std::string_view without_zero_decimals(std::string_view text) {
    const size_t point = text.find('.');
    const bool zero = point != std::string_view::npos && point > 0 &&
                      text.find_first_not_of('0', point + 1) == std::string_view::npos;
    return zero ? text.substr(0, point) : text;
}

}  // namespace

namespace {

bool fits_number(const ValueContext& context, std::string_view text) {
    if (context.coded > 0) return is_coded_value(text, context.coded);
    constexpr size_t kMostDigitsOfCount = 4, kMostDigitsOfPart = 2;
    if (context.counted || (context.countable && text.size() <= kMostDigitsOfCount)) return false;
    // {"dob": {"day": 26, "month": 3, "year": 1980}}
    if (context.part && context.subject == Detector::kBirthDate && text.size() <= kMostDigitsOfPart)
        return true;
    return context.field ? fits_field(context.subject, text)
                         : number_fits_name(context.subject, text, context.doubt);
}

}  // namespace

Verdict Scrubber::scan_number(std::string_view text) {
    if (policy_.passes_everything()) return Verdict::kKeep;
    string_size_ = text.size();
    if (goes_with_its_groups(text) || goes_beside_card(text, true)) return Verdict::kRemove;
    if (const Rule* rule = whole_value_rule()) return number_by_rule(*rule, text);
    std::string expanded;
    const std::string_view written = text;
    if (expand_exponent(text, expanded)) text = expanded;
    if (text.starts_with('-')) text.remove_prefix(1);
    ValueContext context = path_.resolve();
    if (context.doubt == Doubt::kUnknown) context.subject = Detector::kNone;
    // A column of type numeric(20,2) has a card's number with decimals.
    if (context.subject != Detector::kNone || !context.scan.named.empty()) text = without_zero_decimals(text);
    context.scan.number = true;
    if (context.counted) context.scan.named = {};
    Level& here = level();
    here.edits.clear();
    here.findings.clear();
    const bool integer = std::all_of(text.begin(), text.end(), is_digit);
    if (integer && text.size() <= 40) here.scanner.scan(text, context.scan, here.findings);
    if (!here.findings.empty() && here.findings[0].end - here.findings[0].begin == text.size()) {
        const Detector detector = here.findings[0].detector;
        const Decision decision = decide(detector);
        if (!own_token(detector, text, decision) && !is_bound_of_range(detector, text, context.scan))
            add_edit(here.edits, 0, 1, detector, decision, text, text);
    } else if (fits_number(context, text)) {
        add_edit(here.edits, 0, 1, context.subject, decide(context.subject), text, text);
    }
    if (here.edits.empty() && policy_.has_patterns())
        collect_patterns({written, written, {}}, context, here.edits);
    if (!status_.ok()) return Verdict::kError;
    if (here.edits.empty()) return Verdict::kKeep;
    const Edit& strictest =
        *std::max_element(here.edits.begin(), here.edits.end(),
                          [](const Edit& a, const Edit& b) { return a.action < b.action; });
    if (strictest.action == Action::kRemove || strictest.text == kRemovedMark) return Verdict::kRemove;
    replacement_ = strictest.text;
    if (mode_ != Mode::kScrub) return Verdict::kReplace;
    // A string stands there now: one that would stay if it came again.
    const std::string string = replacement_;
    checking_ = true;
    const Verdict again = finish(string, path_.resolve(), false);
    checking_ = false;
    if (again == Verdict::kKeep) replacement_ = string;
    return again == Verdict::kKeep ? Verdict::kReplace : again;
}

namespace {

bool blank(std::string_view text) {
    return std::all_of(text.begin(), text.end(), is_space);
}

}  // namespace

namespace {

// Nothing but a mail address, as nearly all are written.
bool is_plain_email(std::string_view text) {
    const size_t at = text.find('@');
    if (at == std::string_view::npos || at == 0) return false;
    const std::string_view host = text.substr(at + 1);
    const size_t dot = host.rfind('.');
    const auto all_of = [](std::string_view part, std::string_view marks) {
        return std::all_of(part.begin(), part.end(),
                           [marks](char c) { return is_word(c) || marks.find(c) != std::string_view::npos; });
    };
    return all_of(text.substr(0, at), "._+-") && all_of(host, ".-") && dot != std::string_view::npos &&
           dot > 0 && dot + 2 < host.size();
}

// Nothing but a number of so many digits, in groups with one mark between them.
bool is_plain_number(std::string_view text, std::string_view marks, size_t least, size_t most) {
    size_t digits = 0;
    bool mark = true;
    for (const char c : text) {
        const bool other = !is_digit(c);
        if (other && (mark || marks.find(c) == std::string_view::npos)) return false;
        mark = other;
        digits += other ? 0 : 1;
    }
    return !mark && digits >= least && digits <= most;
}

bool is_plain_card(std::string_view text) {
    constexpr size_t kShortest = 13, kLongest = 19;
    if (!is_plain_number(text, " -", kShortest, kLongest)) return false;
    std::array<char, kLongest> digits;
    const char* end = std::copy_if(text.begin(), text.end(), digits.begin(), is_digit);
    return luhn_valid({digits.data(), static_cast<size_t>(end - digits.data())});
}

}  // namespace

// Whether a value that has a form of its own is nothing but one, so that it need not be looked for.
bool Scrubber::is_plain_form(std::string_view text, const ValueContext& context) {
    constexpr size_t kLongest = 64, kShortestPhone = 7, kLongestPhone = 12, kSsn = 9;
    if (text.size() > kLongest) return false;
    switch (context.subject) {
        case Detector::kEmail:
            return is_plain_email(text);
        case Detector::kPhone:
            return is_plain_number(text.substr(text.starts_with('+') ? 1 : 0), " -.", kShortestPhone,
                                   kLongestPhone);
        case Detector::kPan:
            return !context.scan.device && context.scan.token_bins.empty() && is_plain_card(text);
        case Detector::kSsn:
            return is_plain_number(text, "-", kSsn, kSsn);
        default:
            return false;
    }
}

// A value that its name alone makes PII, and that is removed whole: nothing in it can be worse.
bool Scrubber::goes_by_name(std::string_view text, const ValueContext& context) const {
    if (context.field || context.chip_data || context.coded > 0) return false;
    switch (context.subject) {
        case Detector::kEmail:
        case Detector::kPhone:
        case Detector::kSsn:
            if (!is_plain_form(text, context)) return false;
            break;
        case Detector::kPan:
            return is_plain_form(text, context) && decide(Detector::kPan).action == Action::kRemove;
        case Detector::kPersonName:
        case Detector::kAddress:
        case Detector::kBirthDate:
        case Detector::kCvv:
        case Detector::kPin:
        case Detector::kExpiry:
        case Detector::kCryptogram:
        case Detector::kPassword:
        case Detector::kApiSecret:
            break;
        default:
            return false;
    }
    constexpr uint8_t kDecoded = kHasBrace | kHasHigh | kHasPercent | kHasBackslash;
    if ((traits_of(text) & kDecoded) != 0) return false;
    if (keys_ != nullptr && text.find(kEnvelopeStart) != std::string_view::npos) return false;
    return fits_name(context.subject, text, context.doubt) && is_sure(context.subject, text, context.doubt) &&
           !is_caption(context.subject, text) && decide(context.subject).action == Action::kRemove;
}

// A group of a number goes as a whole, whatever the policy does with such a number where it stands in one
// piece: a group by itself can neither be masked nor decrypted.
bool Scrubber::goes_with_its_groups(std::string_view text) {
    const Detector detector = path_.groups();
    if (detector == Detector::kNone || text.empty()) return false;
    const Decision decision = decide(detector);
    return note(detector,
                {decision.action == Action::kPass ? Action::kPass : Action::kRemove, decision.rule});
}

// Where it stands behind a card's number in an array. Without that it is an ordinary number or date, so it
// is not masked either.
bool Scrubber::goes_beside_card(std::string_view text, bool number) {
    const Detector detector = path_.judge_behind_card(text, number);
    if (detector == Detector::kNone) return false;
    const Decision decision = decide(detector);
    return note(detector,
                {decision.action == Action::kPass ? Action::kPass : Action::kRemove, decision.rule});
}

// Sorted, none overlapping.
std::vector<Scrubber::Edit> Scrubber::merge(std::vector<Edit> edits) {
    std::sort(edits.begin(), edits.end(), [](const Edit& a, const Edit& b) {
        return a.begin != b.begin ? a.begin < b.begin : a.end > b.end;
    });
    std::vector<Edit> merged;
    for (Edit& edit : edits) {
        if (merged.empty() || edit.begin >= merged.back().end) {
            merged.push_back(std::move(edit));
            continue;
        }
        Edit& last = merged.back();
        if (edit.end <= last.end && edit.action <= last.action) continue;
        // They overlap, and neither covers both: the stricter is removal.
        last.end = std::max(last.end, edit.end);
        last.action = Action::kRemove;
        last.text = kRemovedMark;
    }
    return merged;
}

std::string Scrubber::apply(std::string_view text, const std::vector<Edit>& edits) {
    std::string result;
    uint32_t at = 0;
    for (const Edit& edit : edits) {
        result += text.substr(at, edit.begin - at);
        result += edit.text;
        at = edit.end;
    }
    result += text.substr(at);
    return result;
}

// Finds, edits, and scans the result again until nothing is found in it: what replaces one finding can make
// another of what stands around it. A text that does not come to rest is removed whole. The documents in a
// string are at rest when they have been edited; if nothing else was, only the text that they are written in
// is scanned again, and a string that is nothing but a document is not; nor is a text that would be passed
// over.
Verdict Scrubber::finish(std::string_view text, const ValueContext& context, bool key) {
    largest_text_ = std::max(largest_text_, text.size());
    if (!key) {
        if (const Rule* rule = whole_value_rule()) return finish_by_rule(*rule, text, context);
    }
    constexpr int kMostRounds = 3;
    const bool was_checking = checking_;
    bool changed = false, documents = true;
    std::string current;
    for (int round = 0;; ++round) {
        const std::string_view from = changed ? std::string_view(current) : text;
        // Not a reference into the level: deeper layers have their own, but vectors of levels move.
        std::vector<Edit> edits;
        collect(from, context, key, documents, edits);
        checking_ = was_checking;
        if (!status_.ok()) return Verdict::kError;
        if (edits.empty()) break;
        if (mode_ != Mode::kScrub || round == kMostRounds) return Verdict::kRemove;
        const size_t found = edits.size();
        const std::vector<Edit> merged = merge(std::move(edits));
        documents = level().document_edits != found || merged.size() != found;
        const size_t unread_from = documents ? Level::kNever : level().unread_from;
        const Edit& first = merged.front();
        const bool whole =
            merged.size() == 1 && blank(from.substr(0, first.begin)) && blank(from.substr(first.end));
        if (whole && first.text == kRemovedMark) return Verdict::kRemove;
        current = apply(from, merged);
        changed = true;
        // Without a string in it, the document is read as the text that it is ("[null, null]").
        if (current.size() >= unread_from && current.find('"') != std::string::npos) break;
        const bool by_itself = !key && !path_.is_suspicious() && !path_.may_name_person();
        if (by_itself && has_nothing_to_scan(current)) break;
        checking_ = true;
    }
    checking_ = was_checking;
    if (!changed) return Verdict::kKeep;
    replacement_ = std::move(current);
    return Verdict::kReplace;
}

}  // namespace gpsync::core::pii
