#include "client/commands/compare_command.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "assent/v1/comparison.grpc.pb.h"
#include "client/channel.h"
#include "client/comparison.h"
#include "client/errors.h"
#include "client/table.h"
#include "client/terminal.h"

namespace assent::client {
namespace {

constexpr std::size_t kNodesMax = 1'024;
// The state is compared at one block; while the ledger goes on it may take some tries.
constexpr int kStateTries = 5;
constexpr std::chrono::seconds kStatePause{1};
constexpr std::size_t kHashShown = 16;

// One of the nodes that are compared.
struct Compared {
  std::string address;
  std::unique_ptr<Session> session;
  std::shared_ptr<grpc::Channel> channel;  // to the node's other service
  v1::LedgerStatus status;
};

// ADDRESS, or ADDRESS=KEY for a node whose key the founding act does not name.
absl::StatusOr<Compared> Connect(const std::string& name, const Settings& shared,
                                 const Invocation& invocation) {
  Settings settings = shared;
  const auto equals = name.find('=');
  settings.node = name.substr(0, equals);
  // Of whichever founder it is.
  settings.member.clear();
  settings.node_key = equals == std::string::npos ? "" : name.substr(equals + 1);
  auto session = Session::Open(settings, std::chrono::seconds(invocation.timeout_s));
  if (!session.ok()) return session.status();
  auto status = (*session)->Call(&v1::Ledger::Stub::GetLedgerStatus, v1::GetLedgerStatusRequest());
  if (!status.ok()) return status.status();
  if (status->ledger_id() != (*session)->act().ledger_id.view()) {
    return absl::FailedPreconditionError(
        absl::StrCat("the node at ", settings.node, " is of another ledger than the founding act"));
  }
  auto channel = MakeChannel(settings, (*session)->act());
  if (!channel.ok()) return channel.status();
  return Compared{settings.node, *std::move(session), *std::move(channel), *std::move(status)};
}

absl::StatusOr<v1::FinalBlock> FetchBlock(Session& session, Height height) {
  v1::AuditBlocksRequest request;
  request.set_from_height(height.value());
  request.set_max_blocks(1);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kCallTimeoutDefault);
  const auto stream = session.stub().AuditBlocks(&context, request);
  v1::FinalBlock block;
  if (stream->Read(&block)) {
    // It may have more to send, up to the next certificate.
    context.TryCancel();
    stream->Finish();
    session.NoteAnswer();
    return block;
  }
  const grpc::Status status = stream->Finish();
  if (status.ok()) return absl::UnavailableError("the node sends no block");
  return session.Explain(status);
}

// The state at one block of all, or why it cannot be looked at.
absl::StatusOr<StateComparison> CompareStatesOf(const std::vector<Compared>& nodes) {
  std::vector<std::unique_ptr<v1::Comparison::Stub>> stubs;
  stubs.reserve(nodes.size());
  for (const Compared& node : nodes) {
    stubs.push_back(v1::Comparison::NewStub(node.channel));
  }
  absl::StatusOr<StateComparison> result = absl::UnavailableError("");
  for (int tries = 0; tries < kStateTries; ++tries) {
    if (tries > 0) std::this_thread::sleep_for(kStatePause);
    bool moved = false;
    result = CompareStates(
        nodes.size(),
        [&](std::size_t node,
            const std::string& from) -> absl::StatusOr<v1::ListStateKeysResponse> {
          v1::ListStateKeysRequest request;
          request.set_from_key(from);
          grpc::ClientContext context;
          context.set_deadline(std::chrono::system_clock::now() + kCallTimeoutDefault);
          v1::ListStateKeysResponse page;
          const grpc::Status status = stubs[node]->ListStateKeys(&context, request, &page);
          if (!status.ok()) {
            return Prefixed(nodes[node].address, nodes[node].session->Explain(status));
          }
          return page;
        },
        &moved);
    if (!moved) break;
  }
  return result;
}

Tree ValuesTree(const std::vector<Compared>& nodes, const std::vector<std::string>& values) {
  Tree tree = Tree::OfMap();
  for (std::size_t i = 0; i < nodes.size(); ++i) tree.Add(nodes[i].address, Tree::Of(values[i]));
  return tree;
}

struct Outcome {
  Height common;
  std::optional<BlockDifference> block;
  absl::StatusOr<StateComparison> state = absl::UnknownError("not looked at");
  bool same() const { return !block && (!state.ok() || !state->first); }
};

void PrintJson(const std::vector<Compared>& nodes, const Outcome& outcome) {
  Tree tree = Tree::OfMap();
  Tree::List list;
  for (const Compared& node : nodes) {
    Tree item = Tree::OfMap();
    item.Add("node", Tree::Of(node.address));
    item.Add("code", Tree::Of(node.status.code()));
    item.Add("height", Tree::Of(node.status.height()));
    item.Add("tree_size", Tree::Of(node.status.tree_size()));
    item.Add("state_digest", Tree::Of(ToHex(node.status.state_digest())));
    list.push_back(std::move(item));
  }
  tree.Add("nodes", Tree{std::move(list), 0});
  tree.Add("compared_up_to", Tree::Of(outcome.common.value()));
  tree.Add("same", Tree::Of(outcome.same()));
  if (outcome.block) {
    Tree block = Tree::OfMap();
    block.Add("height", Tree::Of(outcome.block->height.value()));
    Tree fields = Tree::OfMap();
    for (const auto& [name, values] : outcome.block->fields) {
      std::string key = name;
      std::replace(key.begin(), key.end(), ' ', '_');
      fields.Add(std::move(key), ValuesTree(nodes, values));
    }
    block.Add("fields", std::move(fields));
    if (outcome.block->entry) {
      block.Add("entry", Tree::Of(outcome.block->entry->first.value()));
      block.Add("entry_by", ValuesTree(nodes, outcome.block->entry->second));
    }
    tree.Add("first_block", std::move(block));
  }
  if (!outcome.state.ok()) {
    tree.Add("state_not_compared", Tree::Of(Describe(outcome.state.status())));
  } else {
    tree.Add("state_height", Tree::Of(outcome.state->height.value()));
    tree.Add("state_keys_same", Tree::Of(outcome.state->keys));
    if (const auto& first = outcome.state->first) {
      tree.Add("first_key", Tree::Of(Printable(first->key)));
      tree.Add("first_key_values", ValuesTree(nodes, first->values));
    }
  }
  Print(ToJson(tree));
}

std::string Shown(const std::string& value) {
  const bool is_hash = value.size() == 2 * Hash::kSize;
  return is_hash ? value.substr(0, kHashShown) : value;
}

void PrintNodes(const std::vector<Compared>& nodes, const Outcome& outcome) {
  const bool color = WantsColor(stdout);
  Table heads({{"NODE"},
               {"CODE"},
               {"HEIGHT", Align::kRight},
               {"TIME"},
               {"ENTRIES", Align::kRight},
               {"STATE DIGEST"}});
  for (const Compared& node : nodes) {
    heads.AddRow({node.address, node.status.code(), absl::StrCat(node.status.height()),
                  FormatTime({node.status.time_us()}), absl::StrCat(node.status.tree_size()),
                  ToHex(node.status.state_digest()).substr(0, kHashShown)});
  }
  Print(heads.Format(color) + "\n");
  if (!outcome.block) {
    Print(absl::StrCat("blocks: the same up to ", outcome.common.value(), "\n"));
  } else {
    std::vector<Column> columns = {{"FIELD"}};
    for (const Compared& node : nodes) columns.push_back({node.address});
    Table fields(std::move(columns));
    const auto add = [&](const std::string& name, const std::vector<std::string>& values) {
      std::vector<std::string> row = {name};
      for (const std::string& value : values) row.push_back(Shown(value));
      fields.AddRow(std::move(row));
    };
    for (const auto& [name, values] : outcome.block->fields) add(name, values);
    if (const auto& entry = outcome.block->entry) {
      add(absl::StrCat("entry ", entry->first.value()), entry->second);
    }
    Print(absl::StrCat("blocks: the first that differs is ", outcome.block->height.value(), "\n\n",
                       fields.Format(color), "\n"));
  }
  if (!outcome.state.ok()) {
    Print(absl::StrCat("state: could not be compared: ", Describe(outcome.state.status()), "\n"));
  } else if (!outcome.state->first) {
    Print(absl::StrCat("state: the same ", outcome.state->keys, " keys at block ",
                       outcome.state->height.value(), "\n"));
  } else {
    Print(absl::StrCat("state: at block ", outcome.state->height.value(),
                       " the first key that differs is ", Printable(outcome.state->first->key),
                       "\n"));
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      Print(absl::StrCat("  ", nodes[i].address, "  ", outcome.state->first->values[i], "\n"));
    }
  }
}

absl::Status Compare(const std::vector<std::string>& names, const Invocation& invocation) {
  const auto settings = invocation.ResolveSettings();
  if (!settings.ok()) return settings.status();
  std::vector<Compared> nodes;
  for (const std::string& name : names) {
    auto node = Connect(name, *settings, invocation);
    if (!node.ok()) return node.status();
    nodes.push_back(*std::move(node));
  }
  Outcome outcome;
  outcome.common = Height(nodes.front().status.height());
  for (const Compared& node : nodes) {
    outcome.common = std::min(outcome.common, Height(node.status.height()));
  }
  auto block =
      FindBlockDifference(nodes.size(), outcome.common, nodes.front().session->act().ledger_id,
                          [&](std::size_t node, Height height) -> absl::StatusOr<v1::FinalBlock> {
                            auto fetched = FetchBlock(*nodes[node].session, height);
                            if (!fetched.ok())
                              return Prefixed(nodes[node].address, fetched.status());
                            return fetched;
                          });
  if (!block.ok()) return block.status();
  outcome.block = *std::move(block);
  outcome.state = CompareStatesOf(nodes);
  if (invocation.json) {
    PrintJson(nodes, outcome);
  } else {
    PrintNodes(nodes, outcome);
  }
  if (outcome.same()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      "the nodes differ; assent audit shows which of them can prove what it says");
}

}  // namespace

void AddCompareCommand(CLI::App& app, Invocation& invocation) {
  auto nodes = std::make_shared<std::vector<std::string>>();
  CLI::App* command = AddCommand(
      app, "compare", "find the first block, and the first key of the state, in which nodes differ",
      {"compare node.example.fr:7402 node.example.in:7402 --act act.txt --reader reader.key",
       "compare localhost:7402 node.example.br:7402=KEY --json"});
  command
      ->add_option("NODE", *nodes,
                   "client ports of two nodes or more, HOST:PORT; with =KEY behind it where the "
                   "founding act does "
                   "not name its transport key (assent members --json)")
      ->required()
      ->expected(2, static_cast<int>(kNodesMax));
  command
      ->add_option("--reader", invocation.flags.reader,
                   "reader key of a member [nobody: only blocks are compared]")
      ->type_name("FILE");
  AddAct(command, invocation);
  AddJson(command, invocation);
  SetRun(command, invocation, [&invocation, nodes] { return Compare(*nodes, invocation); });
}

}  // namespace assent::client
