// What there is in one string: values found by their form, by the key above them, by a policy's patterns.
#include <algorithm>

#include "core/pii/detect/codes_in_scripts.hpp"
#include "core/pii/detect/form_pairs.hpp"
#include "core/pii/detect/named_pairs.hpp"
#include "core/pii/detect/phrases.hpp"
#include "core/pii/document/scrub_level.hpp"
#include "core/pii/entities.hpp"
#include "core/pii/names/name_class.hpp"
#include "core/pii/names/name_values.hpp"
#include "core/pii/names/value_forms.hpp"
#include "core/pii/protect/actions.hpp"
#include "core/pii/protect/envelope.hpp"
#include "core/pii/protect/tokenize.hpp"
#include "core/pii/secret_names.hpp"
#include "core/pii/stop.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

// Text in base64 that is this long is nothing else: so many bytes that mean something else are UTF-8 by
// chance in less than one case of 2^90.
constexpr size_t kLongBase64 = 128;

// Begins as JSON does, and is not JSON with its quotes escaped once more.
bool begins_json(std::string_view text) {
    const size_t quote = text.find('"');
    return (text.front() == '{' || text.front() == '[') &&
           (quote == std::string_view::npos ? text.find('\\') == std::string_view::npos
                                            : text[quote - 1] != '\\');
}

// "%4012888888881881": a '%' and a number as long as a card's may be just that, though its first two digits
// stand for another character where the text is URL-encoded. Calls take(begin, end) with each such number.
template <class Take>
void for_each_number_behind_percent(std::string_view text, const Take& take) {
    constexpr size_t kShortest = 13, kLongest = 19;
    for (size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1)) {
        size_t end = at + 1;
        while (end < text.size() && is_digit(text[end])) ++end;
        const size_t size = end - at - 1;
        if (size >= kShortest && size <= kLongest && (end == text.size() || !is_word(text[end])))
            take(static_cast<uint32_t>(at + 1), static_cast<uint32_t>(end));
    }
}

// Of tables, lines, logs or XML.
bool may_have_names(std::string_view text) {
    const auto has = [text](char c) { return text.find(c) != std::string_view::npos; };
    if (has('\n') || has('=') || has('<') || text.find(":'") != std::string_view::npos) return true;
    const bool brace = has('{');
    for (size_t at = text.find(':'); at != std::string_view::npos; at = text.find(':', at + 1))
        if (is_behind_label(text, at) || (at > 0 && class_of(text[at - 1]) == kOtherLetter) ||
            (at > 0 && brace && is_word(text[at - 1]) && is_before_quote(text, at)))
            return true;
    return text.find("\";") != std::string_view::npos ||
           text.find("\xEF\xBC\x9A") != std::string_view::npos || has_rows(text) || has_tuples(text) ||
           has_sql_literals(text) || text.find("]:") != std::string_view::npos || begins_with_phrase(text);
}

// "\n4111…", also with several backslashes.
bool has_line_escape(std::string_view text) {
    for (size_t at = text.find('\\'); at != std::string_view::npos; at = text.find('\\', at + 1))
        if (at + 1 < text.size() && std::string_view("nrt").find(text[at + 1]) != std::string_view::npos)
            return true;
    return false;
}

}  // namespace

void Scrubber::collect(std::string_view text, const ValueContext& context, bool key, bool documents,
                       std::vector<Edit>& edits) {
    Level& here = level();
    here.document_edits = 0;
    here.unread_from = Level::kNever;
    here.decided.clear();
    here.broken.clear();
    static const std::vector<uint32_t> kOriginal;
    if (policy_.has_patterns()) collect_patterns({text, text, kOriginal}, context, edits);
    if (over_budget_) return fail_closed(text, edits);
    std::string_view layer = text;
    const std::vector<uint32_t>* starts = &kOriginal;
    uint8_t traits = traits_of(text);
    bool percent = false, backslash = false;
    const bool form = (traits & kHasAmpersand) != 0;
    documents &= !key;
    if (documents && (traits & kHasBrace) != 0 && !context.chip_data && begins_json(text)) {
        const size_t others = edits.size();
        if (collect_whole_json({text, text, kOriginal, false, false}, edits)) {
            if (over_budget_) return fail_closed(text, edits);
            // Where something in it may be URL-encoded it is read until nothing is left.
            if ((traits & kHasPercent) != 0) return;
            here.document_edits = edits.size() - others;
            here.unread_from = 0;
            return;
        }
    }
    // JSON that has a URL in it is JSON first.
    if (documents && (traits & kHasPercent) != 0 && (traits & kHasBrace) != 0) {
        if (collect_json({text, text, kOriginal, false, false}, edits)) return;
        if (over_budget_) return fail_closed(text, edits);
    }
    // Layers of URL-encoding, of backslashes and of a terminal's sequences, until there is none or the budget
    // is used up.
    for (auto depth = static_cast<uint32_t>(depth_);
         (traits & (kHasPercent | kHasBackslash | kHasBrace)) != 0; ++depth) {
        MappedText& next = here.decoded[depth % 2];
        const bool json = begins_json(layer);
        bool decoded = false;
        if ((traits & kHasPercent) != 0 && has_percent_escape(layer) && decode_percent(layer, *starts, next))
            decoded = percent = true;
        else if ((traits & kHasBackslash) != 0 && !json && has_backslash_escape(layer) &&
                 decode_backslash(layer, *starts, next))
            decoded = backslash = true;
        else if ((traits & kHasBrace) != 0 && has_terminal_sequence(layer))
            decoded = drop_terminal_sequences(layer, *starts, next);
        if (!decoded) break;
        if (depth >= policy_.limits().depth || !spend(layer.size())) return fail_closed(text, edits);
        layer = next.text;
        starts = &next.starts;
        traits = traits_of(layer);
    }
    if (percent)
        for_each_number_behind_percent(text, [&](uint32_t begin, uint32_t end) {
            const std::string_view number = text.substr(begin, end - begin);
            here.findings.clear();
            here.scanner.scan(number, context.scan, here.findings);
            if (here.findings.size() == 1 && here.findings[0].end == number.size())
                add_edit(edits, begin, end, here.findings[0].detector, decide(here.findings[0].detector),
                         number, number);
        });
    const View view{text, layer, *starts, percent, backslash};
    if (policy_.has_patterns() && (percent || backslash)) collect_patterns(view, context, edits);
    if (!key && form) collect_form({text, text, kOriginal, false, false}, edits);
    // Also one in a member of another, "next=%3Fa%3D1%26lastName%3DDoe", and behind an escaped '&'.
    if (!key && (percent || backslash)) collect_form(view, edits);
    if (!key && may_have_names(layer)) collect_tables(view, edits);
    if (!key && (traits & kHasHigh) != 0) collect_codes(view, edits);
    if (!key && (context.chip_data || context.may_be_chip_data) &&
        collect_named_emv(view, context.chip_data, edits))
        return;
    if (!key && layer.size() >= kLongRun && collect_emv(view, edits)) return;
    const size_t others = edits.size();
    if (documents && (traits & kHasBrace) != 0 && collect_json(view, edits)) {
        here.document_edits = edits.size() - others;
        if (!percent && !backslash) here.unread_from = 0;
        return;
    }
    const bool encoded = documents && !over_budget_ && collect_base64(view, context, edits);
    here.document_edits = edits.size() - others;
    if (documents && !here.broken.empty() && !over_budget_) collect_broken_json(view, edits);
    if (encoded && layer.size() >= kLongBase64 && !over_budget_ && !percent && !backslash &&
        context.subject == Detector::kNone && context.scan.named.empty()) {
        here.unread_from = kLongBase64;
        return;
    }
    if (over_budget_) return fail_closed(text, edits);
    if ((traits & kHasHigh) != 0 && fold_unicode(layer, *starts, here.folded)) {
        const View folded{text, here.folded.text, here.folded.starts, percent, backslash};
        if (policy_.has_patterns()) collect_patterns(folded, context, edits);
        collect_values(folded, context, edits);
    } else {
        collect_values(view, context, edits);
    }
    if (((traits & kHasBackslash) != 0 && has_line_escape(layer)) ||
        ((traits & kHasAmpersand) != 0 && has_entity(layer)))
        collect_lines(view, context, key, edits);
    if (over_budget_) fail_closed(text, edits);
}

// "first line\n4111…": escapes of line breaks and tabs alone may as well be a path ("C:\temp"), and an entity
// may stand for a mark of the markup around it, so such a text is read as it is and as it reads without them.
void Scrubber::collect_lines(const View& view, const ValueContext& context, bool key,
                             std::vector<Edit>& edits) {
    MappedText layers[2];
    bool backslash = view.backslash, entities = false, quotes = false;
    std::string_view text = view.text;
    const std::vector<uint32_t>* starts = &view.starts;
    for (auto depth = static_cast<uint32_t>(depth_);; ++depth) {
        const bool escapes = has_line_escape(text);
        if (!escapes && !has_entity(text)) break;
        if (depth >= policy_.limits().depth || !spend(text.size())) {
            over_budget_ = true;
            return;
        }
        MappedText& next = layers[depth % 2];
        if (escapes)
            (void)decode_backslash(text, *starts, next);
        else
            (void)decode_entities(text, *starts, next);
        backslash |= escapes;
        entities |= !escapes;
        quotes |= !escapes && std::count(next.text.begin(), next.text.end(), '"') >
                                  std::count(text.begin(), text.end(), '"');
        text = next.text;
        starts = &next.starts;
    }
    const View lines{view.original, text, *starts, view.percent, backslash, entities};
    if (!key && entities && lines.text.find('&') != std::string_view::npos) collect_form(lines, edits);
    if (!key && may_have_names(text)) collect_tables(lines, edits);
    if (!key && quotes && !over_budget_) {
        if (collect_json(lines, edits)) return;
        collect_broken_json(lines, edits);
    }
    MappedText folded;
    if (fold_unicode(text, *starts, folded))
        collect_values({view.original, folded.text, folded.starts, view.percent, backslash, entities},
                       context, edits);
    else
        collect_values(lines, context, edits);
}

namespace {

// What the name alone decides; everything else in a form is found by its own form.
bool needs_its_name(Detector subject) {
    switch (subject) {
        case Detector::kPersonName:
        case Detector::kAddress:
        case Detector::kBirthDate:
        case Detector::kCvv:
        case Detector::kPin:
        case Detector::kExpiry:
        case Detector::kCryptogram:
        case Detector::kAccount:
        case Detector::kPassword:
        case Detector::kApiSecret:
        case Detector::kNationalId:
        case Detector::kPassport:
        case Detector::kDrivingLicence:
        case Detector::kMedicalRecord:
            return true;
        default:
            return false;
    }
}

bool has_email(std::string_view form) {
    return form.find('@') != std::string_view::npos || form.find("%40") != std::string_view::npos;
}

}  // namespace

// firstName=Joe&lastName=Doe, alone or behind the '?' of a URL: keys count as in JSON.
void Scrubber::collect_form(const View& view, std::vector<Edit>& edits) {
    if (view.text.find('&') == std::string_view::npos) return;
    for_each_pair(view.text, [&](std::string_view key, size_t begin, size_t end) {
        const int custom = policy_.keys().empty() ? -1 : policy_.find_key(key);
        if (custom >= 0)
            collect_ruled_pair(view, {key, custom, begin, end, true}, edits);
        else
            collect_pair(view, key, begin, end, edits);
        return custom < 0;
    });
}

void Scrubber::collect_pair(const View& view, std::string_view key, size_t begin, size_t end,
                            std::vector<Edit>& edits) {
    MappedText name;
    if (key.find('%') != std::string_view::npos && decode_percent(key, {}, name)) key = name.text;
    const NameClass& named = path_.look_up_alone(key);
    // "name=Ann+Lee&email=ann%40example.com"
    const bool name_beside_email =
        named.subject == Detector::kNone && named.has(kBareName) && has_email(view.text);
    // "card[name]=Ann+Lee": only with a given name
    const bool may_be_name = named.subject == Detector::kNone && !name_beside_email &&
                             named.may_name_person && key.find('[') != std::string_view::npos;
    const Detector subject = name_beside_email || may_be_name ? Detector::kPersonName : named.subject;
    const Doubt doubt = may_be_name ? Doubt::kUnknown : name_beside_email ? Doubt::kMuch : named.doubt();
    if (!needs_its_name(subject)) return;
    const std::string_view value = view.text.substr(begin, end - begin);
    MappedText decoded;
    if (!decode_percent(value, {}, decoded)) decoded.text = value;
    std::replace(decoded.text.begin(), decoded.text.end(), '+', ' ');
    blank_envelopes(decoded.text);
    MappedText folded;
    const bool other = fold_unicode(decoded.text, {}, folded);
    if (!fits_name(subject, other ? folded.text : decoded.text, doubt) ||
        !is_sure(subject, decoded.text, doubt) || is_caption(subject, decoded.text))
        return;
    const auto from = static_cast<uint32_t>(begin), to = static_cast<uint32_t>(end);
    add_edit(edits, view.position(from), view.position(to), decide(subject),
             {.detector = subject,
              .original = view.original_of(from, to),
              .folded = decoded.text,
              .plain = decoded.text});
}

// A value in a text on whose name the policy has rules: it is a document of its own below that name.
void Scrubber::collect_ruled_pair(const View& view, const RuledPair& pair, std::vector<Edit>& edits) {
    const auto [key, custom, begin, end, form] = pair;
    if (begin >= end) return;
    if (depth_ >= policy_.limits().depth || !spend(end - begin)) {
        over_budget_ = true;
        return;
    }
    const std::string_view written = view.text.substr(begin, end - begin);
    MappedText decoded;
    if (!form || !decode_percent(written, {}, decoded)) decoded.text = written;
    if (form) std::replace(decoded.text.begin(), decoded.text.end(), '+', ' ');
    const NameClass named = classify_name(key, {});
    ValueContext context;
    context.subject = named.subject;
    context.doubt = named.doubt();
    if (context.subject != Detector::kNone) context.scan.named = DetectorSet(context.subject);
    context.scan.token_bins = policy_.token_bins();
    const int outer = path_.enter_form_member(custom);
    ++depth_;
    const Verdict verdict = finish(decoded.text, context, false);
    --depth_;
    path_.leave_form_member(outer);
    const uint32_t from = view.position(static_cast<uint32_t>(begin)),
                   to = view.position(static_cast<uint32_t>(end));
    level().decided.emplace_back(from, to);
    if (verdict == Verdict::kKeep || verdict == Verdict::kError) return;
    std::string text(kRemovedMark);
    if (verdict == Verdict::kReplace)
        text =
            encode_for(replacement_, view.percent || decoded.text != written, view.backslash, view.entities);
    edits.push_back({from, to, Action::kRemove, std::move(text)});
}

// Of tables, logs, XML and lines: values that have a name in the text.
void Scrubber::collect_tables(const View& view, std::vector<Edit>& edits) {
    std::vector<NamedCell> cells;
    const RuledNames ruled = ruled_names();
    if (view.text.find('\n') != std::string_view::npos) find_named_cells(view.text, cells, ruled);
    find_named_pairs(
        view.text,
        [&cells](const NamedPair& pair) {
            check_stop(cells.size());
            cells.push_back({pair.begin, pair.end, pair.subject, pair.doubt, pair.name, pair.custom});
            return true;
        },
        ruled);
    collect_cells(view, cells, edits);
}

// Security codes and PINs behind their names in other scripts.
void Scrubber::collect_codes(const View& view, std::vector<Edit>& edits) {
    std::vector<NamedCell> cells;
    find_codes_in_scripts(view.text, [&cells](const CodeInText& code) {
        check_stop(cells.size());
        cells.push_back({code.begin, code.end, code.detector, Doubt::kNone});
    });
    collect_cells(view, cells, edits);
}

RuledNames Scrubber::ruled_names() const {
    if (policy_.keys().empty()) return {};
    return [this](std::string_view name) { return policy_.find_key(name); };
}

void Scrubber::collect_cells(const View& view, const std::vector<NamedCell>& cells,
                             std::vector<Edit>& edits) {
    for (const NamedCell& cell : cells)
        if (cell.custom >= 0)
            collect_ruled_pair(view, {cell.name, cell.custom, cell.begin, cell.end, false}, edits);
        else
            collect_cell(view, cell, edits);
}

void Scrubber::collect_cell(const View& view, const NamedCell& cell, std::vector<Edit>& edits) {
    MappedText folded;
    std::string text(view.text.substr(cell.begin, cell.end - cell.begin));
    blank_envelopes(text);
    const bool caption = is_caption(cell.subject, text);
    if (!fold_unicode(text, {}, folded)) folded.text = std::move(text);
    ScanContext named;
    named.named = DetectorSet(cell.subject);
    Level& here = level();
    here.findings.clear();
    here.scanner.scan(folded.text, named, here.findings);
    const bool found = std::any_of(here.findings.begin(), here.findings.end(),
                                   [&](const Finding& f) { return f.detector == cell.subject; });
    if (!found && (caption || !fits_name(cell.subject, folded.text, cell.doubt))) return;
    const auto from = static_cast<uint32_t>(cell.begin), to = static_cast<uint32_t>(cell.end);
    const Decision decision = decide(cell.subject);
    if (own_token(cell.subject, folded.text, decision)) return;
    add_edit(edits, view.position(from), view.position(to), decision,
             {.detector = cell.subject,
              .original = view.original_of(from, to),
              .folded = folded.text,
              .plain = folded.text});
}

// The budget is used up: what could not be scanned goes.
void Scrubber::fail_closed(std::string_view text, std::vector<Edit>& edits) {
    over_budget_ = false;
    // Whatever the policy says of other things: only a rule that names this lets it through.
    Decision decision = decide(Detector::kEmbedded);
    const bool allowed =
        decision.rule != nullptr && decision.action == Action::kPass && !decision.rule->detectors.empty();
    if (!allowed) decision.action = Action::kRemove;
    add_edit(edits, 0, static_cast<uint32_t>(text.size()), Detector::kEmbedded, decision, text, text);
}

void Scrubber::collect_values(const View& view, const ValueContext& context, std::vector<Edit>& edits) {
    Level& here = level();
    std::string blanked;
    std::string_view text = view.text;
    if (keys_ != nullptr && text.find(kEnvelopeStart) != std::string_view::npos) {
        blanked = text;
        blank_envelopes(blanked);
        text = blanked;
    }
    here.findings.clear();
    ScanContext scan = context.scan;
    if (is_date_or_time(text) && context.subject != Detector::kBirthDate) scan.named = {};  // "accountClosed"
    if (context.subject == Detector::kPassport && is_date_of_document(text)) scan.named = {};
    if (context.subject == Detector::kAccount && is_service_id(text)) scan.named = {};  // "arn:aws:…:1234…:…"
    here.scanner.scan(text, scan, here.findings);
    std::sort(here.decided.begin(), here.decided.end());
    const auto decided = [&here, &view](const Finding& f) {
        const uint32_t begin = view.position(f.begin);
        const auto next =
            std::upper_bound(here.decided.begin(), here.decided.end(), std::pair(begin, UINT32_MAX));
        return next != here.decided.begin() && begin < std::prev(next)->second;
    };
    bool whole = false;
    for (const Finding& f : here.findings) {
        if (!here.decided.empty() && decided(f)) continue;
        const std::string_view folded = text.substr(f.begin, f.end - f.begin);
        if (is_bound_of_range(f.detector, folded, scan)) continue;
        const Decision decision = decide(f.detector);
        touched_ = true;
        if (own_token(f.detector, folded, decision)) continue;
        whole |= f.begin == 0 && f.end == text.size();
        const std::string plain = decoded(view, f.begin, f.end);
        add_edit(edits, view.position(f.begin), view.position(f.end), decision,
                 {.detector = f.detector,
                  .original = view.original_of(f.begin, f.end),
                  .folded = folded,
                  .plain = plain});
    }
    if (whole || context.subject == Detector::kNone) return;
    // A number the key names has been found by it already; what is around it may stay.
    const bool found = std::any_of(here.findings.begin(), here.findings.end(),
                                   [&](const Finding& f) { return f.detector == context.subject; });
    const bool text_kind = context.subject == Detector::kAddress || context.subject == Detector::kPersonName;
    if (found && !text_kind) return;
    const View scanned{view.original, text, view.starts, view.percent, view.backslash, view.entities};
    collect_subject(scanned, context, edits);
}

namespace {

bool fits(const ValueContext& context, std::string_view text) {
    // {"address": {"state": "OK"}}: Oklahoma
    if (context.subject == Detector::kAddress && context.part && text == "OK") return true;
    if (context.coded > 0) return is_coded_value(text, context.coded);
    return context.field ? fits_field(context.subject, text)
                         : fits_name(context.subject, text, context.doubt);
}

}  // namespace

void Scrubber::collect_subject(const View& view, const ValueContext& context, std::vector<Edit>& edits) {
    if (!fits(context, view.text) || !is_sure(context.subject, view.original, context.doubt) ||
        is_caption(context.subject, view.original))
        return;
    const Decision decision = decide(context.subject);
    if (own_token(context.subject, view.text, decision)) return;
    const std::string plain = decoded(view, 0, static_cast<uint32_t>(view.text.size()));
    add_edit(edits, 0, static_cast<uint32_t>(view.original.size()), decision,
             {.detector = context.subject, .original = view.original, .folded = view.text, .plain = plain});
}

// What the original writes there, decoded but not folded; empty where that is the original itself.
std::string Scrubber::decoded(const View& view, uint32_t begin, uint32_t end) const {
    if (!view.percent && !view.backslash && !view.entities) return {};
    constexpr int kMostLayers = 5;
    std::string text(view.original_of(begin, end));
    MappedText next;
    for (int layer = 0; layer < kMostLayers; ++layer) {
        if (!decode_percent(text, {}, next) && !(view.backslash && decode_backslash(text, {}, next)) &&
            !(view.entities && decode_entities(text, {}, next)))
            break;
        text = next.text;
    }
    return text;
}

// A number that our own tokenizing gave stays, where tokenizing is what the policy asks for.
bool Scrubber::own_token(Detector detector, std::string_view folded, const Decision& decision) const {
    if (decision.action != Action::kTokenize || keys_ == nullptr) return false;
    if (detector != Detector::kPan && detector != Detector::kDevicePan) return false;
    std::string digits;
    std::copy_if(folded.begin(), folded.end(), std::back_inserter(digits), is_digit);
    return std::any_of(keys_->keys().begin(), keys_->keys().end(),
                       [&digits](const NamedKey& key) { return is_pan_token(digits, key); });
}

// Authentic envelopes become blanks: they hold nothing to find. A forged one stays what it is, text.
void Scrubber::blank_envelopes(std::string& text) const {
    if (keys_ == nullptr) return;
    for (size_t at = text.find(kEnvelopeStart); at != std::string::npos;
         at = text.find(kEnvelopeStart, at + 1)) {
        const auto envelope = parse_envelope(std::string_view(text).substr(at));
        if (!envelope || !authentic(*envelope, *keys_)) continue;
        text.replace(at, envelope->size, envelope->size, ' ');
        at += envelope->size - 1;
    }
}

}  // namespace gpsync::core::pii
