#include "pg/scrub/scrub.h"

#include "core/json_writer.hpp"
#include "core/pii/checksums.hpp"
#include "core/pii/document/json_text_scrub.hpp"
#include "core/pii/document/value_kind.hpp"
#include "core/pii/mapped_text.hpp"
#include "core/pii/protect/actions.hpp"
#include "core/pii/text.hpp"
#include "pg/json/render_internal.h"
#include "pg/pg_buffer.h"
#include "pg/scrub/key_file.h"
#include "pg/scrub/scrub_internal.h"
#include "pg/utf8.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/detoast.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg {

using core::ByteBuffer;
using core::pii::Verdict;

struct ScrubObjects {
    ScrubObjects(const core::pii::Policy& policy, const core::pii::KeyRing* keys)
        : scrubber(policy, keys, core::pii::Mode::kScrub) {}
    core::pii::Scrubber scrubber;
    core::pii::JsonTextScrub json;
    // Of whole values: their text without verification data, and what became of it.
    core::pii::Scrubber verification{core::pii::Policy::verification_data(), nullptr,
                                     core::pii::Mode::kScrub};
    std::string left, acted_on;
    core::pii::Status status;  // of an action
};

namespace {

void delete_objects(void* objects) {
    delete static_cast<ScrubObjects*>(objects);
}

// The Scrubber knows UTF-8. SQL_ASCII does not define what its bytes mean, so there they are taken as they
// are.
bool database_converts() {
    return GetDatabaseEncoding() != PG_UTF8 && GetDatabaseEncoding() != PG_SQL_ASCII;
}

}  // namespace

std::string_view as_utf8(std::string_view text, const Scrub& scrub) {
    return scrub.converts ? to_utf8(text) : text;
}

std::string_view from_utf8(std::string_view text, const Scrub& scrub) {
    if (!scrub.converts || text.empty()) return text;
    return pg_any_to_server(text.data(), static_cast<int>(text.size()), PG_UTF8);
}

namespace {

[[noreturn]] void raise_status(const core::pii::Status& status) {
    if (status.code == core::pii::Code::kStopped) raise_stopped();
    ereport(ERROR,
            (errcode(static_cast<int>(sqlstate_of(status.code))),
             status.message.empty() ? errmsg("out of memory") : errmsg_internal("%s", status.message.c_str()),
             errdetail("PII could not be taken out of a value, so the stream stops here."),
             status.hint.empty() ? 0 : errhint("%s", status.hint.c_str())));
    pg_unreachable();
}

}  // namespace

Scrub* make_scrub(MemoryContext context, const core::pii::Policy& policy, const core::pii::KeyRing* keys) {
    auto* scrub = static_cast<Scrub*>(MemoryContextAllocZero(context, sizeof(Scrub)));
    auto* callback =
        static_cast<MemoryContextCallback*>(MemoryContextAllocZero(context, sizeof(MemoryContextCallback)));
    scrub->scratch = make_buffer(context);
    scrub->frames = make_buffer(context);
    scrub->checked = make_buffer(context);
    scrub->converts = database_converts();
    scrub->objects = new ScrubObjects(policy, keys);
    scrub->scrubber = &scrub->objects->scrubber;
    callback->func = delete_objects;
    callback->arg = scrub->objects;
    MemoryContextRegisterResetCallback(context, callback);
    return scrub;
}

namespace {

core::pii::Scrubber::RowMember row_member(Scrub& scrub, std::string_view name, bool labels_matter) {
    const auto member = scrub.scrubber->row_member(name, labels_matter);
    scrub.in_document = false;
    if (!scrub.scrubber->status().ok()) throw error_of(scrub.scrubber->status());
    return member;
}

}  // namespace

ScrubMember make_scrub_member(Scrub& scrub, std::string_view name, bool labels_matter, const RenderPlan& plan,
                              MemoryContext context) {
    name = as_utf8(name, scrub);
    char* kept = static_cast<char*>(MemoryContextAlloc(context, name.size() + 1));
    std::memcpy(kept, name.data(), name.size());
    ScrubMember member{{kept, name.size()}, row_member(scrub, name, labels_matter), false};
    member.skip = member.known.context.by_itself && is_harmless(plan);
    return member;
}

bool is_value_column(Scrub& scrub, std::string_view name) {
    return row_member(scrub, as_utf8(name, scrub), true).is_value();
}

void raise_scrub_error(const Scrub& scrub) {
    raise_status(scrub.scrubber->status());
}

namespace {

// A large value is read for nothing: what says what another one is, is a few words.
bool may_be_label(const RenderPlan& plan, Datum value) {
    constexpr Size kMostBytes = 4096;
    switch (plan.probe) {
        case Probe::kText:
        case Probe::kJson:
        case Probe::kJsonb:
        case Probe::kArray:
        case Probe::kComposite:
            return toast_raw_datum_size(value) <= kMostBytes;
        default:
            return true;
    }
}

}  // namespace

void show_sibling(Scrub& scrub, std::string_view name, RenderPlan& plan, const Datum* value) {
    if (!scrub.scrubber->sibling(as_utf8(name, scrub)) || value == nullptr || !may_be_label(plan, *value))
        return;
    ByteBuffer json = make_buffer(CurrentMemoryContext);
    render_value(json, plan, *value);
    scrub.scrubber->sibling_value(as_utf8(json.view(), scrub));
    pfree(json.data);
}

namespace {

void show_siblings(Scrub& scrub) {
    scrub.siblings->show(*scrub.siblings, scrub);
    scrub.scrubber->siblings_end();
}

}  // namespace

void show_wanted_siblings(Scrub& scrub, std::string_view text) {
    if (scrub.siblings != nullptr && scrub.scrubber->wants_siblings(text)) show_siblings(scrub);
}

void show_siblings_of_document(Scrub& scrub) {
    if (scrub.siblings == nullptr) return;
    if (scrub.scrubber->container_wants_siblings() || scrub.scrubber->wants_siblings({}))
        show_siblings(scrub);
}

bool scrub_string(ByteBuffer& out, std::string_view text, Scrub& scrub) {
    const std::string_view utf8 = as_utf8(text, scrub);
    show_wanted_siblings(scrub, utf8);
    return follow(
        scrub.scrubber->string(utf8), scrub, [&] { core::append_json_string(out, text); },
        [&](std::string_view replacement) { core::append_json_string(out, replacement); });
}

bool scrub_written_number(ByteBuffer& out, size_t start, Scrub& scrub) {
    const std::string_view number = out.view().substr(start);
    const size_t sign = number.starts_with('-') ? 1 : 0;
    size_t end = sign;
    while (end < number.size() && core::pii::is_digit(number[end])) ++end;
    show_wanted_siblings(scrub, {});
    const bool wanted = scrub.scrubber->wants_number(static_cast<unsigned>(end - sign), end < number.size());
    const Verdict verdict = wanted ? scrub.scrubber->number(number) : scrub.scrubber->skipped_number();
    return follow(
        verdict, scrub, [] {},
        [&](std::string_view replacement) {
            out.size = start;
            core::append_json_string(out, replacement);
        });
}

bool scrub_boolean(ByteBuffer& out, bool value, Scrub& scrub) {
    return follow(
        scrub.scrubber->boolean(value), scrub,
        [&] { out.append(value ? std::string_view("true") : std::string_view("false")); },
        [&](std::string_view replacement) { core::append_json_string(out, replacement); });
}

void scrub_null(Scrub& scrub) {
    if (scrub.scrubber->null() == Verdict::kError) raise_scrub_error(scrub);
}

void scrub_key(ByteBuffer& out, std::string_view name, Scrub& scrub) {
    (void)follow(
        scrub.scrubber->name(as_utf8(name, scrub)), scrub, [&] { core::append_json_string(out, name); },
        [&](std::string_view replacement) { core::append_json_string(out, replacement); });
    out.append(':');
}

bool scrub_begin(bool array, Scrub& scrub) {
    if (scrub.siblings != nullptr && scrub.scrubber->container_wants_siblings()) show_siblings(scrub);
    return stays(array ? scrub.scrubber->begin_array() : scrub.scrubber->begin_object(), scrub);
}

void scrub_end(bool array, Scrub& scrub) {
    if (array)
        scrub.scrubber->end_array();
    else
        scrub.scrubber->end_object();
}

bool scrub_json_text(ByteBuffer& out, std::string_view json, Scrub& scrub) {
    core::pii::JsonTextScrub& text = scrub.objects->json;
    show_siblings_of_document(scrub);
    return follow(
        text.scrub(as_utf8(json, scrub), *scrub.scrubber), scrub, [&] { append_json_on_one_line(out, json); },
        [&](std::string_view) { out.append(from_utf8(text.text(), scrub)); });
}

// The name of a column is shown as it is: it is no data.
void begin_member(const ScrubMember& member, Scrub& scrub) {
    if (!scrub.in_document) {
        (void)scrub.scrubber->give_back();
        if (scrub.scrubber->begin_row() != Verdict::kKeep) raise_scrub_error(scrub);
        scrub.in_document = true;
    }
    scrub.scrubber->member(member.known, member.name);
    scrub.changed = false;
}

namespace {

// That it has not been asked for already: is_clean() has said that this value is not.
bool may_be_clean(const RenderPlan& plan, Datum value, Scrub& scrub) {
    if (plan.probe != Probe::kJsonb && plan.probe != Probe::kArray) return false;
    if (scrub.suspicious != DatumGetPointer(value)) return true;
    scrub.suspicious = nullptr;
    return false;
}

bool render_clean(ByteBuffer& out, RenderPlan& plan, Datum value, const ScrubMember& member, Scrub& scrub) {
    if (plan.probe == Probe::kJsonb) return append_clean_jsonb(out, value, member, scrub);
    if (!is_clean_array(plan, value, member, scrub)) return false;
    render_value(out, plan, value);
    return true;
}

}  // namespace

bool is_clean(RenderPlan& plan, Datum value, const ScrubMember& member, Scrub& scrub) {
    if (!may_be_clean(plan, value, scrub)) return false;
    const bool clean = plan.probe == Probe::kJsonb ? is_clean_jsonb(value, member, scrub)
                                                   : is_clean_array(plan, value, member, scrub);
    scrub.suspicious = clean ? nullptr : DatumGetPointer(value);
    return clean;
}

bool render_scrubbed(ByteBuffer& out, RenderPlan& plan, Datum value, const ScrubMember& member,
                     Scrub& scrub) {
    scrub.changed = false;
    if (member.skip) {
        render_value(out, plan, value);
        return true;
    }
    value = detoasted(plan, value);
    if (may_be_clean(plan, value, scrub) && render_clean(out, plan, value, member, scrub)) return true;
    if (plan.probe == Probe::kJsonb) return scrub_jsonb_member(out, value, member, scrub);
    if (member.known.context.by_itself && render_if_clean(out, plan, value, scrub)) return true;
    begin_member(member, scrub);
    return scrub_item(out, plan, value, scrub);
}

bool scrub_json_member(ByteBuffer& out, std::string_view json, const ScrubMember& member, Scrub& scrub) {
    begin_member(member, scrub);
    return scrub_json_text(out, json, scrub);
}

namespace {

bool is_card_number(std::string_view text) {
    if (text.size() < 12 || text.size() > 19) return false;
    for (char c : text)
        if (!core::pii::is_digit(c)) return false;
    return core::pii::luhn_valid(text);
}

// Takes verification data out of a text, into objects.left; false: it is all of the text, or status is not
// ok.
bool take_out_verification_data(std::string_view text, ScrubObjects& objects) noexcept {
    core::pii::Scrubber& scrubber = objects.verification;
    scrubber.begin_document();
    const Verdict verdict = scrubber.string(text);
    try {
        objects.left = verdict == Verdict::kReplace ? scrubber.replacement() : text;
        objects.status = verdict == Verdict::kError ? scrubber.status() : core::pii::Status();
    } catch (const std::exception&) {
        objects.status = core::pii::Status::out_of_memory();
    }
    (void)scrubber.give_back();
    return objects.status.ok() && verdict != Verdict::kRemove;
}

// A card number's token keeps its form; other values are one kind, so that equal values have equal digests
// and tokens whatever their columns are called.
void act(core::pii::Action action, core::pii::Detector subject, bool tail, const core::pii::KeyRing* keys,
         ScrubObjects& objects) noexcept {
    using core::pii::Action;
    using core::pii::Detector;
    const std::string_view text = objects.left;
    try {
        objects.acted_on.clear();
        const bool card = action != Action::kMask && is_card_number(text);
        tail = tail && action == Action::kMask && core::pii::may_show_tail(text, subject, {});
        core::pii::MappedText folded;
        if (!core::pii::fold_unicode(text, {}, folded)) folded.text = text;
        const Detector kind =
            action == Action::kHash ? core::pii::kind_of_value(text, subject) : Detector::kNone;
        objects.status = core::pii::apply_action({.action = action,
                                                  .detector = card ? Detector::kPan : Detector::kCustom,
                                                  .original = text,
                                                  .folded = folded.text,
                                                  .kind = kind,
                                                  .tail = tail},
                                                 keys, objects.acted_on);
    } catch (const std::exception&) {
        objects.status = core::pii::Status::out_of_memory();
    }
}

}  // namespace

namespace {

// The last four of a card number say little; those of a document may be the whole of a PIN, and those of a
// date its day. So they are kept of text and numbers only.
bool keeps_last_four(Probe probe, std::string_view json, std::string_view text) {
    const size_t start = text.find_first_not_of(" \t\r\n");
    if (start != std::string_view::npos &&
        std::string_view("{[<").find(text[start]) != std::string_view::npos)
        return false;
    switch (probe) {
        case Probe::kText:
        case Probe::kInteger:
        case Probe::kNumber:
            return true;
        case Probe::kJson:
        case Probe::kJsonb:
            return json.find_first_of("{[") != json.find_first_not_of(" \t\r\n");
        default:
            return false;
    }
}

}  // namespace

bool append_acted_on(ByteBuffer& out, const WrittenValue& value, core::pii::Action action,
                     const core::pii::KeyRing* keys, Scrub& scrub) {
    ScrubObjects& objects = *scrub.objects;
    scrub.scratch.size = 0;
    core::append_json_scalar_text(scrub.scratch, value.json);
    const bool tail = keeps_last_four(value.probe, value.json, scrub.scratch.view());
    const bool stays = take_out_verification_data(as_utf8(scrub.scratch.view(), scrub), objects);
    if (stays) act(action, value.subject, tail, keys, objects);
    if (!objects.status.ok()) raise_status(objects.status);
    if (stays) core::append_json_string(out, from_utf8(objects.acted_on, scrub));
    return stays;
}

}  // namespace gpsync::pg
