#include "tests/simulation/trace.h"

#include <type_traits>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/check.h"

namespace assent::simulation {

using consensus::CertificatePtr;
using consensus::RecordKind;

namespace {

std::string OfStatement(const Statement& statement) {
  return absl::StrCat("{\"kind\":\"", AbslView(VoteKindName(statement.kind)),
                      "\",\"epoch\":", statement.epoch.value(),
                      ",\"view\":", statement.view.value(), ",\"block\":\"",
                      statement.block_hash.hex(), "\"");
}

std::string Of(const Statement& statement) { return OfStatement(statement) + "}"; }

std::string Of(const consensus::Vote& vote) {
  return absl::StrCat(OfStatement(vote.statement), ",\"voter\":", vote.voter, "}");
}

std::string Of(const Certificate& certificate) {
  return absl::StrCat(
      OfStatement(certificate.statement), ",\"voters\":[",
      absl::StrJoin(certificate.votes, ",",
                    [](std::string* out, const auto& vote) { absl::StrAppend(out, vote.first); }),
      "]}");
}

std::string Of(const CertificatePtr& certificate) {
  return certificate == nullptr ? "null" : Of(*certificate);
}

// What a record of the journal says, read back as a core that recovers reads it.
std::string Of(const consensus::JournalRecord& record) {
  std::string text =
      absl::StrCat("{\"epoch\":", record.epoch.value(), ",\"view\":", record.view.value());
  switch (record.kind) {
    case RecordKind::kNotarize:
    case RecordKind::kSkip:
    case RecordKind::kFinalize: {
      const auto vote = consensus::ParseVote(record.bytes, record.epoch, record.view);
      ASSENT_CHECK(vote.ok());
      return absl::StrCat(text, ",\"vote\":", Of(*vote), "}");
    }
    case RecordKind::kBlock: {
      const auto block = consensus::ParseBlock(record.bytes);
      ASSENT_CHECK(block.ok());
      return absl::StrCat(text, ",\"block\":\"", (*block)->hash.hex(), "\"}");
    }
    case RecordKind::kEntered:
    case RecordKind::kNotarized: {
      // Its header says of how many voters it is.
      constexpr std::size_t kVotersAt = 1 + 8 + 8 + Hash::kSize;
      ByteReader in(std::string_view(record.bytes).substr(kVotersAt));
      const auto certificate = ParseCertificate(record.bytes, in.U16());
      ASSENT_CHECK(certificate.ok());
      const bool entered = record.kind == RecordKind::kEntered;
      return absl::StrCat(text, entered ? ",\"entered\":" : ",\"notarized\":", Of(*certificate),
                          "}");
    }
    case RecordKind::kFloor: {
      ByteReader in(record.bytes);
      return absl::StrCat(text, ",\"no_vote_up_to\":", in.U64(), "}");
    }
  }
  CheckFailed("a record is of one of these kinds", __FILE__, __LINE__);
}

absl::string_view NameOf(BlockKind kind) {
  switch (kind) {
    case BlockKind::kNormal:
      return "normal";
    case BlockKind::kClosing:
      return "closing";
    case BlockKind::kTail:
      return "tail";
  }
  CheckFailed("a block is of one of these kinds", __FILE__, __LINE__);
}

template <class T>
std::string List(const std::vector<T>& items) {
  return absl::StrCat(
      "[", absl::StrJoin(items, ",", [](std::string* out, const T& item) { *out += Of(item); }),
      "]");
}

}  // namespace

void Trace::Line(NodeId node, std::string_view event, std::string_view members) {
  out_ << absl::StrCat("{\"node\":", node, ",\"event\":\"", AbslView(event), "\"",
                       AbslView(members), "}\n");
}

void Trace::Run(const std::set<NodeId>& honest) {
  out_ << absl::StrCat("{\"event\":\"run\",\"honest\":[", absl::StrJoin(honest, ","), "]}\n");
}

consensus::Observer* Trace::ObserverOf(NodeId node) {
  return &cores_.try_emplace(node, this, node).first->second;
}

void Trace::See(const consensus::Block& block) {
  if (!seen_.insert(block.hash).second) return;
  out_ << absl::StrCat("{\"event\":\"block\",\"hash\":\"", block.hash.hex(), "\",\"parent\":\"",
                       block.header.parent.hex(), "\",\"kind\":\"", NameOf(block.header.kind),
                       "\",\"epoch\":", block.header.epoch.value(),
                       ",\"view\":", block.header.view.value(),
                       ",\"height\":", block.header.height.value(), "}\n");
}

void Trace::Start(NodeId node, const consensus::Config& config) {
  const auto each = [&config](auto tell) {
    return absl::StrJoin(config.voters.voters(), ",", [tell](std::string* out, const Voter& voter) {
      absl::StrAppend(out, tell(voter));
    });
  };
  Line(
      node, "start",
      absl::StrCat(",\"epoch\":", config.epoch.value(), ",\"voters\":[",
                   each([this](const Voter& v) { return node_of_(v.code); }), "],\"keys\":[",
                   each([](const Voter& v) { return absl::StrCat("\"", v.vote_key.hex(), "\""); }),
                   "],\"self\":", config.self ? absl::StrCat(*config.self) : "null", ",\"root\":\"",
                   config.base.hash.hex(), "\",\"height\":", config.base.header.height.value(),
                   ",\"certificate\":", Of(config.base.certificate), ",\"restoring\":",
                   config.restoring ? "true" : "false", ",\"nonce\":\"", config.nonce.hex(), "\""));
}

void Trace::Took(NodeId node, const consensus::Event& event) {
  std::visit(
      [&](const auto& e) {
        using T = std::decay_t<decltype(e)>;
        const auto line = [&](NodeId from, std::string_view what, const std::string& value) {
          Line(node, "took", absl::StrCat(",\"from\":", from, ",\"", AbslView(what), "\":", value));
        };
        if constexpr (std::is_same_v<T, consensus::Received<consensus::Vote>>) {
          line(e.from, "vote", Of(*e.message));
        } else if constexpr (std::is_same_v<T, consensus::Received<consensus::Proposal>>) {
          See(*e.message->block);
          line(e.from, "certificates", List(e.message->justification));
        } else if constexpr (std::is_same_v<T, consensus::Received<consensus::BlockResponse>>) {
          See(*e.message->block);
        } else if constexpr (std::is_same_v<T,
                                            consensus::Received<consensus::CertificateMessage>>) {
          line(e.from, "certificates", List(e.message->certificates));
        } else if constexpr (std::is_same_v<T, consensus::Received<consensus::RestoreResponse>>) {
          const consensus::RestoreResponse& answer = *e.message;
          Line(node, "took",
               absl::StrCat(",\"from\":", e.from, ",\"answer\":{\"nonce\":\"", answer.nonce.hex(),
                            "\",\"view\":", answer.view.value(),
                            ",\"restoring\":", answer.restoring ? "true" : "false",
                            ",\"certificate\":", Of(answer.certificate),
                            ",\"votes\":", List(answer.votes_of_yours), "}"));
        } else if constexpr (std::is_same_v<T, consensus::FinalByCatchUp>) {
          Line(node, "took",
               absl::StrCat(",\"final\":\"", e.tip.hash.hex(),
                            "\",\"certificate\":", Of(e.tip.certificate)));
        } else if constexpr (std::is_same_v<T, consensus::EndAt>) {
          Line(node, "took", absl::StrCat(",\"ends_at\":\"", e.block.hex(), "\""));
        }
      },
      event);
}

void Trace::Did(NodeId node, const consensus::Effects& effects) {
  for (const consensus::FinalBlock& block : effects.deliver) See(*block.block);
  for (const consensus::JournalRecord& record : effects.persist) {
    if (record.kind == RecordKind::kBlock) See(**consensus::ParseBlock(record.bytes));
  }
  if (effects.persist.empty() && effects.certified.empty() && effects.deliver.empty() &&
      !effects.restoring) {
    return;
  }
  std::string members =
      absl::StrCat(",\"records\":", List(effects.persist),
                   ",\"certified\":", List(effects.certified), ",\"final\":[",
                   absl::StrJoin(effects.deliver, ",",
                                 [](std::string* out, const consensus::FinalBlock& block) {
                                   absl::StrAppend(out, "\"", block.block->hash.hex(), "\"");
                                 }),
                   "]");
  if (effects.restoring) {
    absl::StrAppend(&members, ",\"restoring\":", *effects.restoring ? "true" : "false");
  }
  Line(node, "did", members);
}

void Trace::Wrote(NodeId node, std::size_t records, std::size_t blocks) {
  if (records + blocks == 0) return;
  Line(node, "wrote", absl::StrCat(",\"records\":", records, ",\"blocks\":", blocks));
}

void Trace::Sent(NodeId node, const consensus::Message& message) {
  if (const auto* vote = std::get_if<consensus::Vote>(&message)) {
    Line(node, "sent", absl::StrCat(",\"vote\":", Of(*vote)));
  } else if (const auto* proposal = std::get_if<consensus::Proposal>(&message)) {
    Line(node, "sent",
         absl::StrCat(",\"proposal\":\"", proposal->block->hash.hex(),
                      "\",\"certificates\":", List(proposal->justification)));
  } else if (const auto* some = std::get_if<consensus::CertificateMessage>(&message)) {
    Line(node, "sent", absl::StrCat(",\"certificates\":", List(some->certificates)));
  }
}

}  // namespace assent::simulation
