#include "node/replica/codec.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "assent/v1/block.pb.h"
#include "assent/v1/peer.pb.h"
#include "ledger/crypto/hash.h"
#include "ledger/entry/proto.h"
#include "ledger/limits.h"

namespace assent::replica {
namespace {

namespace cs = consensus;

absl::Status Malformed(std::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("malformed peer message: ", AbslView(what)));
}

template <class F>
bool ReadFixed(const std::string& bytes, F& out) {
  const auto value = F::From(bytes);
  if (value) out = *value;
  return value.has_value();
}

template <class Repeated>
void AddEntries(const std::vector<EntryPtr>& entries, Repeated* out) {
  out->Reserve(static_cast<int>(entries.size()));
  for (const EntryPtr& entry : entries) *out->Add() = ToProto(*entry);
}

template <class Repeated>
absl::StatusOr<std::vector<EntryPtr>> ReadEntries(const Repeated& entries, std::size_t max) {
  if (static_cast<std::size_t>(entries.size()) > max) return Malformed("too many entries");
  std::vector<EntryPtr> result;
  result.reserve(static_cast<std::size_t>(entries.size()));
  for (const v1::Entry& message : entries) {
    auto entry = FromProto(message);
    if (!entry.ok()) return entry.status();
    if (!entry->has_body()) return Malformed("an entry without its body");
    result.push_back(std::make_shared<const Entry>(*std::move(entry)));
  }
  return result;
}

void WriteVote(const cs::Vote& vote, const VoterSet& voters, v1::VoteMessage* out) {
  out->set_kind(static_cast<std::uint32_t>(vote.statement.kind));
  out->set_epoch(vote.statement.epoch.value());
  out->set_view(vote.statement.view.value());
  if (vote.statement.kind != VoteKind::kSkip) out->set_block_hash(vote.statement.block_hash.str());
  out->set_voter(voters.at(vote.voter).code.str());
  out->set_signature(vote.signature.str());
}

absl::StatusOr<SignedStatement> ReadStatement(const v1::VoteMessage& message) {
  SignedStatement vote;
  if (message.kind() < 1 || message.kind() > 3) return Malformed("kind of vote");
  vote.statement.kind = static_cast<VoteKind>(message.kind());
  vote.statement.epoch = Epoch(message.epoch());
  vote.statement.view = View(message.view());
  const bool skip = vote.statement.kind == VoteKind::kSkip;
  if (skip ? !message.block_hash().empty()
           : !ReadFixed(message.block_hash(), vote.statement.block_hash)) {
    return Malformed("block hash of a vote");
  }
  if (!ReadFixed(message.signature(), vote.signature)) return Malformed("signature of a vote");
  return vote;
}

absl::StatusOr<cs::Vote> ReadVote(const v1::VoteMessage& message, const VoterSet& voters) {
  const auto read = ReadStatement(message);
  if (!read.ok()) return read.status();
  cs::Vote vote;
  vote.statement = read->statement;
  vote.signature = read->signature;
  const auto code = MemberCode::From(message.voter());
  const auto position = code ? voters.Find(*code) : std::nullopt;
  if (!position) return Malformed("a vote by no voter");
  vote.voter = *position;
  return vote;
}

// Where an encoded certificate names its epoch.
std::optional<Epoch> EpochOfCertificate(std::string_view bytes) {
  ByteReader reader(bytes);
  reader.U8();
  const std::uint64_t epoch = reader.U64();
  if (!reader.ok()) return std::nullopt;
  return Epoch(epoch);
}

// Fills in the wire message, kind by kind.
class Writer {
 public:
  Writer(const VoterSet& voters, v1::PeerMessage* out) : voters_(voters), out_(out) {}

  void operator()(const Hello& hello) const {
    v1::Hello* out = out_->mutable_hello();
    out->set_ledger_id(hello.ledger_id.str());
    out->set_code(hello.code.str());
    out->set_final_height(hello.final_height.value());
    if (hello.newest_vote_of_yours) {
      WriteVote(*hello.newest_vote_of_yours, voters_, out->mutable_newest_vote_of_yours());
    }
    out->set_restoring(hello.restoring);
  }
  void operator()(const WaitingEntries& waiting) const {
    AddEntries(waiting.entries, out_->mutable_entries()->mutable_entries());
  }
  void operator()(const RestartBytes& restart) const {
    out_->mutable_restart()->ParseFromString(restart.act);
  }
  void operator()(const SignedTree& tree) const {
    v1::CheckpointSignature* out = out_->mutable_checkpoint_signature();
    out->set_height(tree.height.value());
    out->set_tree_size(tree.tree_size);
    out->set_root(tree.root.str());
    out->set_voter(tree.voter.str());
    out->set_signature(tree.signature.str());
  }
  void operator()(const cs::Proposal& proposal) const {
    v1::Proposal* out = out_->mutable_proposal();
    out->set_header(proposal.block->header_bytes);
    out->set_signature(proposal.block->leader_signature.str());
    AddEntries(proposal.block->entries, out->mutable_entries());
    for (const auto& certificate : proposal.justification) {
      out->add_justification(EncodeCertificate(*certificate, voters_.size()));
    }
  }
  void operator()(const cs::Vote& vote) const { WriteVote(vote, voters_, out_->mutable_vote()); }
  void operator()(const cs::CertificateMessage& message) const {
    v1::CertificateMessage* out = out_->mutable_certificates();
    for (const auto& certificate : message.certificates) {
      out->add_certificates(EncodeCertificate(*certificate, voters_.size()));
    }
  }
  void operator()(const cs::CertificateRequest& request) const {
    out_->mutable_certificate_request()->set_epoch(request.epoch.value());
    out_->mutable_certificate_request()->set_from_view(request.from_view.value());
  }
  void operator()(const cs::BlockRequest& request) const {
    out_->mutable_block_request()->set_block_hash(request.block_hash.str());
  }
  void operator()(const cs::BlockResponse& response) const {
    v1::BlockResponse* out = out_->mutable_block_response();
    out->set_header(response.block->header_bytes);
    out->set_signature(response.block->leader_signature.str());
    AddEntries(response.block->entries, out->mutable_entries());
  }
  void operator()(const cs::RestoreRequest& request) const {
    out_->mutable_restore_request()->set_nonce(request.nonce.str());
  }
  void operator()(const cs::RestoreResponse& response) const {
    v1::RestoreResponse* out = out_->mutable_restore_response();
    out->set_nonce(response.nonce.str());
    out->set_epoch(response.epoch.value());
    out->set_view(response.view.value());
    if (response.certificate) {
      out->set_certificate(EncodeCertificate(*response.certificate, voters_.size()));
    }
    for (const cs::Vote& vote : response.votes_of_yours) {
      WriteVote(vote, voters_, out->add_votes_of_yours());
    }
    out->set_restoring(response.restoring);
  }

 private:
  const VoterSet& voters_;
  v1::PeerMessage* const out_;
};

// Checks the form of a wire message, kind by kind.
class Reader {
 public:
  Reader(Epoch epoch, const VoterSet& voters) : epoch_(epoch), voters_(voters) {}

  absl::StatusOr<PeerMessage> Read(const v1::PeerMessage& message) const {
    switch (message.kind_case()) {
      case v1::PeerMessage::kHello:
        return ReadHello(message.hello());
      case v1::PeerMessage::kProposal:
        return ReadProposal(message.proposal());
      case v1::PeerMessage::kVote:
        return ReadOwnEpoch(message.vote());
      case v1::PeerMessage::kCertificates:
        return ReadCertificates(message.certificates());
      case v1::PeerMessage::kCertificateRequest:
        return cs::CertificateRequest{Epoch(message.certificate_request().epoch()),
                                      View(message.certificate_request().from_view())};
      case v1::PeerMessage::kBlockRequest: {
        cs::BlockRequest request;
        if (!ReadFixed(message.block_request().block_hash(), request.block_hash)) {
          return Malformed("hash of a block request");
        }
        return request;
      }
      case v1::PeerMessage::kBlockResponse: {
        auto block = ReadBlock(message.block_response());
        if (!block.ok()) return block.status();
        return cs::BlockResponse{*std::move(block)};
      }
      case v1::PeerMessage::kEntries: {
        auto entries = ReadEntries(message.entries().entries(), kEntriesPerMessageMax);
        if (!entries.ok()) return entries.status();
        return WaitingEntries{*std::move(entries)};
      }
      case v1::PeerMessage::kCheckpointSignature:
        return ReadTree(message.checkpoint_signature());
      case v1::PeerMessage::kRestoreRequest: {
        cs::RestoreRequest request;
        if (!ReadFixed(message.restore_request().nonce(), request.nonce)) {
          return Malformed("nonce of a restore request");
        }
        return request;
      }
      case v1::PeerMessage::kRestoreResponse:
        return ReadRestoreResponse(message.restore_response());
      case v1::PeerMessage::kRestart:
        return RestartBytes{message.restart().SerializeAsString()};
      case v1::PeerMessage::KIND_NOT_SET:
        break;
    }
    return Malformed("no kind that is known here");
  }

 private:
  absl::Status CheckEpoch(Epoch epoch) const {
    if (epoch == epoch_) return absl::OkStatus();
    return absl::OutOfRangeError(absl::StrCat(epoch.value()));
  }

  absl::StatusOr<PeerMessage> ReadHello(const v1::Hello& message) const {
    Hello hello;
    if (!ReadFixed(message.ledger_id(), hello.ledger_id)) return Malformed("ledger id");
    const auto code = MemberCode::From(message.code());
    if (!code) return Malformed("code of a peer");
    hello.code = *code;
    hello.final_height = Height(message.final_height());
    hello.restoring = message.restoring();
    if (!message.has_newest_vote_of_yours()) return hello;
    const v1::VoteMessage& yours = message.newest_vote_of_yours();
    if (Epoch(yours.epoch()) == epoch_) {
      auto vote = ReadVote(yours, voters_);
      if (!vote.ok()) return vote.status();
      hello.newest_vote_of_yours = *vote;
    } else if (Epoch(yours.epoch()) > epoch_) {
      auto vote = ReadStatement(yours);
      if (!vote.ok()) return vote.status();
      hello.vote_of_later_epoch = *vote;
    }
    return hello;
  }

  absl::StatusOr<PeerMessage> ReadOwnEpoch(const v1::VoteMessage& message) const {
    if (auto status = CheckEpoch(Epoch(message.epoch())); !status.ok()) return status;
    auto vote = ReadVote(message, voters_);
    if (!vote.ok()) return vote.status();
    return *vote;
  }

  // A Proposal or a BlockResponse: they have these fields in common.
  template <class M>
  absl::StatusOr<cs::BlockPtr> ReadBlock(const M& message) const {
    auto header = ParseBlockHeader(message.header());
    if (!header.ok()) return header.status();
    if (auto status = CheckEpoch(header->epoch); !status.ok()) return status;
    auto block = std::make_shared<cs::Block>();
    block->header = *header;
    block->header_bytes = message.header();
    block->hash = BlockHash(block->header_bytes);
    if (!ReadFixed(message.signature(), block->leader_signature)) {
      return Malformed("signature of a block");
    }
    auto entries = ReadEntries(message.entries(), kBlockEntriesMax);
    if (!entries.ok()) return entries.status();
    block->entries = *std::move(entries);
    return block;
  }

  absl::StatusOr<PeerMessage> ReadProposal(const v1::Proposal& message) const {
    auto block = ReadBlock(message);
    if (!block.ok()) return block.status();
    auto justification = ReadCertificateList(message.justification());
    if (!justification.ok()) return justification.status();
    return cs::Proposal{*std::move(block), *std::move(justification)};
  }

  absl::StatusOr<cs::CertificatePtr> ReadCertificate(const std::string& bytes) const {
    const auto epoch = EpochOfCertificate(bytes);
    if (!epoch) return Malformed("certificate");
    if (auto status = CheckEpoch(*epoch); !status.ok()) return status;
    auto certificate = ParseCertificate(bytes, voters_.size());
    if (!certificate.ok()) return certificate.status();
    return std::make_shared<const Certificate>(*std::move(certificate));
  }

  template <class Repeated>
  absl::StatusOr<std::vector<cs::CertificatePtr>> ReadCertificateList(const Repeated& list) const {
    std::vector<cs::CertificatePtr> certificates;
    for (const std::string& bytes : list) {
      auto certificate = ReadCertificate(bytes);
      if (!certificate.ok()) return certificate.status();
      certificates.push_back(*std::move(certificate));
    }
    return certificates;
  }

  absl::StatusOr<PeerMessage> ReadCertificates(const v1::CertificateMessage& message) const {
    if (static_cast<std::size_t>(message.certificates_size()) > cs::kCertificatesPerMessageMax) {
      return Malformed("too many certificates");
    }
    auto certificates = ReadCertificateList(message.certificates());
    if (!certificates.ok()) return certificates.status();
    return cs::CertificateMessage{*std::move(certificates), View()};
  }

  absl::StatusOr<PeerMessage> ReadTree(const v1::CheckpointSignature& message) const {
    SignedTree tree;
    tree.height = Height(message.height());
    tree.tree_size = message.tree_size();
    const auto code = MemberCode::From(message.voter());
    if (!code || !ReadFixed(message.root(), tree.root) ||
        !ReadFixed(message.signature(), tree.signature)) {
      return Malformed("signature of a checkpoint");
    }
    tree.voter = *code;
    return tree;
  }

  absl::StatusOr<PeerMessage> ReadRestoreResponse(const v1::RestoreResponse& message) const {
    cs::RestoreResponse response;
    if (!ReadFixed(message.nonce(), response.nonce))
      return Malformed("nonce of a restore response");
    response.epoch = Epoch(message.epoch());
    if (auto status = CheckEpoch(response.epoch); !status.ok()) return status;
    response.view = View(message.view());
    response.restoring = message.restoring();
    if (!message.certificate().empty()) {
      auto certificate = ReadCertificate(message.certificate());
      if (!certificate.ok()) return certificate.status();
      response.certificate = *std::move(certificate);
    }
    if (static_cast<std::size_t>(message.votes_of_yours_size()) > cs::kRestoreVotesMax) {
      return Malformed("too many votes in a restore response");
    }
    for (const v1::VoteMessage& vote_message : message.votes_of_yours()) {
      auto vote = ReadVote(vote_message, voters_);
      if (!vote.ok()) return vote.status();
      response.votes_of_yours.push_back(*vote);
    }
    return response;
  }

  const Epoch epoch_;
  const VoterSet& voters_;
};

}  // namespace

std::string Codec::Encode(const PeerMessage& message) const {
  v1::PeerMessage out;
  std::visit(Writer(voters_, &out), message);
  return out.SerializeAsString();
}

std::string Codec::Encode(const consensus::Message& message) const {
  v1::PeerMessage out;
  std::visit(Writer(voters_, &out), message);
  return out.SerializeAsString();
}

absl::StatusOr<PeerMessage> Codec::Parse(std::string_view bytes) const {
  v1::PeerMessage message;
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Malformed("not protobuf");
  }
  return Reader(epoch_, voters_).Read(message);
}

absl::StatusOr<FinalBlockParts> ParseFinalBlock(std::string_view bytes, Epoch epoch,
                                                std::size_t voters) {
  v1::FinalBlock message;
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Malformed("final block is not protobuf");
  }
  auto header = ParseBlockHeader(message.header());
  if (!header.ok()) return header.status();
  const bool begins_later = message.has_restart() && header->epoch > epoch;
  if (header->epoch != epoch && !begins_later) {
    return absl::OutOfRangeError(absl::StrCat("a block of epoch ", header->epoch.value()));
  }
  auto entries = ReadEntries(message.entries(), kBlockEntriesMax);
  if (!entries.ok()) return entries.status();
  if (static_cast<std::size_t>(message.tail_size()) > kTailHeadersMax) {
    return Malformed("too many TAIL blocks");
  }
  FinalBlockParts parts{*header,
                        message.header(),
                        BlockHash(message.header()),
                        *std::move(entries),
                        nullptr,
                        {message.tail().begin(), message.tail().end()}};
  if (begins_later) {
    parts.restart = message.restart().SerializeAsString();
    if (parts.restart.empty()) return Malformed("act is empty");
  } else if (!message.certificate().empty()) {
    auto certificate = ParseCertificate(message.certificate(), voters);
    if (!certificate.ok()) return certificate.status();
    parts.certificate = std::make_shared<const Certificate>(*std::move(certificate));
  }
  return parts;
}

}  // namespace assent::replica
