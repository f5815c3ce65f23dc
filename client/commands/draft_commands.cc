// assent revision draft, circulate, receipt, comment, summarise
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/commands/command.h"
#include "client/commands/filing_steps.h"
#include "client/commands/revision_parts.h"
#include "client/files.h"
#include "ledger/crypto/hash.h"
#include "ledger/limits.h"
#include "ledger/rules/changes.h"

namespace assent::client {
namespace {

struct DraftOptions {
  std::string text;
  std::string title;
  std::string changes;
  std::optional<std::uint64_t> previous;
  std::string answers;
  std::optional<std::uint32_t> replaces;
  DirectFiling filing;
};

absl::Status FillDraft(const DraftOptions& options, Session& session, v1::RevisionDraft& record) {
  const auto text = ReadFile(options.text, kRevisionTextBytesMax);
  if (!text.ok()) return text.status();
  record.set_title(options.title);
  record.set_text(*text);
  if (!options.changes.empty()) {
    if (auto status = ReadMessage(options.changes, *record.mutable_changes()); !status.ok()) {
      return status;
    }
  }
  if (!options.answers.empty()) {
    v1::RevisionDraft answers;
    if (auto status = ReadMessage(options.answers, answers); !status.ok()) return status;
    *record.mutable_answers() = std::move(*answers.mutable_answers());
  }
  if (options.previous) record.set_previous_draft(*options.previous);
  if (options.replaces) {
    record.set_replaces(*options.replaces);
  } else {
    const auto in_force = FetchInForce(session);
    if (!in_force.ok()) return in_force.status();
    record.set_replaces(*in_force);
  }
  TellText("draft", record.title(), record.text(), record.changes());
  return absl::OkStatus();
}

void AddDraft(CLI::App& revision, Invocation& invocation) {
  auto options = std::make_shared<DraftOptions>();
  CLI::App* command = AddCommand(revision, "draft", "propose a text for discussion",
                                 {"revision draft --text code-2.txt --title \"Second text\"",
                                  "revision draft --text code-2b.txt --title \"Second text\" "
                                  "--after 20 --answers answers.toml"});
  command->add_option("--text", options->text, "file with the whole text")
      ->required()
      ->type_name("FILE");
  command->add_option("--title", options->title, "its title")->required();
  command
      ->add_option("--changes", options->changes,
                   "file with the parameters and classes that it changes besides the text")
      ->type_name("FILE");
  CLI::Option* after =
      command->add_option("--after", options->previous, "index of the draft that this one follows")
          ->type_name("DRAFT");
  command
      ->add_option("--answers", options->answers,
                   "file that says what became of each comment on that draft")
      ->type_name("FILE")
      ->needs(after);
  command
      ->add_option("--replaces", options->replaces, "revision that it replaces [the one in force]")
      ->type_name("N");
  AddDirectFiling(command, invocation, options->filing);
  SetRun(command, invocation, [&invocation, options] {
    return FileRevisionRecord(invocation, options->filing, options->text, "revision-draft",
                              v1::MEMBERS, [&](Session& session, v1::Body& body) {
                                return FillDraft(*options, session, *body.mutable_revision_draft());
                              });
  });
}

struct OnDraftOptions {
  std::uint64_t index = 0;
  std::string text;
  std::optional<std::uint64_t> amends;
  DirectFiling filing;
};

void AddCirculate(CLI::App& revision, Invocation& invocation) {
  auto options = std::make_shared<OnDraftOptions>();
  CLI::App* command =
      AddCommand(revision, "circulate", "as the chair: send a draft to the capitals",
                 {"revision circulate 20"});
  command->add_option("DRAFT", options->index, "index of the draft")->required();
  AddDirectFiling(command, invocation, options->filing);
  SetRun(command, invocation, [&invocation, options] {
    return FileRevisionRecord(invocation, options->filing,
                              absl::StrCat("circulation of draft ", options->index),
                              absl::StrCat("revision-circulate-", options->index), v1::MEMBERS,
                              [&](Session&, v1::Body& body) {
                                body.mutable_revision_circulate()->set_draft(options->index);
                                return absl::OkStatus();
                              });
  });
}

// What was received is what its author signed: its hash is made here.
absl::Status FillReceipt(std::uint64_t index, Session& session, v1::RevisionReceipt& record) {
  const auto body = FetchSigned(session, index);
  if (!body.ok()) return body.status();
  record.set_received(index);
  if (body->has_revision_draft()) {
    const v1::RevisionDraft& draft = body->revision_draft();
    TellText(absl::StrCat("draft ", index), draft.title(), draft.text(), draft.changes());
    record.set_text_hash(rules::RevisionHash(draft.text(), draft.changes()).str());
    return absl::OkStatus();
  }
  if (body->has_revision_summary()) {
    record.set_text_hash(Sha256(body->revision_summary().text()).str());
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("entry ", index, " is no draft and no summary: assent revision show lists all"));
}

void AddReceipt(CLI::App& revision, Invocation& invocation) {
  auto options = std::make_shared<OnDraftOptions>();
  CLI::App* command =
      AddCommand(revision, "receipt", "confirm that your capital has received a draft or a summary",
                 {"revision receipt 20"});
  command->add_option("INDEX", options->index, "index of the draft or of the summary")->required();
  AddDirectFiling(command, invocation, options->filing);
  SetRun(command, invocation, [&invocation, options] {
    return FileRevisionRecord(
        invocation, options->filing, absl::StrCat("receipt of entry ", options->index),
        absl::StrCat("revision-receipt-", options->index), v1::MEMBERS,
        [&](Session& session, v1::Body& body) {
          return FillReceipt(options->index, session, *body.mutable_revision_receipt());
        });
  });
}

void AddComment(CLI::App& revision, Invocation& invocation) {
  auto options = std::make_shared<OnDraftOptions>();
  CLI::App* command = AddCommand(revision, "comment", "comment on a draft that was circulated",
                                 {"revision comment 20 --text comment.txt",
                                  "revision comment 20 --text better.txt --amends 31"});
  command->add_option("DRAFT", options->index, "index of the draft")->required();
  command->add_option("--text", options->text, "file with the comment")
      ->required()
      ->type_name("FILE");
  command->add_option("--amends", options->amends, "index of your comment that this one amends")
      ->type_name("INDEX");
  AddDirectFiling(command, invocation, options->filing);
  SetRun(command, invocation, [&invocation, options] {
    return FileRevisionRecord(invocation, options->filing, options->text,
                              absl::StrCat("revision-comment-", options->index), v1::MEMBERS,
                              [&](Session&, v1::Body& body) -> absl::Status {
                                const auto text = ReadFile(options->text, kCommentBytesMax);
                                if (!text.ok()) return text.status();
                                body.mutable_revision_comment()->set_draft(options->index);
                                body.mutable_revision_comment()->set_text(*text);
                                if (options->amends) body.set_supersedes(*options->amends);
                                return absl::OkStatus();
                              });
  });
}

void AddSummarise(CLI::App& revision, Invocation& invocation) {
  auto options = std::make_shared<OnDraftOptions>();
  CLI::App* command =
      AddCommand(revision, "summarise", "as the chair: sum up the comments on a draft",
                 {"revision summarise 20 --text summary.txt"});
  command->add_option("DRAFT", options->index, "index of the draft")->required();
  command->add_option("--text", options->text, "file with the summary")
      ->required()
      ->type_name("FILE");
  AddDirectFiling(command, invocation, options->filing);
  SetRun(command, invocation, [&invocation, options] {
    return FileRevisionRecord(invocation, options->filing, options->text,
                              absl::StrCat("revision-summarise-", options->index), v1::MEMBERS,
                              [&](Session&, v1::Body& body) -> absl::Status {
                                const auto text = ReadFile(options->text, kRevisionTextBytesMax);
                                if (!text.ok()) return text.status();
                                body.mutable_revision_summary()->set_draft(options->index);
                                body.mutable_revision_summary()->set_text(*text);
                                return absl::OkStatus();
                              });
  });
}

}  // namespace

void AddDraftCommands(CLI::App& revision, Invocation& invocation) {
  AddDraft(revision, invocation);
  AddCirculate(revision, invocation);
  AddReceipt(revision, invocation);
  AddComment(revision, invocation);
  AddSummarise(revision, invocation);
}

}  // namespace assent::client
