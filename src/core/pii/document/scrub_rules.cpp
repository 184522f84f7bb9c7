// Rules over whole values: what becomes of a value on which a rule decides, whatever is in it.
#include <algorithm>

#include "core/pii/document/scrub_level.hpp"
#include "core/pii/document/value_kind.hpp"
#include "core/pii/names/name_values.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

// Verification data is taken out of the text first: it may be kept in no form (PCI DSS 3.3.1). The rule is
// applied to what is left.
Verdict Scrubber::finish_by_rule(const Rule& rule, std::string_view text, const ValueContext& context) {
    std::string left(text);
    blank_envelopes(left);
    if (std::all_of(left.begin(), left.end(), is_space)) return Verdict::kKeep;
    if (rule.action == Action::kRemove) return apply_whole_rule(rule, text, context);
    only_verification_ = true;
    const Verdict verdict = finish(text, context, false);
    only_verification_ = false;
    if (verdict == Verdict::kError) return verdict;
    if (verdict == Verdict::kRemove && mode_ == Mode::kScrub) return verdict;
    left = verdict == Verdict::kReplace ? std::move(replacement_) : std::string(text);
    return apply_whole_rule(rule, left, context);
}

Verdict Scrubber::number_by_rule(const Rule& rule, std::string_view text) {
    const ValueContext context = path_.resolve();
    const Detector subject = context.subject;
    if (rule.action == Action::kRemove || !info(subject).only_remove || !number_fits_name(subject, text))
        return apply_whole_rule(rule, text, context);
    (void)note(subject, decide(subject));
    return Verdict::kRemove;
}

Verdict Scrubber::apply_whole_rule(const Rule& rule, std::string_view text, const ValueContext& context) {
    const Decision decision{rule.action, &rule};
    if (text.empty() || text == kRemovedMark) return Verdict::kKeep;
    if (rule.action == Action::kMask && (is_masked(text) || std::none_of(text.begin(), text.end(), is_word)))
        return Verdict::kKeep;
    std::vector<Edit> edits;
    const bool digest = rule.action == Action::kHash || rule.action == Action::kTokenize;
    MappedText folded;
    if (!digest || !fold_unicode(text, {}, folded)) folded.text = text;
    const bool tail = rule.action == Action::kMask && may_show_tail(text, context.subject, context.scan);
    const Detector kind =
        rule.action == Action::kHash ? kind_of_value(text, context.subject) : Detector::kNone;
    add_edit(
        edits, 0, static_cast<uint32_t>(text.size()), decision,
        {.detector = Detector::kCustom, .original = text, .folded = folded.text, .kind = kind, .tail = tail});
    if (!status_.ok()) return Verdict::kError;
    if (rule.action == Action::kRemove || (!edits.empty() && edits[0].text == kRemovedMark))
        return Verdict::kRemove;
    replacement_ = edits.empty() ? std::string() : std::move(edits[0].text);
    return Verdict::kReplace;
}

}  // namespace gpsync::core::pii
