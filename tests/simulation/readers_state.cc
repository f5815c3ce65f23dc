// What follows from the entries: members, what they decide, who reads, and what inspectors ask.
#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/crypto/hash.h"
#include "node/query/ask.h"
#include "node/query/drafts.h"
#include "node/query/inspectors.h"
#include "node/query/limits.h"
#include "node/query/member_questions.h"
#include "node/query/members.h"
#include "node/query/revisions.h"
#include "node/query/state_keys.h"
#include "tests/simulation/readers.h"

namespace assent::simulation {
namespace {

constexpr std::uint32_t kNotifiedYear = 2026;  // testing::NotificationBody
constexpr std::int32_t kKeysPage = 20;

// Ids of what was there at this size of the log, in order.
template <class Map>
std::vector<std::uint64_t> IdsBelow(const Map& map, std::uint64_t tree_size) {
  std::vector<std::uint64_t> ids;
  for (const auto& [id, item] : map) {
    if (id < tree_size) ids.push_back(id);
  }
  return ids;
}

bool IsMember(const v1::Member& shown, const MemberCode& code, const History::Member& member) {
  const bool same_node =
      !member.node ? !shown.has_node()
                   : shown.node().vote_key() == member.node->vote.view() &&
                         shown.node().checkpoint_key() == member.node->checkpoint.view() &&
                         shown.node().transport_key() == member.node->transport.view();
  return shown.code() == code.str() && shown.authority_key() == member.authority.view() &&
         shown.reader_key() == member.reader.view() && shown.membership() == member.membership &&
         shown.votes() == member.votes && same_node;
}

// Endorsements by those who are no members any more, or again, do not count while it is open.
bool IsQuestion(const v1::MemberQuestion& shown, const std::string& type,
                const History::Question& question, const History::Moment& now) {
  const std::uint64_t tree_size = now.header.tree_size;
  const bool open = !question.decided || *question.decided >= tree_size;
  std::map<std::uint64_t, MemberCode> endorsed;
  for (const auto& [by, index] : question.endorsed) {
    const auto member = now.members.find(by.first);
    const bool counts =
        !open || (member != now.members.end() && member->second.membership == by.second);
    if (index < tree_size && counts) endorsed.emplace(index, by.first);
  }
  const bool same = std::ranges::equal(
      shown.endorsements(), endorsed, [](const v1::QuestionEndorsement& each, const auto& item) {
        return each.index() == item.first && each.member() == item.second.str();
      });
  return same && shown.type() == type && shown.about() == question.about.str() &&
         shown.author() == question.author.str() &&
         shown.status() == (open ? v1::QUESTION_OPEN : v1::QUESTION_DECIDED) &&
         shown.needed() == (open ? 2 * now.members.size() / 3 + 1 : 0) &&
         (open ? !shown.has_decided_by() : shown.decided_by() == *question.decided);
}

bool IsAccreditation(const v1::Accreditation& shown, const History::Accreditation& given,
                     const History::Moment& now) {
  const auto same = [](const auto& list, const std::set<std::string>& names) {
    return std::set<std::string>(list.begin(), list.end()) == names;
  };
  const v1::AccreditationStatus standing = StandingOf(given, now);
  const bool ended = standing == v1::ACCREDITATION_ENDED;
  return shown.member() == given.member.str() && shown.public_key() == given.key.view() &&
         shown.all_bodies() == given.all_bodies && same(shown.authors(), given.authors) &&
         same(shown.types(), given.types) && shown.from_us() == given.from.us &&
         shown.until_us() == given.until.us && shown.status() == standing &&
         (ended ? shown.ended_by() == *given.ended : !shown.has_ended_by());
}

}  // namespace

// The epoch is that of the next block, which an act begins at those nodes that have it.
void Readers::Status(const Call& call) {
  const BlockHeader& tip = call.now.header;
  const LedgerParts& parts = *parts_;
  const v1::LedgerStatus shown =
      query::StatusOf(call.view, parts.ledger.act.text.origin, parts.states[0].code(), "simulated");
  const auto restart = history().RestartOn(call.now.hash);
  const bool same_epoch =
      shown.epoch() == EpochAfter(tip).value() || (restart && shown.epoch() == restart->value());
  const bool founded = tip.height == Height(0);
  if (shown.ledger_id() != tip.ledger_id.view() || shown.height() != tip.height.value() ||
      shown.time_us() != tip.time.us || shown.tree_size() != tip.tree_size ||
      shown.root() != history().RootOf(tip.tree_size).view() ||
      (!founded && (!same_epoch || shown.state_digest() != tip.state_digest.view()))) {
    Fail(absl::StrCat("the status of height ", shown.height(), " is another"));
  }
}

// As they were at a height, which may be older than the node's newest, or not be final there yet.
void Readers::Members(const Call& call) {
  const Height newest = call.now.header.height;
  const Height height(random_.Below(newest.value() + 2));
  v1::ListMembersRequest request;
  request.set_as_of(height.value());
  std::vector<v1::Member> shown;
  const auto list = [&](const auto& page) { return query::ListMembers(call.view, page); };
  const absl::Status status = Whole(request, list, [&](const v1::ListMembersResponse& page) {
    shown.insert(shown.end(), page.members().begin(), page.members().end());
  });
  if (!status.ok()) {
    if (height > newest && absl::IsOutOfRange(status)) return;
    return Fail(absl::StrCat("the list of members is refused: ", status.message()));
  }
  if (height > newest) return Fail("the list of members is of a height that is not final there");
  const auto& members = history().At(height).members;
  const bool same = std::ranges::equal(shown, members, [](const auto& each, const auto& item) {
    return IsMember(each, item.first, item.second);
  });
  if (!same) Fail(absl::StrCat("other members than those of height ", height.value()));
}

void Readers::HeadOf(const Call& call) {
  const MemberCode& code = parts_->states[random_.Below(parts_->states.size())].code();
  const auto answer = query::AuthorHeadOf(call.view, code.str());
  const auto member = call.now.members.find(code);
  if (member == call.now.members.end() && absl::IsNotFound(answer.status())) return;
  const auto found = call.now.heads.find(code);
  const History::Head head = found == call.now.heads.end() ? History::Head() : found->second;
  if (!answer.ok() || member == call.now.members.end() || answer->sequence() != head.sequence ||
      answer->leaf_hash() != head.leaf.view() ||
      answer->membership() != member->second.membership) {
    Fail(absl::StrCat("the newest entry of ", code.str(), " is another"));
  }
}

void Readers::Questions(const Call& call) {
  std::vector<std::uint64_t> left = IdsBelow(history().questions(), call.tree_size());
  const auto list = [&](const auto& page) { return query::ListMemberQuestions(call.view, page); };
  const auto visit = [&](const v1::ListMemberQuestionsResponse& page) {
    for (const v1::MemberQuestion& shown : page.questions()) {
      const std::uint64_t id = shown.question();
      if (left.empty() || id != left.back() ||
          !IsQuestion(shown, history().filed()[id].type, history().questions().at(id), call.now)) {
        return Fail(absl::StrCat("question ", id, " is another"));
      }
      left.pop_back();
    }
  };
  const absl::Status status = Whole(v1::ListMemberQuestionsRequest(), list, visit);
  if (!status.ok()) return Fail(absl::StrCat("questions are refused: ", status.message()));
  if (!left.empty()) Fail("a question is not shown");
}

// Of any height; to who does not see all bodies, those that are PUBLIC.
void Readers::Inspectors(const Call& call) {
  const Height height(random_.Below(call.now.header.height.value() + 1));
  const History::Moment& then = history().At(height);
  std::vector<std::uint64_t> expected;
  for (const std::uint64_t id : IdsBelow(history().accreditations(), then.header.tree_size)) {
    if (call.sight.SeesAll() || history().filed()[id].is_public) expected.push_back(id);
  }
  v1::ListInspectorsRequest request;
  request.set_as_of(height.value());
  auto next = expected.begin();
  const auto list = [&](const auto& page) {
    return query::ListInspectors(call.view, call.reader, page);
  };
  const auto visit = [&](const v1::ListInspectorsResponse& page) {
    for (const v1::Accreditation& shown : page.accreditations()) {
      if (next == expected.end() || shown.index() != *next ||
          !IsAccreditation(shown, history().accreditations().at(*next), then)) {
        return Fail(absl::StrCat("accreditation ", shown.index(), " is another"));
      }
      ++next;
    }
    if (!std::ranges::equal(page.own(), call.sight.given, {}, &v1::Accreditation::index)) {
      Fail("an inspector is told of other accreditations of its own");
    }
  };
  const absl::Status status = Whole(request, list, visit);
  if (!status.ok()) return Fail(absl::StrCat("inspectors are refused: ", status.message()));
  if (next != expected.end()) Fail("an accreditation is not shown");
}

// Where the round stood, and the number that it got.
bool Readers::IsRound(const v1::Revision& shown, std::uint64_t tree_size) const {
  const auto found = history().rounds().find(shown.round());
  if (found == history().rounds().end() || found->first >= tree_size) return false;
  const History::Round& round = found->second;
  const bool ended = !round.open && round.ended_by < tree_size;
  const auto& revisions = history().revisions();
  const auto revision = std::ranges::find(revisions, found->first, &History::Revision::round);
  const bool numbered = revision != revisions.end() && revision->tree_size <= tree_size;
  return shown.replaces() == round.replaces && shown.proposer() == round.proposer.str() &&
         shown.text_hash() == round.text.view() &&
         shown.status() == (ended ? round.end : v1::OPEN_FOR_SIGNATURE) &&
         (ended ? shown.ended_by() == round.ended_by : !shown.has_ended_by()) &&
         (numbered ? shown.number() == static_cast<std::uint32_t>(revision - revisions.begin() + 1)
                   : !shown.has_number());
}

// Newest first, and the founding act's text last: all rounds for who may see them all; to others,
// of those that have become revisions, the ones whose opening they may see.
void Readers::Revisions(const Call& call) {
  std::vector<std::uint64_t> left;
  if (call.sight.CoversAll("RevisionOpen")) {
    left = IdsBelow(history().rounds(), call.tree_size());
  } else {
    for (std::size_t i = 0; i < history().RevisionsAt(call.tree_size()); ++i) {
      const std::uint64_t round = history().revisions()[i].round;
      if (call.sight.May(history().filed()[round])) left.push_back(round);
    }
  }
  bool founding = false;
  const auto list = [&](const auto& page) {
    return query::ListRevisions(call.view, call.reader, parts_->ledger.act.text, page);
  };
  const auto visit = [&](const v1::ListRevisionsResponse& page) {
    for (const v1::Revision& shown : page.revisions()) {
      if (left.empty() && !founding && shown.has_number() && shown.number() == 0) {
        founding = true;
      } else if (left.empty() || shown.round() != left.back() ||
                 !IsRound(shown, call.tree_size())) {
        return Fail(absl::StrCat("a round is another: ", shown.ShortDebugString()));
      } else {
        left.pop_back();
      }
    }
  };
  const absl::Status status = Whole(v1::ListRevisionsRequest(), list, visit);
  if (!status.ok()) return Fail(absl::StrCat("revisions are refused: ", status.message()));
  if (!left.empty() || !founding) Fail("a round is not shown");
}

// For who may see them all. A draft is overtaken when what it was to replace has been replaced.
void Readers::Drafts(const Call& call) {
  std::vector<std::uint64_t> left;
  if (call.sight.CoversAll("RevisionDraft")) left = IdsBelow(history().drafts(), call.tree_size());
  const std::size_t in_force = history().RevisionsAt(call.tree_size());
  const auto list = [&](const auto& page) {
    return query::ListDrafts(call.view, call.reader, page);
  };
  const auto visit = [&](const v1::ListDraftsResponse& page) {
    for (const v1::Draft& shown : page.drafts()) {
      if (left.empty() || shown.draft() != left.back()) return Fail("a draft is another");
      const History::Draft& draft = history().drafts().at(left.back());
      if (shown.author() != draft.author.str() || shown.replaces() != draft.replaces ||
          shown.text_hash() != draft.text.view() || Sha256(shown.text()) != draft.text ||
          shown.status() != (draft.replaces == in_force ? v1::DRAFTED : v1::DRAFT_OVERTAKEN)) {
        return Fail(absl::StrCat("draft ", shown.draft(), " is another"));
      }
      left.pop_back();
    }
  };
  const absl::Status status = Whole(v1::ListDraftsRequest(), list, visit);
  if (!status.ok()) return Fail(absl::StrCat("drafts are refused: ", status.message()));
  if (!left.empty()) Fail("a draft is not shown");
}

// --- Questions

namespace {

v1::AskRequest AnyQuestion(Random& random, std::uint64_t index, std::uint32_t year) {
  v1::AskRequest asked;
  switch (random.Below(13)) {
    case 0:
      asked.mutable_launches_without_timely_notification();
      break;
    case 1:
      asked.mutable_missing_declarations()->set_year(year);
      break;
    case 2:
      asked.mutable_nil_filers()->set_year(year);
      break;
    case 3:
      asked.mutable_discrepancies()->set_year(year);
      break;
    case 4:
      asked.mutable_active_notifications()->set_at_us((testing::kFounded + Days(30)).us);
      break;
    case 5:
      asked.mutable_expired_unresolved();
      break;
    case 6:
      asked.mutable_record_history()->set_index(index);
      break;
    case 7:
      asked.mutable_evidence();
      break;
    case 8:
      asked.mutable_open_clarifications();
      break;
    case 9:
      asked.mutable_pledges_and_offers();
      break;
    case 10:
      asked.mutable_due();
      break;
    case 11:
      asked.mutable_year_totals()->set_year(year);
      break;
    default:
      asked.mutable_revision_status();
  }
  return asked;
}

}  // namespace

// As of a height that is final at another node too, which must say the same.
void Readers::Ask(const Call& call) {
  const NodeId id = AnyHonest();
  const auto other = parts_->nodes[id]->view();
  const Height both = std::min(call.now.header.height, other->tip().header.height);
  v1::AskRequest asked = AnyQuestion(random_, random_.Below(call.tree_size() + 1), kNotifiedYear);
  asked.set_as_of(both.value());
  const auto ask = [&](const replica::ReadView& view, std::vector<v1::AnswerRow>& rows) {
    const auto list = [&](const auto& page) { return query::Ask(view, call.reader, page); };
    return Whole(asked, list, [&](const v1::AskResponse& page) {
      rows.insert(rows.end(), page.rows().begin(), page.rows().end());
    });
  };
  std::vector<v1::AnswerRow> rows, others;
  const absl::Status status = ask(call.view, rows);
  if (asked.has_evidence()) {
    if (absl::IsUnavailable(status)) return;
    CheckEvidence(rows);
  } else {
    const auto text = [](const v1::AnswerRow& row) { return row.SerializeAsString(); };
    if (ask(*other, others).code() != status.code() ||
        !std::ranges::equal(rows, others, {}, text, text)) {
      return Fail(absl::StrCat("nodes ", call.node, " and ", id,
                               " answer differently: ", asked.ShortDebugString()));
    }
  }
  const bool denied = asked.has_discrepancies() && !call.is_member();
  if (denied && absl::IsPermissionDenied(status)) return;
  if (!status.ok()) return Fail(absl::StrCat("no answer: ", status.message()));
  if (asked.has_revision_status()) CheckRounds(call, asked, rows);
  if (asked.has_year_totals()) CheckTotals(asked, rows);
}

void Readers::CheckRounds(const Call& call, const v1::AskRequest& asked,
                          const std::vector<v1::AnswerRow>& rows) {
  const std::uint64_t tree_size = history().At(Height(asked.as_of())).header.tree_size;
  std::vector<std::uint64_t> left;
  for (const std::uint64_t id : IdsBelow(history().rounds(), tree_size)) {
    const MemberCode& proposer = history().rounds().at(id).proposer;
    bool seen = true;
    for (const char* type :
         {"RevisionOpen", "RevisionSign", "RevisionObject", "RevisionWithdraw"}) {
      seen = seen && call.sight.Covers(proposer, type);
    }
    if (seen) left.push_back(id);
  }
  std::ranges::reverse(left);
  const bool same = std::ranges::equal(rows, left, [&](const v1::AnswerRow& row, std::uint64_t id) {
    return row.revision().round() == id && IsRound(row.revision(), tree_size);
  });
  if (!same) Fail("an answer about rounds is another");
}

// Each notification is of one launch, and nobody declares, reports or observes anything.
void Readers::CheckTotals(const v1::AskRequest& asked, const std::vector<v1::AnswerRow>& rows) {
  const History::Moment& then = history().At(Height(asked.as_of()));
  std::map<MemberCode, std::uint64_t> announced;
  for (std::uint64_t i = 0; i < then.header.tree_size; ++i) {
    const History::Filed& filed = history().filed()[i];
    if (filed.type == "LaunchNotification") ++announced[filed.author];
  }
  const bool same =
      std::ranges::equal(rows, then.members, [&](const v1::AnswerRow& row, const auto& item) {
        const v1::TotalsRow& said = row.totals();
        return said.state() == item.first.str() && !said.has_declaration() &&
               said.observed() == 0 &&
               said.announced_timely() + said.announced_late() + said.announced_post_facto() +
                       said.announced_historic() ==
                   announced[item.first];
      });
  if (!same) Fail("totals are others");
}

// Nobody has anything against an honest voter.
void Readers::CheckEvidence(const std::vector<v1::AnswerRow>& rows) {
  for (const v1::AnswerRow& row : rows) {
    const v1::EvidenceRow& said = row.evidence();
    const auto code = MemberCode::From(said.voter());
    const auto voter = code ? parts_->IndexOf(*code) : std::nullopt;
    const auto key = PublicKey::From(said.key());
    const auto first = Signature::From(said.first_signature());
    const auto second = Signature::From(said.second_signature());
    if (!voter || !key || setting_.checker->honest().contains(*voter) || !first ||
        !VerifyRaw(*key, said.first_statement(), *first) ||
        (second ? !VerifyRaw(*key, said.second_statement(), *second)
                : said.kind() != "CHECKPOINTS")) {
      return Fail(absl::StrCat("evidence against ", said.voter(), " is none"));
    }
  }
}

// Members compare their nodes; nobody else is shown the state.
void Readers::StateKeys(const Call& call) {
  v1::ListStateKeysRequest request;
  request.set_from_key(std::string(1, static_cast<char>('a' + random_.Below(26))));
  request.set_page_size(kKeysPage);
  const auto shown = query::ListStateKeys(call.view, call.reader, request);
  if (!call.is_member()) {
    if (!absl::IsPermissionDenied(shown.status())) Fail("the state is shown to a stranger");
    return;
  }
  if (!shown.ok() || shown->height() != call.now.header.height.value() ||
      (shown->height() > 0 && shown->block_hash() != call.now.hash.view())) {
    return Fail("the state is of another block");
  }
  const NodeId id = AnyHonest();
  const auto other = parts_->nodes[id]->view();
  if (other->tip().header.height != call.now.header.height) return;
  const auto same = query::ListStateKeys(*other, call.reader, request);
  if (!same.ok() || same->SerializeAsString() != shown->SerializeAsString()) {
    Fail(absl::StrCat("nodes ", call.node, " and ", id, " have different states"));
  }
}

}  // namespace assent::simulation
