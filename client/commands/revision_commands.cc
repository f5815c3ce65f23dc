// assent revision open, sign, object, withdraw, present
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/commands/command.h"
#include "client/commands/filing_steps.h"
#include "client/commands/revision_parts.h"
#include "client/errors.h"
#include "client/files.h"
#include "ledger/limits.h"
#include "ledger/rules/changes.h"

namespace assent::client {
namespace {

struct OpenOptions {
  std::optional<std::uint64_t> draft;
  std::string text;
  std::string title;
  std::string changes;
  std::optional<std::uint32_t> replaces;
  DirectFiling filing;
};

// From a draft: text, title and changes are the draft's.
absl::Status FillFromDraft(std::uint64_t index, Session& session, v1::RevisionOpen& record) {
  auto draft = FetchDraft(session, index);
  if (!draft.ok()) return draft.status();
  record.set_draft(index);
  record.set_replaces(draft->replaces());
  record.set_title(std::move(*draft->mutable_title()));
  record.set_text(std::move(*draft->mutable_text()));
  if (draft->has_changes()) *record.mutable_changes() = std::move(*draft->mutable_changes());
  return absl::OkStatus();
}

absl::Status FillFromText(const OpenOptions& options, Session& session, v1::RevisionOpen& record) {
  const auto text = ReadFile(options.text, kRevisionTextBytesMax);
  if (!text.ok()) return text.status();
  record.set_title(options.title);
  record.set_text(*text);
  if (!options.changes.empty()) {
    if (auto status = ReadMessage(options.changes, *record.mutable_changes()); !status.ok()) {
      return status;
    }
  }
  if (options.replaces) {
    record.set_replaces(*options.replaces);
    return absl::OkStatus();
  }
  const auto in_force = FetchInForce(session);
  if (!in_force.ok()) return in_force.status();
  record.set_replaces(*in_force);
  return absl::OkStatus();
}

absl::Status FillOpen(const OpenOptions& options, Session& session, v1::RevisionOpen& record) {
  absl::Status filled = options.draft ? FillFromDraft(*options.draft, session, record)
                                      : FillFromText(options, session, record);
  if (!filled.ok()) return filled;
  TellText("round", record.title(), record.text(), record.changes());
  return absl::OkStatus();
}

struct SignRevisionOptions {
  std::uint64_t round = 0;
  std::string text;
  DirectFiling filing;
};

// The text that is signed is the one that the proposer signed, and, when the signer has a copy,
// that copy.
absl::Status CheckCopy(const SignRevisionOptions& options, const v1::RevisionOpen& opening) {
  if (options.text.empty()) return absl::OkStatus();
  const auto copy = ReadFile(options.text, kRevisionTextBytesMax);
  if (!copy.ok()) return copy.status();
  if (*copy == opening.text()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("the text of round ", options.round, " is not that of ", options.text, " (hash ",
                   rules::RevisionHash(*copy, opening.changes()).hex(), "): nothing was signed"));
}

absl::Status FillSign(const SignRevisionOptions& options, const MemberCode& author,
                      Session& session, v1::RevisionSign& record) {
  const auto opening = FetchOpening(session, options.round);
  if (!opening.ok()) return opening.status();
  TellText(absl::StrCat("round ", options.round), opening->title(), opening->text(),
           opening->changes());
  if (auto status = CheckCopy(options, *opening); !status.ok()) return status;
  v1::GetAuthorHeadRequest request;
  request.set_author(author.str());
  const auto head = session.Call(&v1::Ledger::Stub::GetAuthorHead, request);
  if (!head.ok()) return head.status();
  record.set_round(options.round);
  record.set_text_hash(rules::RevisionHash(opening->text(), opening->changes()).str());
  record.set_replaces(opening->replaces());
  record.set_membership(head->membership());
  return absl::OkStatus();
}

absl::Status SignRound(const SignRevisionOptions& options, const Invocation& invocation) {
  const auto settings = invocation.ResolveSettings();
  if (!settings.ok()) return settings.status();
  const auto author = OwnCode(*settings);
  if (!author.ok()) return author.status();
  return FileRevisionRecord(
      invocation, options.filing, absl::StrCat("signature of round ", options.round),
      absl::StrCat("revision-sign-", options.round), v1::MEMBERS,
      [&](Session& session, v1::Body& body) {
        return FillSign(options, *author, session, *body.mutable_revision_sign());
      });
}

void AddOpen(CLI::App& revision, Invocation& invocation) {
  auto options = std::make_shared<OpenOptions>();
  CLI::App* command =
      AddCommand(revision, "open", "open a round of signatures, on a draft or on a new text",
                 {"revision open 40", "revision open --text code-2.txt --title \"Second text\""});
  CLI::Option* draft =
      command->add_option("DRAFT", options->draft, "index of the draft whose text is to be signed");
  CLI::Option* text =
      command
          ->add_option("--text", options->text, "file with the whole text, when it is no draft's")
          ->type_name("FILE")
          ->excludes(draft);
  CLI::Option* title = command->add_option("--title", options->title, "its title")->needs(text);
  text->needs(title);
  command
      ->add_option("--changes", options->changes,
                   "file with the parameters and classes that it changes besides the text")
      ->type_name("FILE")
      ->needs(text);
  command
      ->add_option("--replaces", options->replaces, "revision that it replaces [the one in force]")
      ->type_name("N")
      ->needs(text);
  AddDirectFiling(command, invocation, options->filing);
  SetRun(command, invocation, [&invocation, options]() -> absl::Status {
    if (!options->draft && options->text.empty()) {
      return UsageError("a text is needed: DRAFT, or --text FILE --title TITLE");
    }
    const std::string what =
        options->draft ? absl::StrCat("round on draft ", *options->draft) : options->text;
    return FileRevisionRecord(invocation, options->filing, what, "revision-open", v1::MEMBERS,
                              [&](Session& session, v1::Body& body) {
                                return FillOpen(*options, session, *body.mutable_revision_open());
                              });
  });
}

void AddSignRevision(CLI::App& revision, Invocation& invocation) {
  auto options = std::make_shared<SignRevisionOptions>();
  CLI::App* command = AddCommand(
      revision, "sign", "sign the text of the open round; it cannot be taken back",
      {"revision sign 20 --text our-copy.txt", "revision sign 20 --draft sign.draft.json"});
  command->add_option("ROUND", options->round, "index of the entry that opened it")->required();
  command->add_option("--text", options->text, "sign only when the text is that of this file")
      ->type_name("FILE");
  AddDirectFiling(command, invocation, options->filing);
  SetRun(command, invocation, [&invocation, options] { return SignRound(*options, invocation); });
}

struct EndOptions {
  std::uint64_t index = 0;
  std::string reason;
  DirectFiling filing;
};

void AddObject(CLI::App& revision, Invocation& invocation) {
  auto options = std::make_shared<EndOptions>();
  CLI::App* command =
      AddCommand(revision, "object", "end the open round: your state does not consent",
                 {"revision object 20 --reason \"Article 3 cannot be carried out.\""});
  command->add_option("ROUND", options->index, "index of the entry that opened it")->required();
  command->add_option("--reason", options->reason, "why")->required();
  AddDirectFiling(command, invocation, options->filing);
  SetRun(command, invocation, [&invocation, options] {
    return FileRevisionRecord(invocation, options->filing,
                              absl::StrCat("objection to round ", options->index),
                              absl::StrCat("revision-object-", options->index), v1::MEMBERS,
                              [&](Session&, v1::Body& body) {
                                body.mutable_revision_object()->set_round(options->index);
                                body.mutable_revision_object()->set_reason(options->reason);
                                return absl::OkStatus();
                              });
  });
}

// A round or a draft: the entry says which.
absl::Status FillWithdraw(const EndOptions& options, Session& session,
                          v1::RevisionWithdraw& record) {
  const auto body = FetchSigned(session, options.index);
  if (!body.ok()) return body.status();
  if (body->has_revision_draft()) {
    record.set_draft(options.index);
  } else {
    record.set_round(options.index);
  }
  record.set_reason(options.reason);
  return absl::OkStatus();
}

void AddWithdraw(CLI::App& revision, Invocation& invocation) {
  auto options = std::make_shared<EndOptions>();
  CLI::App* command =
      AddCommand(revision, "withdraw", "take your own open round or draft back",
                 {"revision withdraw 20 --reason \"A new text is being drafted.\""});
  command->add_option("INDEX", options->index, "index of the entry that opened or filed it")
      ->required();
  command->add_option("--reason", options->reason, "why")->required();
  AddDirectFiling(command, invocation, options->filing);
  SetRun(command, invocation, [&invocation, options] {
    return FileRevisionRecord(
        invocation, options->filing, absl::StrCat("withdrawal of entry ", options->index),
        absl::StrCat("revision-withdraw-", options->index), v1::MEMBERS,
        [&](Session& session, v1::Body& body) {
          return FillWithdraw(*options, session, *body.mutable_revision_withdraw());
        });
  });
}

absl::Status FillPresent(std::uint64_t round, Session& session, v1::RevisionPresent& record) {
  auto opening = FetchOpening(session, round);
  if (!opening.ok()) return opening.status();
  record.set_round(round);
  record.set_title(std::move(*opening->mutable_title()));
  record.set_text(std::move(*opening->mutable_text()));
  if (opening->has_changes()) *record.mutable_changes() = std::move(*opening->mutable_changes());
  TellText(absl::StrCat("round ", round), record.title(), record.text(), record.changes());
  return absl::OkStatus();
}

void AddPresent(CLI::App& revision, Invocation& invocation) {
  struct Options {
    std::uint64_t round = 0;
    DirectFiling filing;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = AddCommand(revision, "present", "as the chair: make a final revision public",
                                 {"revision present 40"});
  command->add_option("ROUND", options->round, "index of the entry that opened it")->required();
  AddDirectFiling(command, invocation, options->filing);
  SetRun(command, invocation, [&invocation, options] {
    return FileRevisionRecord(
        invocation, options->filing, absl::StrCat("presentation of round ", options->round),
        absl::StrCat("revision-present-", options->round), v1::PUBLIC,
        [&](Session& session, v1::Body& body) {
          return FillPresent(options->round, session, *body.mutable_revision_present());
        });
  });
}

}  // namespace

void AddRevisionCommands(CLI::App& app, Invocation& invocation) {
  CLI::App* revision = AddCommand(app, "revision", "revise the Code, by consensus only",
                                  {"revision draft --text code-2.txt --title \"Second text\"",
                                   "revision show", "revision sign 20 --text our-copy.txt"});
  revision->require_subcommand(1);
  AddDraftCommands(*revision, invocation);
  AddOpen(*revision, invocation);
  AddSignRevision(*revision, invocation);
  AddObject(*revision, invocation);
  AddWithdraw(*revision, invocation);
  AddPresent(*revision, invocation);
  AddRevisionShow(*revision, invocation);
  AddInstrument(*revision, invocation);
}

}  // namespace assent::client
