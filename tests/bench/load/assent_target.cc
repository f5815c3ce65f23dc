#include "tests/bench/load/assent_target.h"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "ledger/crypto/key_file.h"
#include "ledger/entry/proto.h"
#include "ledger/limits.h"
#include "ledger/receipt/receipt.h"
#include "ledger/receipt/receipt_file.h"
#include "transport/credentials.h"

namespace assent::bench {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kAgreePatience{30};
constexpr int kVerifyRuns = 2'000;
// Few clients on one machine stand for many: what one may do is not what is measured.
constexpr char kNoQuotas[] =
    "quota.connections_of_address = \"1000000\"\n"
    "quota.reads_of_address = \"1000000\"\n"
    "quota.submissions_of_address = \"1000000\"\n"
    "quota.entries_of_author = \"1000000\"\n";

Time Now() {
  return {std::chrono::duration_cast<std::chrono::microseconds>(
              std::chrono::system_clock::now().time_since_epoch())
              .count()};
}

Time WholeSecond(Time time) { return {time.us / 1'000'000 * 1'000'000}; }

// AAA, AAB, ...: at most 26 * 26.
MemberCode CodeOf(std::size_t index) {
  const char text[] = {'A', static_cast<char>('A' + index / 26),
                       static_cast<char>('A' + index % 26)};
  return MemberCode::From(std::string_view(text, sizeof(text))).value();
}

absl::Status FromGrpc(const std::string& who, const grpc::Status& status) {
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()),
                      absl::StrCat(who, ": ", status.error_message()));
}

// For its owner only: it may hold a secret.
absl::Status WriteFile(const fs::path& path, const std::string& content) {
  std::ofstream file(path, std::ios::binary);
  file << content;
  file.close();
  std::error_code error;
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write, error);
  if (file.fail() || error)
    return absl::InternalError(absl::StrCat("cannot write ", path.string()));
  return absl::OkStatus();
}

}  // namespace

// A founder, its keys, and where its next entry goes.
struct AssentTarget::Author {
  explicit Author(std::size_t index)
      : code(CodeOf(index)),
        authority(SecretSeed::Random()),
        reader(SecretSeed::Random()),
        node_seed(SecretSeed::Random()),
        node(DeriveNodeKeys(node_seed)) {}

  const MemberCode code;
  const SigningKey authority;
  const SigningKey reader;
  const SecretSeed node_seed;
  const NodeKeys node;
  std::uint16_t peer_port = 0;
  std::uint16_t client_port = 0;
  std::vector<std::unique_ptr<v1::Ledger::Stub>> stubs;

  std::mutex mutex;  // entries go out in the order of their sequences
  AuthorHead head;
};

// One call under way.
struct AssentTarget::Filing {
  std::string author;
  Hash leaf_hash;
  grpc::ClientContext context;
  v1::SubmitRequest request;
  v1::SubmitResponse response;
};

AssentTarget::AssentTarget(std::string binary, std::string folder, std::size_t nodes,
                           std::size_t connections, const PayloadMaker* payloads)
    : binary_(std::move(binary)),
      folder_(std::move(folder)),
      connections_(connections),
      payloads_(payloads),
      random_(std::random_device{}()) {
  for (std::size_t i = 0; i < nodes; ++i) authors_.push_back(std::make_unique<Author>(i));
}

AssentTarget::~AssentTarget() = default;

Conditions AssentTarget::conditions() const {
  return {"final: ordered by a quorum of floor(2n/3)+1 that tolerates liars, with a receipt",
          "TLS 1.3 between nodes and to clients, keys pinned",
          "votes and blocks synced to disk before they are sent or answered"};
}

void AssentTarget::MakeAct() {
  ActText text;
  text.origin = "bench.example/assent";
  text.founded = WholeSecond(Now() - Seconds(60));
  text.parameters.entries_per_author_and_day = kAuthorEntriesPerDayLimit;
  text.classes = {{kClassId, ClassKind::kSpaceLaunch, "medium space launch vehicle"}};
  text.code_title = "Code of Conduct";
  text.code_text = "States notify.\n";
  for (const auto& author : authors_) {
    text.founders.push_back({author->code, absl::StrCat("State of ", author->code.str()),
                             author->authority.public_key(), author->node.vote.public_key(),
                             author->node.checkpoint.public_key(),
                             author->node.transport.public_key(), author->reader.public_key(),
                             absl::StrCat("127.0.0.1:", author->peer_port)});
  }
  act_ = ParseAct(FormatAct({text, LedgerId(), {}})).value();
  for (const auto& author : authors_) {
    const std::pair<KeyRole, const SigningKey*> keys[] = {
        {KeyRole::kAuthority, &author->authority},
        {KeyRole::kVote, &author->node.vote},
        {KeyRole::kCheckpoint, &author->node.checkpoint},
        {KeyRole::kTransport, &author->node.transport},
        {KeyRole::kReader, &author->reader}};
    for (const auto& [which, key] : keys) {
      act_.signatures[{author->code, which}] = SignAct(act_.ledger_id, author->code, which, *key);
    }
  }
}

absl::Status AssentTarget::StartNode(std::size_t index) {
  const Author& author = *authors_[index];
  const fs::path folder = fs::path(folder_) / author.code.str();
  std::error_code error;
  fs::create_directory(folder, error);
  if (error) return absl::InternalError(absl::StrCat("cannot make ", folder.string()));
  const std::string config = (folder / "node.toml").string();
  const std::string log = (folder / "node.log").string();
  absl::Status status =
      WriteFile(folder / "node.seed", WritePlainKey(KeyPurpose::kNode, author.node_seed));
  status.Update(WriteFile(
      config,
      absl::StrCat("data_dir = \"data\"\nact = \"../act.txt\"\nseed_file = \"node.seed\"\n",
                   "peer.listen = \"127.0.0.1:", author.peer_port,
                   "\"\nclient.listen = \"127.0.0.1:", author.client_port, "\"\n", kNoQuotas)));
  if (!status.ok()) return status;
  auto init = Process::Start({binary_, "init", "--config", config, "--new-seed"}, log);
  if (!init.ok()) return init.status();
  if (status = init->Wait(); !status.ok()) return status;
  auto node = Process::Start({binary_, "run", "--config", config}, log);
  if (!node.ok()) return node.status();
  nodes_.push_back(*std::move(node));
  return absl::OkStatus();
}

absl::Status AssentTarget::Connect(std::size_t index) {
  Author& author = *authors_[index];
  auto credentials = transport::ClientCredentials(nullptr, {author.node.transport.public_key()});
  if (!credentials.ok()) return credentials.status();
  for (std::size_t i = 0; i < connections_; ++i) {
    grpc::ChannelArguments arguments = transport::ClientArguments();
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // else all would share a connection
    arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kReconnectMs);
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kReconnectMs);
    author.stubs.push_back(v1::Ledger::NewStub(grpc::CreateCustomChannel(
        absl::StrCat("127.0.0.1:", author.client_port), *credentials, arguments)));
  }
  return absl::OkStatus();
}

absl::Status AssentTarget::WaitServing(std::size_t index) {
  const auto deadline = Clock::now() + kStartPatience;
  for (const auto& stub : authors_[index]->stubs) {
    while (true) {
      grpc::ClientContext context;
      context.set_wait_for_ready(true);
      context.set_deadline(std::chrono::system_clock::now() + kStartAttempt);
      v1::LedgerStatus answer;
      const grpc::Status status = stub->GetLedgerStatus(&context, {}, &answer);
      if (status.ok()) break;
      if (const auto runs = nodes_[index].CheckRuns(); !runs.ok()) return runs;
      if (Clock::now() > deadline) {
        return FromGrpc(absl::StrCat("the node of ", authors_[index]->code.str()), status);
      }
      std::this_thread::sleep_for(kPollPause);
    }
  }
  return absl::OkStatus();
}

absl::Status AssentTarget::Start() {
  const auto ports = FreePorts(2 * authors_.size());
  if (!ports.ok()) return ports.status();
  for (std::size_t i = 0; i < authors_.size(); ++i) {
    authors_[i]->peer_port = (*ports)[2 * i];
    authors_[i]->client_port = (*ports)[2 * i + 1];
  }
  MakeAct();
  if (auto status = WriteFile(fs::path(folder_) / "act.txt", FormatAct(act_)); !status.ok()) {
    return status;
  }
  for (std::size_t i = 0; i < authors_.size(); ++i) {
    if (auto status = StartNode(i); !status.ok()) return status;
    if (auto status = Connect(i); !status.ok()) return status;
  }
  for (std::size_t i = 0; i < authors_.size(); ++i) {
    if (auto status = WaitServing(i); !status.ok()) return status;
  }
  return absl::OkStatus();
}

Entry AssentTarget::NextEntry(Author& author) {
  EntryHeader header;
  header.ledger_id = act_.ledger_id;
  header.author = author.code;
  header.sequence = author.head.sequence.next();
  header.previous = author.head.leaf_hash;
  header.not_after = Now() + Hours(24);
  Entry entry =
      SignEntry(header, payloads_->Body(header.sequence.value()), RandomSalt(), author.authority)
          .value();
  author.head.sequence = header.sequence;
  author.head.leaf_hash = entry.leaf_hash();
  return entry;
}

absl::Status AssentTarget::CheckAnswer(const Filing& filing) {
  const v1::SubmitResponse& response = filing.response;
  if (!response.has_receipt()) {
    return absl::DataLossError(absl::StrCat(filing.author, ": an answer without a receipt"));
  }
  if (response.leaf_hash() != filing.leaf_hash.view()) {
    return absl::DataLossError(absl::StrCat(filing.author, ": an answer for another entry"));
  }
  KeepSample(response.receipt(), filing.leaf_hash);
  ++answered_;
  return absl::OkStatus();
}

void AssentTarget::Send(std::size_t node, SendDone done) {
  Author& author = *authors_[node];
  const auto filing = std::make_shared<Filing>();
  filing->author = author.code.str();
  filing->context.set_deadline(std::chrono::system_clock::now() + kAnswerPatience);
  filing->request.set_wait_until_final(true);

  const std::lock_guard lock(author.mutex);
  const Entry entry = NextEntry(author);
  filing->leaf_hash = entry.leaf_hash();
  *filing->request.mutable_entry() = ToProto(entry);
  const auto& stub = author.stubs[author.head.sequence.value() % author.stubs.size()];
  stub->async()->Submit(
      &filing->context, &filing->request, &filing->response,
      [this, filing, done = std::move(done)](const grpc::Status& status) {
        done(status.ok() ? CheckAnswer(*filing) : FromGrpc(filing->author, status));
      });
}

// Algorithm R: every receipt has the same chance to stay.
void AssentTarget::KeepSample(const v1::Receipt& receipt, const Hash& leaf_hash) {
  const std::lock_guard lock(samples_mutex_);
  ++receipts_seen_;
  if (samples_.size() < kReceiptsVerified) {
    samples_.emplace_back(receipt, leaf_hash);
    return;
  }
  const std::uint64_t place =
      std::uniform_int_distribution<std::uint64_t>(0, receipts_seen_ - 1)(random_);
  if (place < kReceiptsVerified) samples_[place] = {receipt, leaf_hash};
}

absl::StatusOr<v1::LedgerStatus> AssentTarget::CommonStatus() {
  v1::LedgerStatus first;
  for (const auto& author : authors_) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kAnswerPatience);
    v1::LedgerStatus own;
    const grpc::Status status = author->stubs[0]->GetLedgerStatus(&context, {}, &own);
    if (!status.ok()) return FromGrpc(author->code.str(), status);
    if (author == authors_[0]) first = own;
    if (own.height() != first.height()) {
      return absl::UnavailableError(absl::StrCat(author->code.str(), " is at height ", own.height(),
                                                 ", ", first.code(), " at ", first.height()));
    }
    if (own.root() != first.root() || own.tree_size() != first.tree_size() ||
        own.state_digest() != first.state_digest()) {
      return absl::DataLossError(absl::StrCat(author->code.str(), " and ", first.code(),
                                              " differ at height ", first.height()));
    }
  }
  return first;
}

absl::StatusOr<std::string> AssentTarget::Check() {
  const auto deadline = Clock::now() + kAgreePatience;
  auto common = CommonStatus();
  while (absl::IsUnavailable(common.status()) && Clock::now() < deadline) {
    std::this_thread::sleep_for(kPollPause);
    common = CommonStatus();
  }
  if (!common.ok()) return common.status();
  if (common->tree_size() != answered_) {
    return absl::DataLossError(absl::StrCat("the ledger has ", common->tree_size(),
                                            " entries, but ", answered_.load(), " were answered"));
  }
  for (const auto& [receipt, leaf_hash] : samples_) {
    const auto proof = VerifyReceipt(FormatReceiptFile(receipt), act_);
    if (!proof.ok()) return proof.status();
    if (proof->entry.leaf_hash() != leaf_hash) {
      return absl::DataLossError("a receipt is for another entry than the one that was filed");
    }
  }
  return absl::StrCat("all ", authors_.size(), " nodes have the same root and state at height ",
                      common->height(), " with all ", common->tree_size(),
                      " entries; every answer had a receipt, ", samples_.size(), " were verified");
}

double AssentTarget::MeasureVerifySeconds() const {
  EntryHeader header;
  header.ledger_id = act_.ledger_id;
  header.author = authors_[0]->code;
  header.sequence = Sequence(1);
  header.not_after = Now() + Hours(24);
  const SigningKey& key = authors_[0]->authority;
  const Entry entry = SignEntry(header, payloads_->Body(1), RandomSalt(), key).value();
  const std::clock_t before = std::clock();
  int good = 0;
  for (int i = 0; i < kVerifyRuns; ++i) good += entry.VerifySignature(key.public_key()) ? 1 : 0;
  const double seconds = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
  return good == 0 ? 0 : seconds / good;
}

}  // namespace assent::bench
