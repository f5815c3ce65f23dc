// assent members, status, checkpoint
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "assent/v1/node.grpc.pb.h"
#include "client/act_file.h"
#include "client/checkpoint_check.h"
#include "client/commands/command.h"
#include "client/commands/operator.h"
#include "client/errors.h"
#include "client/records.h"
#include "client/table.h"
#include "client/terminal.h"
#include "client/transfers.h"
#include "ledger/limits.h"
#include "ledger/log/checkpoint.h"

namespace assent::client {
namespace {

// True when the founding act names the same keys for this member.
bool IsAsInAct(const v1::Member& member, const FoundingAct& act) {
  const auto code = MemberCode::From(member.code());
  const Founder* founder = code ? FindFounder(act, *code) : nullptr;
  return founder != nullptr && member.authority_key() == founder->authority_key.view() &&
         member.node().vote_key() == founder->vote_key.view() &&
         member.node().checkpoint_key() == founder->checkpoint_key.view() &&
         member.node().transport_key() == founder->transport_key.view() &&
         member.reader_key() == founder->reader_key.view();
}

// From the act alone: whoever names the keys can sign a checkpoint of its own under them.
absl::Status VerifierKeys(const Invocation& invocation) {
  const auto act = invocation.LoadLedgerAct();
  if (!act.ok()) return act.status();
  const VoterSet voters = act->voters();
  std::string lines;
  Tree::List list;
  for (const Voter& voter : voters.voters()) {
    const std::string key = VerifierKey(act->text.origin, voter.checkpoint_key);
    lines += key + "\n";
    Tree item = Tree::OfMap();
    item.Add("code", Tree::Of(voter.code.str()));
    item.Add("verifier_key", Tree::Of(key));
    list.push_back(std::move(item));
  }
  if (!invocation.json) {
    Print(lines);
    return absl::OkStatus();
  }
  Tree tree = Tree::OfMap();
  tree.Add("origin", Tree::Of(act->text.origin));
  tree.Add("voters", Tree{std::move(list), 0});
  Print(ToJson(tree));
  return absl::OkStatus();
}

// "votes", "does not vote", or "none".
std::string NodeState(const v1::Member& member) {
  if (member.votes()) return "votes";
  return member.has_node() ? "does not vote" : "none";
}

std::string KeysState(const v1::Member& member, const FoundingAct& act) {
  if (member.status() != "ACTIVE") return "";
  if (member.authority_key().empty()) return "authority key revoked";
  if (member.endorsed_key()) return "authority key ENDORSED by the members";
  if (member.membership() != 0) return "since entry " + std::to_string(member.membership());
  return IsAsInAct(member, act) ? "as in the act" : "NOT as in the act";
}

absl::Status Members(const Invocation& invocation, bool all_states) {
  const auto session = invocation.Connect();
  if (!session.ok()) return session.status();
  const FoundingAct& act = (*session)->act();
  v1::ListMembersRequest request;
  request.set_all_states(all_states);
  const auto members = FetchMembers(**session, request);
  if (!members.ok()) return members.status();
  if (invocation.json) {
    Tree::List list;
    for (const v1::Member& member : *members) {
      Tree item = MessageTree(member, Defaults::kShow);
      item.Add("as_in_act", Tree::Of(IsAsInAct(member, act)));
      list.push_back(std::move(item));
    }
    Tree tree = Tree::OfMap();
    tree.Add("members", Tree{std::move(list), 0});
    Print(ToJson(tree));
    return absl::OkStatus();
  }
  Table table({{"CODE"},
               {"NAME"},
               {"STATUS"},
               {"NODE"},
               {"ENTRIES", Align::kRight},
               {"ENDPOINT"},
               {"KEYS"}});
  for (const v1::Member& member : *members) {
    table.AddRow({member.code(), member.name(), member.status(), NodeState(member),
                  absl::StrCat(member.entries()), member.peer_endpoint(), KeysState(member, act)});
  }
  Print(table.Format(WantsColor(stdout)));
  for (const v1::Member& member : *members) {
    if (member.releasers().empty()) continue;
    std::string names;
    for (const v1::ReleaserInfo& releaser : member.releasers()) {
      absl::StrAppend(&names, names.empty() ? "" : ", ", releaser.name());
    }
    Print(absl::StrCat("what ", member.code(), " files is released by one of: ", Printable(names),
                       "\n"));
  }
  return absl::OkStatus();
}

std::string StatusOf(const v1::MemberQuestion& question) {
  switch (question.status()) {
    case v1::QUESTION_OPEN:
      return absl::StrCat("open until ", FormatTime({question.expires_us()}));
    case v1::QUESTION_DECIDED:
      return absl::StrCat("decided by entry ", question.decided_by());
    case v1::QUESTION_EXPIRED:
      return absl::StrCat("expired ", FormatTime({question.expires_us()}));
    default:
      return "";
  }
}

absl::Status MemberQuestions(const Invocation& invocation) {
  const auto session = invocation.Connect();
  if (!session.ok()) return session.status();
  const auto questions = FetchMemberQuestions(**session);
  if (!questions.ok()) return questions.status();
  if (invocation.json) {
    Tree::List list;
    for (const v1::MemberQuestion& question : *questions) {
      list.push_back(MessageTree(question, Defaults::kShow));
    }
    Tree tree = Tree::OfMap();
    tree.Add("questions", Tree{std::move(list), 0});
    Print(ToJson(tree));
    return absl::OkStatus();
  }
  Table table({{"QUESTION", Align::kRight},
               {"TYPE"},
               {"ABOUT"},
               {"STATUS"},
               {"NEEDED", Align::kRight},
               {"ENDORSED BY"}});
  for (const v1::MemberQuestion& question : *questions) {
    std::string endorsers;
    for (const v1::QuestionEndorsement& endorsement : question.endorsements()) {
      absl::StrAppend(&endorsers, endorsers.empty() ? "" : ", ", endorsement.member());
    }
    table.AddRow({absl::StrCat(question.question()), question.type(), question.about(),
                  StatusOf(question), question.needed() == 0 ? "" : absl::StrCat(question.needed()),
                  endorsers});
  }
  Print(table.Format(WantsColor(stdout)));
  return absl::OkStatus();
}

std::string Text(const Tree& value) {
  if (const auto* text = value.As<std::string>()) return *text;
  if (const auto* time = value.As<Time>()) return FormatTime(*time);
  if (const auto* flag = value.As<bool>()) return *flag ? "yes" : "no";
  if (const auto* number = value.As<std::int64_t>()) return absl::StrCat(*number);
  return "";
}

// The plain members of a message, one a line, with spaces for underscores.
void AddFields(const google::protobuf::Message& message, Listing& listing) {
  const Tree tree = MessageTree(message, Defaults::kShow);
  for (const auto& [key, value] : *tree.As<Tree::Map>()) {
    if (value.As<Tree::Map>() || value.As<Tree::List>()) continue;
    std::string name = key;
    std::replace(name.begin(), name.end(), '_', ' ');
    listing.Add(std::move(name), Text(value));
  }
}

absl::Status ClientStatus(const Invocation& invocation) {
  const auto session = invocation.Connect();
  if (!session.ok()) return session.status();
  const auto status =
      (*session)->Call(&v1::Ledger::Stub::GetLedgerStatus, v1::GetLedgerStatusRequest());
  if (!status.ok()) return status.status();
  if (status->ledger_id() != (*session)->act().ledger_id.view()) {
    return absl::FailedPreconditionError("the node is of another ledger than the founding act");
  }
  if (invocation.json) {
    Print(ToJson(MessageTree(*status, Defaults::kShow)));
    return absl::OkStatus();
  }
  Listing listing;
  AddFields(*status, listing);
  Print(listing.Format());
  return absl::OkStatus();
}

std::string PeerState(const v1::PeerStatus& peer) {
  if (peer.sending() && peer.receiving()) return "connected";
  if (peer.sending()) return "it does not reach this node";
  return peer.receiving() ? "not reached" : "no connection";
}

absl::Status AdminStatus(const std::string& socket, const Invocation& invocation) {
  const auto answer = AskNode(socket, invocation, &v1::Node::Stub::GetStatus);
  if (!answer.ok()) return answer.status();
  const v1::NodeStatus& status = *answer;
  if (invocation.json) {
    Print(ToJson(MessageTree(status, Defaults::kShow)));
    return absl::OkStatus();
  }
  Listing listing;
  AddFields(status.ledger(), listing);
  AddFields(status, listing);
  Print(listing.Format());
  if (status.peers().empty()) return absl::OkStatus();
  Table table({{"PEER"},
               {"ENDPOINT"},
               {"STATE"},
               {"HEIGHT", Align::kRight},
               {"QUEUED", Align::kRight},
               {"DROPPED", Align::kRight},
               {"LAST ERROR"}});
  for (const v1::PeerStatus& peer : status.peers()) {
    table.AddRow({peer.code(), peer.endpoint(), PeerState(peer), absl::StrCat(peer.final_height()),
                  absl::StrCat(peer.queued_messages()), absl::StrCat(peer.dropped_messages()),
                  peer.last_error()});
  }
  Print("\n" + table.Format(WantsColor(stdout)));
  return absl::OkStatus();
}

absl::Status PrintCheckpoint(const Invocation& invocation) {
  const auto session = invocation.Connect();
  if (!session.ok()) return session.status();
  const FoundingAct& act = (*session)->act();
  const auto answer =
      (*session)->Call(&v1::Ledger::Stub::GetCheckpoint, v1::GetCheckpointRequest());
  if (!answer.ok()) return answer.status();
  const auto note = CheckCheckpoint(*answer, act);
  if (!note.ok()) return note.status();
  std::string signers;
  for (const MemberCode& signer : note->signers)
    signers += (signers.empty() ? "" : ", ") + signer.str();
  if (invocation.json) {
    Tree tree = Tree::OfMap();
    tree.Add("origin", Tree::Of(note->checkpoint.origin));
    tree.Add("tree_size", Tree::Of(note->checkpoint.tree_size));
    tree.Add("root", Tree::Of(note->checkpoint.root.hex()));
    tree.Add("height", Tree::Of(answer->height()));
    Tree::List list;
    for (const MemberCode& signer : note->signers) list.push_back(Tree::Of(signer.str()));
    tree.Add("signers", Tree{std::move(list), 0});
    tree.Add("note", Tree::Of(answer->note()));
    Print(ToJson(tree));
    return absl::OkStatus();
  }
  Print(answer->note());
  PrintError(
      absl::StrCat("checked: signed by ", note->signers.size(), " of ", act.voters().size(),
                   " voters (", signers, ")",
                   note->signers.size() > kCheckpointLinesMax
                       ? "; stock tools take 100 signatures: they find them in a node's tiles"
                       : "",
                   "\n"));
  return absl::OkStatus();
}

}  // namespace

void AddLedgerCommands(CLI::App& app, Invocation& invocation) {
  struct MembersOptions {
    bool all_states = false;
    bool questions = false;
    bool vkeys = false;
  };
  auto options = std::make_shared<MembersOptions>();
  CLI::App* members = AddCommand(
      app, "members", "list the members and their nodes, and what they decide",
      {"members", "members --all", "members --questions", "members --vkeys --act act.txt"});
  auto* all =
      members->add_flag("--all", options->all_states,
                        "also states that are no members: invited, declined, noted, withdrawn");
  auto* questions = members->add_flag("--questions", options->questions,
                                      "the questions that the members decide, newest first");
  auto* vkeys = members->add_flag(
      "--vkeys", options->vkeys,
      "only the voters' checkpoint keys, as C2SP verifier keys; from the founding "
      "act, no node is asked");
  all->excludes(questions)->excludes(vkeys);
  questions->excludes(vkeys);
  AddConnection(members, invocation);
  AddJson(members, invocation);
  SetRun(members, invocation, [&invocation, options] {
    if (options->vkeys) return VerifierKeys(invocation);
    if (options->questions) return MemberQuestions(invocation);
    return Members(invocation, options->all_states);
  });

  auto socket = std::make_shared<std::string>();
  CLI::App* status = AddCommand(app, "status", "where the ledger stands at a node",
                                {"status", "status --admin /run/assent/admin.sock"});
  status->add_option("--admin", *socket, "ask as its operator, through the node's admin socket")
      ->type_name("SOCKET");
  AddConnection(status, invocation);
  AddJson(status, invocation);
  SetRun(status, invocation, [&invocation, socket] {
    return socket->empty() ? ClientStatus(invocation) : AdminStatus(*socket, invocation);
  });

  CLI::App* checkpoint = AddCommand(
      app, "checkpoint", "print the newest checkpoint, a C2SP signed note, after checking it",
      {"checkpoint", "checkpoint > today.note"});
  AddConnection(checkpoint, invocation);
  AddJson(checkpoint, invocation);
  SetRun(checkpoint, invocation, [&invocation] { return PrintCheckpoint(invocation); });
}

}  // namespace assent::client
