// assent revision open, sign, object, withdraw, show
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/commands/command.h"
#include "client/commands/filing_steps.h"
#include "client/errors.h"
#include "client/files.h"
#include "client/records.h"
#include "client/table.h"
#include "client/terminal.h"
#include "client/transfers.h"
#include "ledger/crypto/hash.h"
#include "ledger/entry/strict.h"
#include "ledger/limits.h"

namespace assent::client {
namespace {

v1::Body NewBody(v1::Visibility visibility) {
  v1::Body body;
  body.set_visibility(visibility);
  body.set_issued_at_us(Now().us);
  return body;
}

// Number of the revision in force.
absl::StatusOr<std::uint32_t> InForce(Session& session) {
  const auto revisions = FetchRevisions(session);
  if (!revisions.ok()) return revisions.status();
  std::uint32_t newest = 0;
  for (const v1::Revision& revision : *revisions) {
    if (revision.status() == v1::FINAL) newest = std::max(newest, revision.number());
  }
  return newest;
}

// The entry that opened a round, with its proof: what the proposer signed, not what the node says
// of it.
absl::StatusOr<v1::RevisionOpen> FetchProposal(Session& session, std::uint64_t round) {
  v1::GetReceiptRequest request;
  request.set_index(round);
  const auto receipt = session.Call(&v1::Ledger::Stub::GetReceipt, request);
  if (!receipt.ok()) return receipt.status();
  const std::string file = absl::StrCat(AbslView(kReceiptMagic), receipt->SerializeAsString());
  const auto proof = VerifyReceipt(file, session.act());
  if (!proof.ok()) return Prefixed("the node's receipt proves nothing", proof.status());
  if (proof->index.value() != round)
    return absl::DataLossError("the node answers with another entry");
  if (!proof->entry.has_body()) {
    return absl::PermissionDeniedError(
        absl::StrCat("the text of round ", round, " is not shown to this reader: use --reader"));
  }
  v1::Body body;
  if (auto status = ParseStrict(proof->entry.body(), body); !status.ok()) return status;
  if (!body.has_revision_open()) {
    return absl::InvalidArgumentError(absl::StrCat("entry ", round, " opens no round of revision"));
  }
  return body.revision_open();
}

struct OpenOptions {
  std::string text;
  std::string title;
  std::optional<std::uint32_t> replaces;
  DirectFiling filing;
};

absl::Status Open(const OpenOptions& options, const Invocation& invocation) {
  const auto text = ReadFile(options.text, kRevisionTextBytesMax);
  if (!text.ok()) return text.status();
  const auto settings = invocation.ResolveSettings();
  if (!settings.ok()) return settings.status();
  const auto session = invocation.Connect();
  if (!session.ok()) return session.status();
  v1::Body body = NewBody(v1::MEMBERS);
  v1::RevisionOpen& record = *body.mutable_revision_open();
  record.set_title(options.title);
  record.set_text(*text);
  if (options.replaces) {
    record.set_replaces(*options.replaces);
  } else {
    const auto in_force = InForce(**session);
    if (!in_force.ok()) return in_force.status();
    record.set_replaces(*in_force);
  }
  PrintError(absl::StrCat("text hash ", Sha256(*text).hex(), "\n"));
  return FileDirectly(**session, *settings, {options.text, std::move(body), std::nullopt},
                      "revision-open", options.filing, invocation.json);
}

struct SignOptions {
  std::uint64_t round = 0;
  std::string text;
  DirectFiling filing;
};

// The text that is signed is the one that the proposer signed, and, when the signer has a copy,
// that copy.
absl::Status CheckText(const SignOptions& options, const v1::RevisionOpen& proposal) {
  PrintError(absl::StrCat("round ", options.round, ": ", Printable(proposal.title()),
                          "\ntext hash ", Sha256(proposal.text()).hex(), ", ",
                          proposal.text().size(), " bytes\n"));
  if (options.text.empty()) return absl::OkStatus();
  const auto copy = ReadFile(options.text, kRevisionTextBytesMax);
  if (!copy.ok()) return copy.status();
  if (*copy == proposal.text()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("the text of round ", options.round,
                                                    " is not that of ", options.text, " (hash ",
                                                    Sha256(*copy).hex(), "): nothing was signed"));
}

absl::Status SignRound(const SignOptions& options, const Invocation& invocation) {
  const auto settings = invocation.ResolveSettings();
  if (!settings.ok()) return settings.status();
  const auto author = OwnCode(*settings);
  if (!author.ok()) return author.status();
  const auto session = invocation.Connect();
  if (!session.ok()) return session.status();
  const auto proposal = FetchProposal(**session, options.round);
  if (!proposal.ok()) return proposal.status();
  if (auto status = CheckText(options, *proposal); !status.ok()) return status;
  v1::GetAuthorHeadRequest request;
  request.set_author(author->str());
  const auto head = (*session)->Call(&v1::Ledger::Stub::GetAuthorHead, request);
  if (!head.ok()) return head.status();
  v1::Body body = NewBody(v1::MEMBERS);
  v1::RevisionSign& record = *body.mutable_revision_sign();
  record.set_round(options.round);
  record.set_text_hash(Sha256(proposal->text()).str());
  record.set_replaces(proposal->replaces());
  record.set_membership(head->membership());
  return FileDirectly(
      **session, *settings,
      {absl::StrCat("signature of round ", options.round), std::move(body), std::nullopt},
      absl::StrCat("revision-sign-", options.round), options.filing, invocation.json);
}

struct EndOptions {
  std::uint64_t round = 0;
  std::string reason;
  DirectFiling filing;
};

absl::Status EndRound(const EndOptions& options, const Invocation& invocation, bool object) {
  const auto settings = invocation.ResolveSettings();
  if (!settings.ok()) return settings.status();
  const auto session = invocation.Connect();
  if (!session.ok()) return session.status();
  v1::Body body = NewBody(v1::MEMBERS);
  if (object) {
    body.mutable_revision_object()->set_round(options.round);
    body.mutable_revision_object()->set_reason(options.reason);
  } else {
    body.mutable_revision_withdraw()->set_round(options.round);
    body.mutable_revision_withdraw()->set_reason(options.reason);
  }
  return FileDirectly(
      **session, *settings,
      {absl::StrCat(object ? "objection to round " : "withdrawal of round ", options.round),
       std::move(body), std::nullopt},
      absl::StrCat(object ? "revision-object-" : "revision-withdraw-", options.round),
      options.filing, invocation.json);
}

std::string StatusText(v1::RoundStatus status) {
  switch (status) {
    case v1::OPEN_FOR_SIGNATURE:
      return "open for signature";
    case v1::FINAL:
      return "final";
    case v1::OBJECTED:
      return "objected";
    case v1::LAPSED:
      return "lapsed";
    case v1::ROUND_WITHDRAWN:
      return "withdrawn";
    default:
      return "unknown";
  }
}

std::string TimeLeft(const v1::Revision& revision) {
  if (revision.status() != v1::OPEN_FOR_SIGNATURE) return "";
  const std::int64_t hours = (revision.deadline_us() - Now().us) / Hours(1).us;
  if (hours < 0) return "over";
  return hours < 48 ? absl::StrCat(hours, " h") : absl::StrCat(hours / 24, " d");
}

std::string Joined(const google::protobuf::RepeatedPtrField<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : ", ") + item;
  return text;
}

bool IsActText(const v1::Revision& revision) {
  return revision.has_number() && revision.number() == 0;
}

std::string RoundName(const v1::Revision& revision) {
  return IsActText(revision) ? "act" : absl::StrCat(revision.round());
}

// What the node says of a text must at least fit together.
absl::Status CheckHash(const v1::Revision& revision) {
  if (revision.text().empty() || Sha256(revision.text()).view() == revision.text_hash()) {
    return absl::OkStatus();
  }
  return absl::DataLossError(absl::StrCat("the node's answer is wrong: the text of round ",
                                          RoundName(revision), " has not the hash that it gives"));
}

void PrintRounds(const std::vector<v1::Revision>& revisions) {
  Table table({{"ROUND", Align::kRight},
               {"NUMBER", Align::kRight},
               {"STATUS"},
               {"BY"},
               {"OPENED"},
               {"LEFT"},
               {"SIGNED", Align::kRight},
               {"MISSING", Align::kRight},
               {"TITLE"}});
  for (const v1::Revision& revision : revisions) {
    table.AddRow({RoundName(revision), revision.has_number() ? absl::StrCat(revision.number()) : "",
                  StatusText(revision.status()), revision.proposer(),
                  revision.opened_us() == 0 ? "" : FormatTime(Time{revision.opened_us()}),
                  TimeLeft(revision), absl::StrCat(revision.signatures_size()),
                  absl::StrCat(revision.missing_size()), revision.title()});
  }
  Print(table.Format(WantsColor(stdout)));
}

void PrintRound(const v1::Revision& revision, bool text) {
  Listing listing;
  listing.Add("round", RoundName(revision));
  if (revision.has_number()) listing.Add("revision", absl::StrCat(revision.number()));
  listing.Add("title", revision.title());
  listing.Add("status", StatusText(revision.status()));
  if (!revision.proposer().empty()) listing.Add("opened by", revision.proposer());
  listing.Add("replaces", absl::StrCat("revision ", revision.replaces()));
  listing.Add("text hash", ToHex(revision.text_hash()));
  if (revision.opened_us() != 0) listing.Add("opened", FormatTime(Time{revision.opened_us()}));
  if (revision.deadline_us() != 0) {
    const std::string left = TimeLeft(revision);
    listing.Add(
        "deadline",
        FormatTime(Time{revision.deadline_us()}) +
            (left.empty() ? "" : absl::StrCat(" (", left, left == "over" ? ")" : " left)")));
  }
  if (!revision.objected_by().empty()) listing.Add("objected by", revision.objected_by());
  if (revision.ended_us() != 0) listing.Add("ended", FormatTime(Time{revision.ended_us()}));
  if (!revision.missing().empty()) listing.Add("missing", Joined(revision.missing()));
  Print(listing.Format());
  Table table({{"SIGNED BY"}, {"AT"}, {"INDEX", Align::kRight}});
  for (const v1::RoundSignature& signature : revision.signatures()) {
    table.AddRow({signature.member(), FormatTime(Time{signature.time_us()}),
                  absl::StrCat(signature.index())});
  }
  if (!table.empty()) Print("\n" + table.Format(WantsColor(stdout)));
  if (text) Print("\n" + Printable(revision.text(), true));
}

struct ShowOptions {
  std::optional<std::uint64_t> round;
  bool text = false;
};

absl::Status Show(const ShowOptions& options, const Invocation& invocation) {
  const auto session = invocation.Connect();
  if (!session.ok()) return session.status();
  auto revisions = FetchRevisions(**session);
  if (!revisions.ok()) return revisions.status();
  if (options.round) {
    std::erase_if(*revisions, [&](const v1::Revision& revision) {
      return IsActText(revision) || revision.round() != *options.round;
    });
    if (revisions->empty()) {
      return absl::NotFoundError(
          absl::StrCat("there is no round ", *options.round, ": assent revision show lists all"));
    }
  }
  for (const v1::Revision& revision : *revisions) {
    if (auto status = CheckHash(revision); !status.ok()) return status;
  }
  if (invocation.json) {
    Tree::List list;
    for (const v1::Revision& revision : *revisions) {
      list.push_back(MessageTree(revision, Defaults::kShow));
    }
    Tree tree = Tree::OfMap();
    tree.Add("revisions", Tree{std::move(list), 0});
    Print(ToJson(tree));
  } else if (options.round) {
    PrintRound(revisions->front(), options.text);
  } else {
    PrintRounds(*revisions);
  }
  return absl::OkStatus();
}

void AddOpen(CLI::App& revision, Invocation& invocation) {
  auto options = std::make_shared<OpenOptions>();
  CLI::App* command = AddCommand(revision, "open", "open a round of signatures on a new text",
                                 {"revision open --text code-2.txt --title \"Second text\""});
  command->add_option("--text", options->text, "file with the whole text")
      ->required()
      ->type_name("FILE");
  command->add_option("--title", options->title, "its title")->required();
  command
      ->add_option("--replaces", options->replaces, "revision that it replaces [the one in force]")
      ->type_name("N");
  AddDirectFiling(command, invocation, options->filing);
  SetRun(command, invocation, [&invocation, options] { return Open(*options, invocation); });
}

void AddSign(CLI::App& revision, Invocation& invocation) {
  auto options = std::make_shared<SignOptions>();
  CLI::App* command = AddCommand(
      revision, "sign", "sign the text of the open round; it cannot be taken back",
      {"revision sign 20 --text our-copy.txt", "revision sign 20 --draft sign.draft.json"});
  command->add_option("ROUND", options->round, "index of the entry that opened it")->required();
  command->add_option("--text", options->text, "sign only when the text is that of this file")
      ->type_name("FILE");
  AddDirectFiling(command, invocation, options->filing);
  SetRun(command, invocation, [&invocation, options] { return SignRound(*options, invocation); });
}

void AddEnd(CLI::App& revision, Invocation& invocation, bool object) {
  auto options = std::make_shared<EndOptions>();
  CLI::App* command =
      object ? AddCommand(revision, "object", "end the open round: your state does not consent",
                          {"revision object 20 --reason \"Article 3 cannot be carried out.\""})
             : AddCommand(revision, "withdraw", "take your own proposal back",
                          {"revision withdraw 20 --reason \"A new text is being drafted.\""});
  command->add_option("ROUND", options->round, "index of the entry that opened it")->required();
  command->add_option("--reason", options->reason, "why")->required();
  AddDirectFiling(command, invocation, options->filing);
  SetRun(command, invocation,
         [&invocation, options, object] { return EndRound(*options, invocation, object); });
}

void AddShow(CLI::App& revision, Invocation& invocation) {
  auto options = std::make_shared<ShowOptions>();
  CLI::App* command = AddCommand(revision, "show", "show all rounds, or who has signed in one",
                                 {"revision show", "revision show 20 --text"});
  command->add_option("ROUND", options->round, "index of the entry that opened it");
  command->add_flag("--text", options->text, "print the text as well");
  AddConnection(command, invocation);
  AddJson(command, invocation);
  SetRun(command, invocation, [&invocation, options] { return Show(*options, invocation); });
}

}  // namespace

void AddRevisionCommands(CLI::App& app, Invocation& invocation) {
  CLI::App* revision = AddCommand(app, "revision", "revise the Code, by consensus only",
                                  {"revision open --text code-2.txt --title \"Second text\"",
                                   "revision show", "revision sign 20 --text our-copy.txt"});
  revision->require_subcommand(1);
  AddOpen(*revision, invocation);
  AddSign(*revision, invocation);
  AddEnd(*revision, invocation, true);
  AddEnd(*revision, invocation, false);
  AddShow(*revision, invocation);
}

}  // namespace assent::client
