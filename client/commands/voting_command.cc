// assent voting-proof
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "assent/v1/entry.pb.h"
#include "client/commands/command.h"
#include "client/commands/operator.h"
#include "client/errors.h"
#include "client/records.h"

namespace assent::client {
namespace {

struct ProofOptions {
  std::string socket;
  std::string output = "voting-status.toml";
};

absl::Status WriteProof(const ProofOptions& options, const Invocation& invocation) {
  if (auto status = CheckOneOutput(options.output, invocation.json); !status.ok()) return status;
  const auto proof = AskNode(options.socket, invocation, &v1::Node::Stub::MakeVotingProof);
  if (!proof.ok()) return proof.status();
  v1::Body body;
  body.set_visibility(v1::PUBLIC);
  body.mutable_voting_status()->set_votes(true);
  *body.mutable_voting_status()->mutable_proof() = *proof;
  const std::string content = absl::StrCat(
      "# The node votes from the entry on. File this soon: only the 16,384 newest blocks count.\n",
      ToToml(RecordTree(body)));
  return WriteResult(options.output, content, MessageTree(*proof, Defaults::kShow),
                     invocation.json);
}

}  // namespace

void AddVotingProofCommand(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<ProofOptions>();
  CLI::App* proof =
      AddCommand(app, "voting-proof",
                 "have your node sign that it has caught up, as a VotingStatus to be filed",
                 {"voting-proof --admin /run/assent/admin.sock -o voting-status.toml",
                  "file voting-status.toml"});
  proof->add_option("--admin", options->socket, "the node's admin socket")
      ->required()
      ->type_name("SOCKET");
  proof->add_option("-o,--output", options->output, "record file to write")
      ->type_name("FILE")
      ->capture_default_str();
  AddJson(proof, invocation);
  SetRun(proof, invocation, [&invocation, options] { return WriteProof(*options, invocation); });
}

}  // namespace assent::client
