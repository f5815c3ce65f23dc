#include "tests/support/test_ledger.h"

#include <stdexcept>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/crypto/hash.h"

namespace assent::testing {
namespace {

SecretSeed SeedOf(std::string_view code, std::string_view purpose) {
  return *SecretSeed::From(Sha256({code, "/", purpose}).view());
}

}  // namespace

// In the order of the codes.
std::string CodeOf(std::size_t state) {
  constexpr std::size_t kLetters = 26;
  const auto letter = [](std::size_t i) { return static_cast<char>('A' + i % kLetters); };
  if (state < kLetters) return std::string(3, letter(state));
  return std::string("ZZZ") + letter(state / kLetters - 1) + letter(state);
}

TestState::TestState(std::string_view code_text)
    : code(MemberCode::From(code_text).value()),
      authority(SeedOf(code_text, "authority")),
      reader(SeedOf(code_text, "reader")),
      node(DeriveNodeKeys(SeedOf(code_text, "node"))) {}

TestLedger::TestLedger(std::size_t members, const ActParameters& parameters) {
  ActText text;
  text.parameters = parameters;
  text.origin = "code.example/test";
  text.founded = kFounded;
  text.classes = {{"SLV_LIGHT", ClassKind::kSpaceLaunch, "light space launch vehicle"},
                  {"SLV_MEDIUM", ClassKind::kSpaceLaunch, "medium space launch vehicle"},
                  {"BM_SHORT", ClassKind::kBallisticMissile, "short-range ballistic missile"}};
  text.code_title = "Code of Conduct";
  text.code_text = "1. States declare.\n2. States notify.\n";
  for (std::size_t i = 0; i < members; ++i) {
    const TestState& state = states.emplace_back(CodeOf(i));
    text.founders.push_back({state.code, absl::StrCat("State of ", state.code.str()),
                             state.authority.public_key(), state.node.vote.public_key(),
                             state.node.checkpoint.public_key(), state.node.transport.public_key(),
                             state.reader.public_key(), absl::StrCat("127.0.0.1:", 7401 + i)});
  }
  act = ParseAct(FormatAct({text, LedgerId(), {}})).value();
  for (const TestState& state : states) {
    const std::pair<KeyRole, const SigningKey*> keys[] = {
        {KeyRole::kAuthority, &state.authority},
        {KeyRole::kVote, &state.node.vote},
        {KeyRole::kCheckpoint, &state.node.checkpoint},
        {KeyRole::kTransport, &state.node.transport},
        {KeyRole::kReader, &state.reader}};
    for (const auto& [which, key] : keys) {
      act.signatures[{state.code, which}] = SignAct(act.ledger_id, state.code, which, *key);
    }
  }
}

const TestState& TestLedger::state(std::string_view code) const {
  for (const TestState& state : states) {
    if (state.code.str() == code) return state;
  }
  throw std::out_of_range(std::string(code));
}

v1::Body NotificationBody(std::string_view reference) {
  v1::Body body;
  body.set_visibility(v1::PUBLIC);
  body.set_issued_at_us(kFounded.us);
  auto* notification = body.mutable_launch_notification();
  notification->set_reference(std::string(reference));
  notification->set_kind(v1::SPACE_LAUNCH);
  notification->set_class_id("SLV_MEDIUM");
  notification->set_window_start_us((kFounded + Days(30)).us);
  notification->set_window_end_us((kFounded + Days(30) + Hours(4)).us);
  notification->mutable_area()->set_sea_area("Sea of Tests");
  notification->mutable_direction()->set_azimuth_deg(90);
  notification->set_count(1);
  return body;
}

v1::Body RevisionOpenBody() {
  v1::Body body;
  body.set_visibility(v1::MEMBERS);
  body.set_issued_at_us(kFounded.us);
  body.mutable_revision_open()->set_replaces(0);
  body.mutable_revision_open()->set_title("Second text");
  body.mutable_revision_open()->set_text("1. States declare.\n2. States notify in time.\n");
  return body;
}

Entry MakeEntry(const TestLedger& ledger, const TestState& author, const AuthorHead& head,
                const v1::Body& body) {
  EntryHeader header;
  header.ledger_id = ledger.id();
  header.author = author.code;
  header.sequence = head.sequence.next();
  header.previous = head.leaf_hash;
  header.not_after = kFounded + Days(365);
  const std::string bytes = body.SerializeAsString();
  const Salt salt = *Salt::From(
      Sha256({author.code.str(), std::to_string(header.sequence.value()), bytes}).view());
  return SignEntry(header, bytes, salt, author.authority).value();
}

}  // namespace assent::testing
