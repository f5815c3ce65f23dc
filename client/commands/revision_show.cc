// assent revision show
#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/commands/command.h"
#include "client/commands/filing_steps.h"
#include "client/commands/revision_parts.h"
#include "client/records.h"
#include "client/table.h"
#include "client/terminal.h"
#include "client/transfers.h"
#include "ledger/bytes.h"
#include "ledger/rules/changes.h"

namespace assent::client {
namespace {

using google::protobuf::RepeatedPtrField;

std::string StatusText(const v1::Revision& round) {
  switch (round.status()) {
    case v1::OPEN_FOR_SIGNATURE:
      return "open for signature";
    case v1::FINAL:
      return round.has_presented_by() ? "final, presented" : "final";
    case v1::FINAL_WITH_ENDORSED_KEY:
      return round.has_presented_by() ? "final with an endorsed key, presented"
                                      : "final with an endorsed key";
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

std::string StatusText(v1::DraftStatus status) {
  switch (status) {
    case v1::DRAFTED:
      return "draft";
    case v1::CIRCULATED:
      return "circulated";
    case v1::SUMMARISED:
      return "summarised";
    case v1::OPENED_FOR_SIGNATURE:
      return "opened for signature";
    case v1::DRAFT_WITHDRAWN:
      return "withdrawn";
    case v1::DRAFT_OVERTAKEN:
      return "overtaken";
    default:
      return "unknown";
  }
}

// Until a deadline, by this machine's clock.
std::string TimeUntil(std::int64_t deadline_us) {
  const std::int64_t left_us = deadline_us - Now().us;
  if (left_us < 0) return "over";
  const std::int64_t hours = left_us / Hours(1).us;
  return hours < 48 ? absl::StrCat(hours, " h") : absl::StrCat(hours / 24, " d");
}

std::string TimeLeft(const v1::Revision& round) {
  return round.status() == v1::OPEN_FOR_SIGNATURE ? TimeUntil(round.deadline_us()) : "";
}

std::string TimeLeft(const v1::Draft& draft) {
  return draft.status() == v1::CIRCULATED ? TimeUntil(draft.comments_due_us()) : "";
}

std::string WithLeft(std::int64_t deadline_us, const std::string& left) {
  std::string deadline = FormatTime(Time{deadline_us});
  if (left.empty()) return deadline;
  return absl::StrCat(deadline, " (", left, left == "over" ? ")" : " left)");
}

std::string Joined(const RepeatedPtrField<std::string>& items) {
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
absl::Status CheckHash(const std::string& name, const std::string& text,
                       const v1::RevisionChanges& changes, const std::string& hash) {
  if (rules::RevisionHash(text, changes).view() == hash) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("the node's answer is wrong: the text of ", name,
                                          " has not the hash that it gives"));
}

void PrintRounds(const std::vector<v1::Revision>& rounds) {
  Table table({{"ROUND", Align::kRight},
               {"NUMBER", Align::kRight},
               {"STATUS"},
               {"BY"},
               {"OPENED"},
               {"LEFT"},
               {"SIGNED", Align::kRight},
               {"MISSING", Align::kRight},
               {"TITLE"}});
  for (const v1::Revision& round : rounds) {
    table.AddRow({RoundName(round), round.has_number() ? absl::StrCat(round.number()) : "",
                  StatusText(round), round.proposer(),
                  round.opened_us() == 0 ? "" : FormatTime(Time{round.opened_us()}),
                  TimeLeft(round), absl::StrCat(round.signatures_size()),
                  absl::StrCat(round.missing_size()), round.title()});
  }
  Print(table.Format(WantsColor(stdout)));
}

void PrintDrafts(const std::vector<v1::Draft>& drafts) {
  if (drafts.empty()) return;
  Table table({{"DRAFT", Align::kRight},
               {"AFTER", Align::kRight},
               {"STATUS"},
               {"BY"},
               {"FILED"},
               {"LEFT"},
               {"RECEIVED", Align::kRight},
               {"COMMENTS", Align::kRight},
               {"TITLE"}});
  for (const v1::Draft& draft : drafts) {
    table.AddRow({absl::StrCat(draft.draft()),
                  draft.has_previous_draft() ? absl::StrCat(draft.previous_draft()) : "",
                  StatusText(draft.status()), draft.author(), FormatTime(Time{draft.drafted_us()}),
                  TimeLeft(draft), absl::StrCat(draft.receipts().received_size()),
                  absl::StrCat(draft.comments_size()), draft.title()});
  }
  Print("\n" + table.Format(WantsColor(stdout)));
}

void AddChanges(const v1::RevisionChanges& changes, Listing& listing) {
  std::string lines = rules::FormatChanges(changes);
  if (lines.empty()) return;
  lines.pop_back();  // the last line end
  std::replace(lines.begin(), lines.end(), '\n', ';');
  listing.Add("changes", lines);
}

void PrintRound(const v1::Revision& round, bool text) {
  Listing listing;
  listing.Add("round", RoundName(round));
  if (round.has_number()) listing.Add("revision", absl::StrCat(round.number()));
  listing.Add("title", round.title());
  listing.Add("status", StatusText(round));
  if (!round.proposer().empty()) listing.Add("opened by", round.proposer());
  if (round.has_draft()) listing.Add("draft", absl::StrCat(round.draft()));
  listing.Add("replaces", absl::StrCat("revision ", round.replaces()));
  AddChanges(round.changes(), listing);
  listing.Add("text hash", ToHex(round.text_hash()));
  if (round.opened_us() != 0) listing.Add("opened", FormatTime(Time{round.opened_us()}));
  if (round.deadline_us() != 0) {
    listing.Add("deadline", WithLeft(round.deadline_us(), TimeLeft(round)));
  }
  if (!round.objected_by().empty()) listing.Add("objected by", round.objected_by());
  if (round.ended_us() != 0) listing.Add("ended", FormatTime(Time{round.ended_us()}));
  if (round.has_presented_by()) {
    listing.Add("presented", absl::StrCat(FormatTime(Time{round.presented_us()}), " by entry ",
                                          round.presented_by()));
  }
  if (!round.missing().empty()) listing.Add("missing", Joined(round.missing()));
  Print(listing.Format());
  Table table({{"SIGNED BY"}, {"AT"}, {"INDEX", Align::kRight}, {"KEY"}});
  for (const v1::RoundSignature& signature : round.signatures()) {
    table.AddRow({signature.member(), FormatTime(Time{signature.time_us()}),
                  absl::StrCat(signature.index()), signature.endorsed() ? "endorsed" : "own"});
  }
  if (!table.empty()) Print("\n" + table.Format(WantsColor(stdout)));
  if (text) Print("\n" + Printable(round.text(), true));
}

// What each capital has done with a draft, state by state.
Table CapitalTable(const v1::Draft& draft) {
  struct Row {
    std::string received;
    std::string comment;
    std::string summary;
  };
  std::map<std::string, Row> rows;
  for (const std::string& code : draft.receipts().missing()) rows[code];
  for (const auto& entry : draft.receipts().received()) {
    rows[entry.member()].received = FormatTime(Time{entry.time_us()});
  }
  for (const auto& entry : draft.comments()) {
    rows[entry.member()].comment = absl::StrCat(entry.index());
  }
  for (const auto& entry : draft.summary().receipts().received()) {
    rows[entry.member()].summary = FormatTime(Time{entry.time_us()});
  }
  Table table({{"STATE"}, {"RECEIVED"}, {"COMMENT", Align::kRight}, {"SUMMARY RECEIVED"}});
  for (const auto& [code, row] : rows) {
    table.AddRow({code, row.received, row.comment, row.summary});
  }
  return table;
}

std::string OutcomeText(v1::CommentOutcome outcome) {
  switch (outcome) {
    case v1::ADOPTED:
      return "adopted";
    case v1::ADOPTED_IN_PART:
      return "adopted in part";
    case v1::NOT_ADOPTED:
      return "not adopted";
    default:
      return "unknown";
  }
}

Table AnswerTable(const v1::Draft& draft) {
  Table table({{"COMMENT", Align::kRight}, {"OUTCOME"}, {"REASON"}});
  for (const v1::CommentAnswer& answer : draft.answers()) {
    for (const std::uint64_t comment : answer.comments()) {
      table.AddRow({absl::StrCat(comment), OutcomeText(answer.outcome()), answer.reason()});
    }
  }
  return table;
}

void PrintDraft(const v1::Draft& draft, bool text) {
  Listing listing;
  listing.Add("draft", absl::StrCat(draft.draft()));
  listing.Add("title", draft.title());
  listing.Add("status", StatusText(draft.status()));
  listing.Add("by", draft.author());
  if (draft.has_previous_draft()) listing.Add("after", absl::StrCat(draft.previous_draft()));
  listing.Add("replaces", absl::StrCat("revision ", draft.replaces()));
  AddChanges(draft.changes(), listing);
  listing.Add("text hash", ToHex(draft.text_hash()));
  listing.Add("filed", FormatTime(Time{draft.drafted_us()}));
  if (draft.has_circulated_by()) {
    listing.Add("circulated", FormatTime(Time{draft.circulated_us()}));
    listing.Add("comments due", WithLeft(draft.comments_due_us(), TimeLeft(draft)));
    if (!draft.receipts().missing().empty()) {
      listing.Add("not received by", Joined(draft.receipts().missing()));
    }
  }
  if (draft.has_summary()) {
    const v1::MemberEntry& by = draft.summary().by();
    listing.Add("summary", absl::StrCat("entry ", by.index(), " by ", by.member(), ", ",
                                        FormatTime(Time{by.time_us()})));
  }
  if (draft.has_round()) listing.Add("round", absl::StrCat(draft.round()));
  if (draft.has_withdrawn_by()) listing.Add("withdrawn by", absl::StrCat(draft.withdrawn_by()));
  Print(listing.Format());
  for (const Table& table : {CapitalTable(draft), AnswerTable(draft)}) {
    if (!table.empty()) Print("\n" + table.Format(WantsColor(stdout)));
  }
  if (draft.has_summary()) Print("\nsummary:\n" + Printable(draft.summary().text(), true));
  if (text) Print("\n" + Printable(draft.text(), true));
}

struct Listed {
  std::vector<v1::Revision> rounds;
  std::vector<v1::Draft> drafts;
};

absl::StatusOr<Listed> FetchListed(Session& session) {
  auto rounds = FetchRevisions(session);
  if (!rounds.ok()) return rounds.status();
  auto drafts = FetchDrafts(session);
  if (!drafts.ok()) return drafts.status();
  for (const v1::Revision& round : *rounds) {
    if (auto status = CheckHash(absl::StrCat("round ", RoundName(round)), round.text(),
                                round.changes(), round.text_hash());
        !status.ok()) {
      return status;
    }
  }
  for (const v1::Draft& draft : *drafts) {
    if (auto status = CheckHash(absl::StrCat("draft ", draft.draft()), draft.text(),
                                draft.changes(), draft.text_hash());
        !status.ok()) {
      return status;
    }
  }
  return Listed{*std::move(rounds), *std::move(drafts)};
}

// Only the round or the draft of entry `index`.
absl::Status Choose(std::uint64_t index, Listed& listed) {
  std::erase_if(listed.rounds, [&](const v1::Revision& round) {
    return IsActText(round) || round.round() != index;
  });
  std::erase_if(listed.drafts, [&](const v1::Draft& draft) { return draft.draft() != index; });
  if (!listed.rounds.empty() || !listed.drafts.empty()) return absl::OkStatus();
  return absl::NotFoundError(absl::StrCat("there is no round and no draft ", index,
                                          " for this reader: assent revision show lists all"));
}

template <class Message>
Tree ListTree(const std::vector<Message>& messages) {
  Tree::List list;
  for (const Message& message : messages) list.push_back(MessageTree(message, Defaults::kShow));
  return Tree{std::move(list), 0};
}

struct ShowOptions {
  std::optional<std::uint64_t> index;
  bool text = false;
};

absl::Status Show(const ShowOptions& options, const Invocation& invocation) {
  const auto session = invocation.Connect();
  if (!session.ok()) return session.status();
  auto listed = FetchListed(**session);
  if (!listed.ok()) return listed.status();
  if (options.index) {
    if (auto status = Choose(*options.index, *listed); !status.ok()) return status;
  }
  if (invocation.json) {
    Tree tree = Tree::OfMap();
    tree.Add("revisions", ListTree(listed->rounds));
    tree.Add("drafts", ListTree(listed->drafts));
    Print(ToJson(tree));
  } else if (!options.index) {
    PrintRounds(listed->rounds);
    PrintDrafts(listed->drafts);
  } else if (!listed->rounds.empty()) {
    PrintRound(listed->rounds.front(), options.text);
  } else {
    PrintDraft(listed->drafts.front(), options.text);
  }
  return absl::OkStatus();
}

}  // namespace

void AddRevisionShow(CLI::App& revision, Invocation& invocation) {
  auto options = std::make_shared<ShowOptions>();
  CLI::App* command = AddCommand(revision, "show",
                                 "show all rounds and drafts, or what each state has done with one",
                                 {"revision show", "revision show 20 --text"});
  command->add_option("INDEX", options->index, "index of the entry that opened or filed it");
  command->add_flag("--text", options->text, "print the text as well");
  AddConnection(command, invocation);
  AddJson(command, invocation);
  SetRun(command, invocation, [&invocation, options] { return Show(*options, invocation); });
}

}  // namespace assent::client
