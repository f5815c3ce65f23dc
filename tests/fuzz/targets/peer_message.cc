// What a peer says: one frame of its stream.
#include <memory>

#include "assent/v1/peer.pb.h"
#include "ledger/crypto/hash.h"
#include "node/replica/codec.h"
#include "tests/fuzz/samples.h"
#include "tests/fuzz/target.h"

namespace assent::fuzz {
namespace {

const replica::Codec& PeerCodec() {
  static const replica::Codec codec(Epoch(1), Ledger().act.voters());
  return codec;
}

std::vector<Seed> PeerMessages() {
  namespace cs = consensus;
  std::vector<Seed> seeds;
  const auto add = [&](std::string name, const replica::PeerMessage& message) {
    seeds.push_back({std::move(name), PeerCodec().Encode(message)});
  };
  const auto block = std::make_shared<const cs::Block>(SampleBlock());
  const auto skip = std::make_shared<const Certificate>(SampleCertificate(VoteKind::kSkip));
  const auto notarize = std::make_shared<const Certificate>(SampleCertificate(VoteKind::kNotarize));
  const cs::Nonce nonce = *cs::Nonce::From(Sha256("nonce").view());
  const cs::Vote vote = SampleVote(VoteKind::kFinalize, 1);
  replica::Hello hello;
  hello.ledger_id = Ledger().id();
  hello.code = Ledger().states[1].code;
  hello.final_height = Height(9);
  hello.newest_vote_of_yours = SampleVote(VoteKind::kSkip, 0);
  add("hello", hello);
  add("entries", replica::WaitingEntries{{std::make_shared<const Entry>(SampleEntry())}});
  replica::SignedTree tree;
  tree.height = Height(9);
  tree.tree_size = 12;
  tree.root = Sha256("root");
  tree.voter = hello.code;
  tree.signature = vote.signature;
  add("checkpoint_signature", tree);
  add("proposal", cs::Proposal{block, {notarize, skip}});
  add("vote", vote);
  add("certificates", cs::CertificateMessage{{skip, notarize}, View()});
  add("certificate_request", cs::CertificateRequest{Epoch(1), View(7)});
  add("block_request", cs::BlockRequest{block->hash});
  add("block_response", cs::BlockResponse{block});
  add("restore_request", cs::RestoreRequest{nonce});
  add("restore_response", cs::RestoreResponse{nonce, Epoch(1), View(8), skip, {vote}, true});
  return seeds;
}

}  // namespace

const Target kPeerMessageTarget{
    "peer_message", 8 * 1024,
    [](std::string_view input) {
      const auto message = PeerCodec().Parse(input);
      if (!message.ok()) return;
      const std::string ours = PeerCodec().Encode(*message);
      const auto again = PeerCodec().Parse(ours);
      ASSENT_CHECK(again.ok() && PeerCodec().Encode(*again) == ours);
    },
    PeerMessages,
    []() -> const google::protobuf::Message* { return &v1::PeerMessage::default_instance(); }};

}  // namespace assent::fuzz
