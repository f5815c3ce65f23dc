// assent import
#include <algorithm>
#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/commands/command.h"
#include "client/commands/filing_steps.h"
#include "client/errors.h"
#include "client/files.h"
#include "client/import.h"
#include "client/key_store.h"
#include "client/launch_list.h"
#include "client/progress.h"
#include "client/table.h"
#include "client/terminal.h"

namespace assent::client {
namespace {

constexpr std::chrono::milliseconds kLookAtProgress{100};

struct ImportOptions {
  std::string list;
  std::string classes;
  std::vector<std::string> states;  // a configuration file each
  std::string shift;
  std::string visibility = "MEMBERS";
  std::string direction = "E";
  bool skip_others = false;
  bool dry_run = false;
};

// One state that files: where, with which key, and what became of it.
struct Importer {
  MemberCode state;
  std::unique_ptr<Session> session;
  std::unique_ptr<StateImport> import;
  std::size_t wanted = 0;
  std::atomic<std::size_t> done = 0;
  absl::Status status;
};

using LaunchesOf = std::map<MemberCode, std::vector<ClassedLaunch>>;

absl::StatusOr<ImportTerms> TermsOf(const ImportOptions& options) {
  ImportTerms terms;
  if (!options.shift.empty()) {
    const auto shift = ParseDuration(options.shift);
    if (!shift.ok()) return shift.status();
    terms.shift = *shift;
  }
  terms.visibility = options.visibility == "PUBLIC" ? v1::PUBLIC : v1::MEMBERS;
  terms.direction = options.direction;
  terms.issued_at = Now();
  return terms;
}

// The launches by state, each with its class.
absl::StatusOr<LaunchesOf> ReadLaunches(const ImportOptions& options) {
  const auto list = ReadFile(options.list, kLaunchListBytesMax);
  if (!list.ok()) return list.status();
  auto launches = ParseLaunches(*list, options.list);
  if (!launches.ok()) return launches.status();
  const auto text = ReadFile(options.classes, kRecordFileBytesMax);
  if (!text.ok()) return text.status();
  const auto classes = VehicleClasses::Parse(*text, options.classes);
  if (!classes.ok()) return classes.status();
  LaunchesOf by_state;
  std::set<std::string> without_class;
  for (Launch& launch : *launches) {
    const std::string* class_id = classes->Find(launch.vehicle);
    if (class_id == nullptr) {
      without_class.insert(launch.vehicle);
      continue;
    }
    std::vector<ClassedLaunch>& of_state = by_state[launch.state];
    of_state.push_back({std::move(launch), *class_id});
  }
  if (without_class.empty()) return by_state;
  return absl::InvalidArgumentError(absl::StrCat(options.classes, " has no class for ",
                                                 absl::StrJoin(without_class, ", "),
                                                 ": add them, or \"\" for all others"));
}

// Takes the launches of a state out of `launches`, and opens what it files them with.
absl::Status Open(const std::string& config, const Invocation& invocation, const ImportTerms& terms,
                  LaunchesOf& launches, Importer& importer) {
  Settings settings = invocation.flags;
  const auto file = ReadConfig(config);
  if (!file.ok()) return file.status();
  settings.FillFrom(*file);
  const auto code = OwnCode(settings);
  if (!code.ok()) return code.status();
  importer.state = *code;
  if (settings.authority.empty() || settings.reader.empty()) {
    return UsageError("\"authority\" and \"reader\" are needed: to sign, and to see what is filed");
  }
  auto session = Session::Open(settings, std::chrono::seconds(invocation.timeout_s));
  if (!session.ok()) return session.status();
  importer.session = *std::move(session);
  auto signer = LoadSigner(KeyPurpose::kAuthority, settings.authority, settings.passphrase_file);
  if (!signer.ok()) return signer.status();
  std::unique_ptr<Signer> releaser;
  if (!settings.releaser.empty()) {
    auto loaded =
        LoadSigner(KeyPurpose::kReleaser, settings.releaser, settings.releaser_passphrase_file);
    if (!loaded.ok()) return loaded.status();
    releaser = *std::move(loaded);
  }
  importer.import =
      std::make_unique<StateImport>(*importer.session, *code, *std::move(signer),
                                    std::move(releaser), std::move(launches[*code]), terms, Now());
  launches.erase(*code);
  return absl::OkStatus();
}

absl::StatusOr<std::deque<Importer>> OpenAll(const ImportOptions& options,
                                             const Invocation& invocation, const ImportTerms& terms,
                                             LaunchesOf launches) {
  std::deque<Importer> importers;
  std::set<MemberCode> seen;
  for (const std::string& config : options.states) {
    Importer& importer = importers.emplace_back();
    if (auto status = Open(config, invocation, terms, launches, importer); !status.ok()) {
      return Prefixed(config, status);
    }
    if (!seen.insert(importer.state).second) {
      return UsageError(absl::StrCat(config, ": ", importer.state.str(),
                                     " has a configuration file already: give one each"));
    }
  }
  if (launches.empty() || options.skip_others) return importers;
  std::string others;
  for (const auto& [state, of_state] : launches) {
    absl::StrAppend(&others, others.empty() ? "" : ", ", state.str());
  }
  return UsageError(
      absl::StrCat("the list has launches of ", others,
                   ", for which there is no --state: give one each, or --skip-others"));
}

// Runs `work` for each state at once. `watch` is called now and then until all are done.
void ForAll(std::deque<Importer>& importers, const std::function<void(Importer&)>& work,
            const std::function<void()>& watch) {
  std::atomic<std::size_t> running = importers.size();
  std::vector<std::jthread> threads;
  threads.reserve(importers.size());
  for (Importer& importer : importers) {
    threads.emplace_back([&work, &running, &importer] {
      work(importer);
      --running;
    });
  }
  while (running > 0) {
    watch();
    std::this_thread::sleep_for(kLookAtProgress);
  }
}

void Look(std::deque<Importer>& importers) {
  PrintError(absl::StrCat("looking up what is on the ledger for ", importers.size(),
                          importers.size() == 1 ? " state\n" : " states\n"));
  ForAll(
      importers, [](Importer& importer) { importer.status = importer.import->Look(); }, [] {});
  for (Importer& importer : importers) {
    if (importer.status.ok()) importer.wanted = importer.import->Wanted();
  }
}

void File(std::deque<Importer>& importers) {
  std::size_t total = 0;
  for (const Importer& importer : importers) total += importer.wanted;
  Progress progress("importing", "entries", StandardErrorDraw());
  ForAll(
      importers,
      [](Importer& importer) {
        if (!importer.status.ok()) return;
        importer.status =
            importer.import->File([&importer](std::size_t done) { importer.done = done; });
      },
      [&] {
        std::size_t done = 0;
        for (const Importer& importer : importers) done += importer.done;
        progress.Update(done, total);
      });
}

Tree FactsOf(const Importer& importer) {
  const ImportCounts& counts = importer.import->counts();
  Tree facts = Tree::OfMap();
  facts.Add("state", Tree::Of(importer.state.str()));
  facts.Add("launches", Tree::Of(counts.launches));
  facts.Add("notified_before", Tree::Of(counts.notified_before));
  facts.Add("reported_before", Tree::Of(counts.reported_before));
  facts.Add("wanted", Tree::Of(std::uint64_t{importer.wanted}));
  facts.Add("notified", Tree::Of(counts.notified));
  facts.Add("reported", Tree::Of(counts.reported));
  facts.Add("ahead", Tree::Of(counts.ahead));
  facts.Add("dropped", Tree::Of(counts.dropped));
  facts.Add("good", Tree::Of(importer.status.ok()));
  if (!importer.status.ok()) facts.Add("fault", Tree::Of(Describe(importer.status)));
  return facts;
}

void Report(const std::deque<Importer>& importers, bool json) {
  Table table({{"STATE"},
               {"LAUNCHES", Align::kRight},
               {"THERE BEFORE", Align::kRight},
               {"TO FILE", Align::kRight},
               {"NOTIFIED", Align::kRight},
               {"REPORTED", Align::kRight},
               {"STILL AHEAD", Align::kRight}});
  Tree::List list;
  for (const Importer& importer : importers) {
    const ImportCounts& counts = importer.import->counts();
    list.push_back(FactsOf(importer));
    table.AddRow({importer.state.str(), absl::StrCat(counts.launches),
                  absl::StrCat(counts.notified_before + counts.reported_before),
                  absl::StrCat(importer.wanted), absl::StrCat(counts.notified),
                  absl::StrCat(counts.reported), absl::StrCat(counts.ahead)});
  }
  if (json) {
    Tree tree = Tree::OfMap();
    tree.Add("states", Tree{std::move(list), 0});
    Print(ToJson(tree));
  } else {
    Print(table.Format(WantsColor(stdout)));
  }
}

// The first fault, after all have been told.
absl::Status Faults(const std::deque<Importer>& importers) {
  absl::Status first;
  for (const Importer& importer : importers) {
    if (importer.status.ok()) continue;
    const absl::Status fault = Prefixed(importer.state.str(), importer.status);
    if (first.ok()) {
      first = fault;
    } else {
      PrintError(absl::StrCat("assent: ", Printable(Describe(fault), true), "\n"));
    }
  }
  if (!first.ok()) {
    PrintError("run the same command again: what is on the ledger is not filed twice\n");
  }
  return first;
}

absl::Status Import(const ImportOptions& options, const Invocation& invocation) {
  const auto terms = TermsOf(options);
  if (!terms.ok()) return terms.status();
  auto launches = ReadLaunches(options);
  if (!launches.ok()) return launches.status();
  auto importers = OpenAll(options, invocation, *terms, *std::move(launches));
  if (!importers.ok()) return importers.status();
  Look(*importers);
  if (!options.dry_run) File(*importers);
  Report(*importers, invocation.json);
  return Faults(*importers);
}

}  // namespace

void AddImportCommand(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<ImportOptions>();
  CLI::App* command = AddCommand(
      app, "import",
      "file the launches of a table: a notification of each, and a report when it has taken place; "
      "again files only what is missing",
      {"import launches.csv --classes classes.toml --state fra.toml --state nor.toml --dry-run",
       "import history.csv --classes classes.toml --state fra.toml --shift 9000d --json"});
  command
      ->add_option(
          "LIST", options->list,
          "CSV with the columns launch_time_utc, state, site, latitude_deg, longitude_deg, "
          "vehicle, outcome")
      ->required();
  command
      ->add_option("--classes", options->classes,
                   "TOML: [classes] \"beginning of a vehicle's name\" = \"CLASS_ID\"; the longest "
                   "counts")
      ->type_name("FILE")
      ->required();
  command
      ->add_option("--state", options->states,
                   "configuration file of a state that files: code, authority, reader, node, act; "
                   "one for each")
      ->type_name("FILE")
      ->required();
  command
      ->add_option("--shift", options->shift,
                   "move all times so far ahead, so that history is filed as the future: 9000d")
      ->type_name("DURATION");
  command->add_option("--visibility", options->visibility, "who may read the records")
      ->capture_default_str()
      ->check(CLI::IsMember({"MEMBERS", "PUBLIC"}));
  command
      ->add_option("--direction", options->direction,
                   "compass point that all notifications give: the list has none")
      ->capture_default_str();
  command->add_flag("--skip-others", options->skip_others,
                    "leave out launches of states for which there is no --state");
  command->add_flag("--dry-run", options->dry_run, "only say what would be filed");
  AddConnection(command, invocation);
  AddJson(command, invocation);
  SetRun(command, invocation, [&invocation, options] { return Import(*options, invocation); });
}

}  // namespace assent::client
