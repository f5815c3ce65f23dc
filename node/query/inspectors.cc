#include "node/query/inspectors.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/block/header.h"
#include "ledger/rules/inspectors.h"
#include "node/query/limits.h"
#include "node/query/page_token.h"

namespace assent::query {

using replica::ReadView;
using rules::AccreditationStanding;
using rules::AccreditationView;

namespace {

v1::AccreditationStatus ToProto(AccreditationStanding standing) {
  switch (standing) {
    case AccreditationStanding::kAhead:
      return v1::ACCREDITATION_AHEAD;
    case AccreditationStanding::kInForce:
      return v1::ACCREDITATION_IN_FORCE;
    case AccreditationStanding::kExpired:
      return v1::ACCREDITATION_EXPIRED;
    case AccreditationStanding::kEnded:
      return v1::ACCREDITATION_ENDED;
    case AccreditationStanding::kLapsed:
      return v1::ACCREDITATION_LAPSED;
  }
  return v1::ACCREDITATION_STATUS_UNSPECIFIED;
}

v1::Accreditation ToProto(const AccreditationView& view) {
  v1::Accreditation message;
  message.set_index(view.index.value());
  message.set_member(view.member.str());
  message.set_public_key(view.key.str());
  message.set_name(view.name);
  message.set_from_us(view.from.us);
  message.set_until_us(view.until.us);
  message.set_all_bodies(view.scope.all_bodies);
  for (const MemberCode& author : view.scope.authors) message.add_authors(author.str());
  for (const std::string& type : view.scope.types) message.add_types(type);
  message.set_status(ToProto(view.standing));
  if (view.ended_by) message.set_ended_by(view.ended_by->value());
  if (view.ended) message.set_ended_us(view.ended->us);
  return message;
}

// Which accreditations are wanted, from which index on, and as of which block.
struct InspectorSelection {
  BlockHeader as_of;
  EntryIndex from;
  MemberCode member;                                                      // empty: every member
  v1::AccreditationStatus status = v1::ACCREDITATION_STATUS_UNSPECIFIED;  // any
};

absl::StatusOr<BlockHeader> HeaderAt(const ReadView& view, Height height) {
  const Height newest = view.tip().header.height;
  if (height > newest) {
    return absl::OutOfRangeError(absl::StrCat("height ", height.value(),
                                              " is not final at this node yet: its newest is ",
                                              newest.value()));
  }
  const absl::StatusOr<StoredBlock> block = view.BlockAt(height);
  if (!block.ok()) return block.status();
  return block->header;
}

// What two pages of one listing have in common.
TokenScope ScopeOf(v1::ListInspectorsRequest request) {
  request.clear_page_size();
  request.clear_page_token();
  return {"inspectors", request.SerializeAsString()};
}

absl::StatusOr<InspectorSelection> Select(const ReadView& view,
                                          const v1::ListInspectorsRequest& request) {
  InspectorSelection selection;
  if (!v1::AccreditationStatus_IsValid(request.status())) {
    return absl::InvalidArgumentError("status is none that an accreditation can have");
  }
  selection.status = request.status();
  if (!request.member().empty()) {
    const auto code = MemberCode::From(request.member());
    if (!code) {
      return absl::InvalidArgumentError("member is not the code of a state: 3 to 8 letters A-Z");
    }
    selection.member = *code;
  }
  Height height = request.has_as_of() ? Height(request.as_of()) : view.tip().header.height;
  if (!request.page_token().empty()) {
    const auto token = ParsePageToken(request.page_token(), ScopeOf(request));
    if (!token.ok()) return token.status();
    const auto cursor = NumberCursor(*token);
    if (!cursor.ok()) return cursor.status();
    height = token->as_of;
    selection.from = EntryIndex(*cursor);
  }
  absl::StatusOr<BlockHeader> as_of = HeaderAt(view, height);
  if (!as_of.ok()) return as_of.status();
  selection.as_of = *std::move(as_of);
  return selection;
}

bool IsWanted(const AccreditationView& view, const InspectorSelection& selection) {
  return (selection.member.empty() || view.member == selection.member) &&
         (selection.status == v1::ACCREDITATION_STATUS_UNSPECIFIED ||
          ToProto(view.standing) == selection.status);
}

}  // namespace

absl::StatusOr<v1::ListInspectorsResponse> ListInspectors(
    const ReadView& view, const Reader& reader, const v1::ListInspectorsRequest& request) {
  const auto page_size = PageSize(request.page_size(), kInspectorsPageDefault, kInspectorsPageMax);
  if (!page_size.ok()) return page_size.status();
  const absl::StatusOr<InspectorSelection> selection = Select(view, request);
  if (!selection.ok()) return selection.status();

  v1::ListInspectorsResponse response;
  response.set_as_of(selection->as_of.height.value());
  std::optional<EntryIndex> next;
  std::size_t looked_at = 0;
  std::size_t bytes = 0;
  // All that are looked at may be seen, so that where a page ends tells of nothing else.
  const auto visit = [&](EntryIndex index) {
    const auto found = rules::AccreditationAt(view.state(), index, selection->as_of.time,
                                              selection->as_of.tree_size);
    if (!found) return false;  // later than the height
    const std::size_t count = static_cast<std::size_t>(response.accreditations_size());
    if (count == *page_size || looked_at == kScanEntriesMax || bytes > kPageBytesMax) {
      next = index;
      return false;
    }
    ++looked_at;
    if (!IsWanted(*found, *selection)) return true;
    if (!reader.May(found->member, {"InspectorAccreditation", found->audience})) return true;
    v1::Accreditation& added = *response.add_accreditations();
    added = ToProto(*found);
    bytes += added.ByteSizeLong();
    return true;
  };
  rules::ScanAccreditations(view.state(), selection->from, !reader.SeesAll(), visit);
  if (next) {
    response.set_next_page_token(
        EncodePageToken(selection->as_of.height, next->value(), ScopeOf(request)));
  }
  for (const AccreditationView& own : reader.accreditations) *response.add_own() = ToProto(own);
  return response;
}

}  // namespace assent::query
