// What a simulated node sends to the others and hears of them: messages, and ranges of blocks. One
// that is hostile does so by way of its attacker.
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "node/query/blocks.h"
#include "node/query/reader.h"
#include "tests/simulation/replica_node.h"

namespace assent::simulation {
namespace {

// What is the order's business.
std::optional<consensus::Message> OfConsensus(const replica::PeerMessage& message) {
  return std::visit(
      [](const auto& m) -> std::optional<consensus::Message> {
        if constexpr (std::is_constructible_v<consensus::Message, decltype(m)>) {
          return consensus::Message(m);
        }
        return std::nullopt;
      },
      message);
}

}  // namespace

// --- Streams

void ReplicaNode::Link(NodeId peer, bool up_now) {
  if (!up()) return;
  const MemberCode& other = CodeOf(peer);
  if (other == code()) return;  // its twin
  if (up_now) {
    Take(replica::PeerConnected{other});
  } else {
    Take(replica::PeerDisconnected{other});
  }
}

void ReplicaNode::Send(const MemberCode& to, replica::MessageBytes message) {
  if (observed_ != message) {
    auto parsed = intake_->epoch()->codec.Parse(*message);
    if (!parsed.ok()) {
      setting_.checker->Fail(
          absl::StrCat("node ", id_, " sends what cannot be read: ", parsed.status().message()));
      return;
    }
    observed_ = message;
    observed_says_ = *std::move(parsed);
    Observe(*observed_says_);
  }
  if (hostile()) {
    SendHostile(to, *observed_says_);
  } else {
    SendBytes(to, message);
  }
}

void ReplicaNode::TellEpoch() {
  const Epoch now = intake_->epoch()->epoch();
  if (std::exchange(told_epoch_, now) != now) attacker_->NewEpoch();
}

void ReplicaNode::SendHostile(const MemberCode& to, replica::PeerMessage message) {
  TellEpoch();
  std::optional<consensus::Message> ours = OfConsensus(message);
  const auto position = intake_->epoch()->voters().Find(to);
  if (ours && position) return SendLetters(attacker_->Twist({*position, *std::move(ours)}));
  attacker_->Garble(message);
  Post(to, intake_->epoch()->codec.Encode(message));
}

void ReplicaNode::SendLetters(const std::vector<Letter>& letters) {
  const auto epoch = intake_->epoch();
  for (const Letter& letter : letters) {
    Post(epoch->voters().at(letter.to).code, epoch->codec.Encode(letter.message));
  }
}

void ReplicaNode::Post(const MemberCode& to, const std::string& bytes) {
  if (to == code()) return;
  for (std::string& one : attacker_->Post(bytes, intake_->epoch()->codec)) {
    SendBytes(to, std::make_shared<const std::string>(std::move(one)));
  }
}

void ReplicaNode::Observe(const replica::PeerMessage& message) {
  if (setting_.trace) {
    if (const auto ours = OfConsensus(message)) setting_.trace->Sent(id_, *ours);
  }
  if (const auto* vote = std::get_if<consensus::Vote>(&message)) {
    setting_.world->Note(VoteKindName(vote->statement.kind), id_,
                         absl::StrCat("view ", vote->statement.view.value(), " ",
                                      vote->statement.block_hash.hex().substr(0, 8)));
    setting_.checker->OnVote(id_, vote->statement);
    if (vote->statement.kind == VoteKind::kFinalize && parts_->on_finalize_vote) {
      parts_->on_finalize_vote(id_);
    }
  } else if (const auto* proposal = std::get_if<consensus::Proposal>(&message)) {
    setting_.world->Note(
        "propose", id_,
        absl::StrCat("view ", proposal->block->header.view.value(), " entries ",
                     proposal->block->entries.size(), " on ",
                     proposal->block->header.parent.hex().substr(0, 8), " ",
                     (proposal->block->header.time - Wall()).us / 1'000, " ms ahead"));
    setting_.checker->OnProposal(id_, proposal->block->header, proposal->block->hash);
  }
}

void ReplicaNode::SendBytes(const MemberCode& to, const replica::MessageBytes& message) {
  const auto member = parts_->IndexOf(to);
  if (!member) return;
  for (const NodeId machine : parts_->machines[*member]) {
    ReplicaNode* receiver = parts_->nodes[machine];
    setting_.network->Send(id_, machine, message->size(),
                           [receiver, from = id_, message] { receiver->Arrive(from, message); });
  }
}

void ReplicaNode::Arrive(NodeId from, const replica::MessageBytes& message) {
  if (!up()) return;
  WhenAwake([this, from, message] {
    setting_.world->Note("arrive", id_, absl::StrCat(from, " ", message->size()));
    const MemberCode& sender = CodeOf(from);
    const auto position = intake_->epoch()->voters().Find(sender);
    if (hostile() && position && place_votes()) {
      TellEpoch();
      const auto parsed = intake_->epoch()->codec.Parse(*message);
      const auto heard = parsed.ok() ? OfConsensus(*parsed) : std::nullopt;
      if (heard) SendLetters(attacker_->Hear(*position, *heard));
    }
    auto input = intake_->CheckMessage(sender, *message);
    if (input.ok()) Take(replica::FromPeer{sender, *std::move(input)});
  });
}

// --- Ranges of blocks

void ReplicaNode::RequestBlocks(const MemberCode& from, Height first, std::uint32_t max_blocks) {
  if (range_open_ != 0) {
    return Later(Duration{0}, [this, from] {
      Take(replica::RangeEnd{from, absl::FailedPreconditionError("a request is under way")});
    });
  }
  const std::uint64_t request = range_open_ = ++range_requests_;
  Later(kRangePatience, [this, from, request] {
    EndRange(from, request, absl::DeadlineExceededError("no answer"));
  });
  const std::vector<NodeId>& machines = parts_->machines[*parts_->IndexOf(from)];
  const NodeId server = machines[random_.Below(machines.size())];
  ReplicaNode* other = parts_->nodes[server];
  const auto ask = [this, other, from, request, first, max_blocks] {
    const auto blocks = other->Serve(first, max_blocks);
    std::size_t size = 0;
    for (const std::string& block : blocks) size += block.size();
    other->setting_.network->Send(other->id_, id_, size, [this, from, request, blocks] {
      if (!up()) return;
      WhenAwake([this, from, request, blocks] {
        if (range_open_ != request) return;
        for (const std::string& bytes : blocks) {
          auto block = intake_->CheckBlock(bytes);
          if (!block.ok()) break;
          Take(replica::RangeBlock{from, *std::move(block)});
        }
        EndRange(from, request, absl::OkStatus());
      });
    });
  };
  setting_.network->Send(id_, server, kRangeRequestBytes, ask);
}

void ReplicaNode::CancelBlocks(const MemberCode& from) {
  Later(Duration{0}, [this, from, request = range_open_] {
    EndRange(from, request, absl::CancelledError("cancelled"));
  });
}

void ReplicaNode::EndRange(const MemberCode& from, std::uint64_t request,
                           const absl::Status& status) {
  if (range_open_ == 0 || range_open_ != request) return;
  range_open_ = 0;
  Take(replica::RangeEnd{from, status});
}

std::vector<std::string> ReplicaNode::Serve(Height first, std::uint32_t max_blocks) {
  std::vector<std::string> blocks;
  const auto newest = store_->Read();
  const auto range = query::PlanPeerBlocks(*newest, first, max_blocks);
  if (!range.ok()) return blocks;
  query::Reader reader;
  reader.rights = query::Rights::kMember;
  for (Height height = range->first; height <= range->last; height = height.next()) {
    const auto block = query::FinalBlockAt(*newest, reader, height);
    if (!block.ok()) break;
    blocks.push_back(block->SerializeAsString());
  }
  if (hostile()) attacker_->Serve(blocks);
  return blocks;
}

}  // namespace assent::simulation
