// assent inspectors
#include <CLI/CLI.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "assent/v1/inspection.pb.h"
#include "client/commands/command.h"
#include "client/records.h"
#include "client/table.h"
#include "client/terminal.h"
#include "client/transfers.h"

namespace assent::client {
namespace {

const std::map<std::string, v1::AccreditationStatus>& StatusNames() {
  static const auto& names = *new std::map<std::string, v1::AccreditationStatus>{
      {"ahead", v1::ACCREDITATION_AHEAD},     {"in-force", v1::ACCREDITATION_IN_FORCE},
      {"expired", v1::ACCREDITATION_EXPIRED}, {"ended", v1::ACCREDITATION_ENDED},
      {"lapsed", v1::ACCREDITATION_LAPSED},
  };
  return names;
}

std::string StatusName(v1::AccreditationStatus status) {
  for (const auto& [name, value] : StatusNames()) {
    if (value == status) return name;
  }
  return "";
}

std::string StatusText(const v1::Accreditation& given) {
  const std::string name = StatusName(given.status());
  return given.has_ended_by() ? absl::StrCat(name, " by entry ", given.ended_by()) : name;
}

std::string ScopeText(const v1::Accreditation& given) {
  if (given.all_bodies()) return "all";
  std::string text = given.types().empty() ? "all types" : absl::StrJoin(given.types(), ", ");
  if (!given.authors().empty()) {
    absl::StrAppend(&text, " of ", absl::StrJoin(given.authors(), ", "));
  }
  return text;
}

Tree AccreditationTree(const v1::Accreditation& given) {
  Tree tree = MessageTree(given, Defaults::kShow);
  for (auto& [key, value] : std::get<Tree::Map>(tree.value)) {
    if (key == "status") value = Tree::Of(StatusName(given.status()));
  }
  return tree;
}

template <class List>
Tree TreeOf(const List& accreditations) {
  Tree::List list;
  for (const v1::Accreditation& given : accreditations) list.push_back(AccreditationTree(given));
  return Tree{std::move(list), 0};
}

struct Options {
  std::string status;
  std::string member;
  std::optional<std::uint64_t> as_of;
};

void PrintTable(const Accreditations& found) {
  Table table({{"INDEX", Align::kRight},
               {"BY"},
               {"NAME"},
               {"STATUS"},
               {"FROM"},
               {"UNTIL"},
               {"SCOPE"},
               {"KEY"}});
  for (const v1::Accreditation& given : found.accreditations) {
    table.AddRow({absl::StrCat(given.index()), given.member(), given.name(), StatusText(given),
                  FormatTime({given.from_us()}), FormatTime({given.until_us()}), ScopeText(given),
                  ToHex(given.public_key())});
  }
  Print(table.Format(WantsColor(stdout)));
  for (const v1::Accreditation& own : found.own) {
    PrintError(absl::StrCat("your key is accredited by ", Printable(own.member()), ", entry ",
                            own.index(), ", until ", FormatTime({own.until_us()}), ": ",
                            Printable(ScopeText(own)), "\n"));
  }
}

absl::Status Inspectors(const Options& options, const Invocation& invocation) {
  v1::ListInspectorsRequest request;
  if (!options.status.empty()) request.set_status(StatusNames().at(options.status));
  request.set_member(options.member);
  if (options.as_of) request.set_as_of(*options.as_of);
  const auto session = invocation.Connect();
  if (!session.ok()) return session.status();
  const auto found = FetchAccreditations(**session, request);
  if (!found.ok()) return found.status();
  if (!invocation.json) {
    PrintTable(*found);
    return absl::OkStatus();
  }
  Tree tree = Tree::OfMap();
  tree.Add("as_of", Tree::Of(found->as_of));
  tree.Add("accreditations", TreeOf(found->accreditations));
  tree.Add("own", TreeOf(found->own));
  Print(ToJson(tree));
  return absl::OkStatus();
}

}  // namespace

void AddInspectorCommands(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<Options>();
  CLI::App* command = AddCommand(
      app, "inspectors", "list the accreditations of inspectors, and those of the key that asks",
      {"inspectors", "inspectors --status in-force --by FRA",
       "inspectors --as-of 4711 --json"});
  std::vector<std::string> names;
  for (const auto& [name, status] : StatusNames()) names.push_back(name);
  command->add_option("--status", options->status, "only those that stand so")
      ->check(CLI::IsMember(names));
  command->add_option("--by", options->member, "only those that this state gave")
      ->type_name("CODE");
  command->add_option("--as-of", options->as_of, "as the ledger was at this height")
      ->type_name("HEIGHT");
  AddConnection(command, invocation);
  AddJson(command, invocation);
  SetRun(command, invocation, [&invocation, options] { return Inspectors(*options, invocation); });
}

}  // namespace assent::client
