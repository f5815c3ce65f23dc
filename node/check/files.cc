// The files that an operator puts in place, and who may read and change them.
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "node/check/check.h"

namespace assent::check {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kOthersWrite = S_IWGRP | S_IWOTH;
constexpr mode_t kOthersUse = S_IRWXG | S_IRWXO;
constexpr mode_t kPermissions = 07777;

std::string FolderOf(const std::string& path) {
  const std::string folder = fs::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

// Who may write a folder may put another file in the place of one in it, unless the folder is
// sticky.
bool OthersMayReplace(const struct stat& folder) {
  return (folder.st_mode & kOthersWrite) != 0 && (folder.st_mode & S_ISVTX) == 0;
}

// True when nobody but its owner and root can change what `path` says.
bool CheckWriters(const std::string& what, const std::string& path, Report& report) {
  struct stat info {};
  const auto wrong = [&](const std::string& of) {
    report.Wrong(
        what, absl::StrFormat("others may change %s (mode %04o)", of, info.st_mode & kPermissions),
        absl::StrCat("chmod go-w ", of));
    return false;
  };
  if (::stat(path.c_str(), &info) == 0 && (info.st_mode & kOthersWrite) != 0) return wrong(path);
  const std::string folder = FolderOf(path);
  if (::stat(folder.c_str(), &info) == 0 && OthersMayReplace(info)) return wrong(folder);
  return true;
}

std::string AsNodesUser(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0 || info.st_uid == ::geteuid()) return "";
  return "run this as the user that the node runs as (runuser -u assent -- assent-node check ...)";
}

}  // namespace

void CheckConfiguration(const std::string& path, Subject& subject, Report& report) {
  node::ConfigReading reading = node::ReadConfig(path);
  subject.config = std::move(reading.config);
  for (const absl::Status& fault : reading.faults) {
    report.Wrong("configuration", fault, "docs/operate.md, Configuration, lists all keys");
  }
  if (CheckWriters("configuration", path, report) && reading.faults.empty()) {
    report.Good("configuration", path);
  }
}

void CheckIdentity(Subject& subject, Report& report) {
  const node::Config& config = subject.config;
  if (config.act.empty()) {
    report.NotRun("founding act", "the configuration does not say where it is");
  } else if (auto act = node::LoadCheckedAct(config); !act.ok()) {
    report.Wrong("founding act", act.status(),
                 "take the act that all founders have signed; assent found check tells more");
  } else if (CheckWriters("founding act", config.act, report)) {
    subject.act = *std::move(act);
    report.Good(
        "founding act",
        absl::StrCat(subject.act->text.origin, ", founders ", subject.act->text.founders.size(),
                     ", all signatures good, ledger ", subject.act->ledger_id.hex()));
  } else {
    subject.act = *std::move(act);
  }

  if (config.seed_file.empty()) {
    report.NotRun("node seed", "the configuration does not say where it is");
  } else if (auto keys = node::LoadNodeKeys(config); !keys.ok()) {
    std::string hint = AsNodesUser(config.seed_file);
    report.Wrong("node seed", keys.status(),
                 hint.empty() ? "put the seed of this node there, mode 0600" : std::move(hint));
  } else {
    subject.keys = *std::move(keys);
    if (CheckWriters("node seed", config.seed_file, report)) {
      report.Good("node seed", absl::StrCat(config.seed_file, ", vote key ",
                                            subject.keys->vote.public_key().hex()));
    }
  }

  if (!subject.act || !subject.keys) {
    report.NotRun("keys against act", "needs the founding act and the node's seed");
  } else if (auto self = node::MemberOfKeys(config, *subject.act, *subject.keys); !self.ok()) {
    report.Wrong("keys against act", self.status(), "");
  } else {
    subject.self = *std::move(self);
    report.Good("keys against act",
                config.mirror() ? absl::StrCat("of no member: a mirror, transport key ",
                                               subject.keys->transport.public_key().hex())
                                : absl::StrCat("this is the node of ", subject.self->str()));
  }
}

void CheckFolders(const Subject& subject, Report& report) {
  const node::Config& config = subject.config;
  struct stat info {};
  if (config.data_dir.empty()) {
    report.NotRun("data folder", "the configuration does not say where it is");
  } else if (::stat(config.data_dir.c_str(), &info) != 0) {
    report.Wrong("data folder",
                 absl::StrCat("cannot look at ", config.data_dir, ": ", std::strerror(errno)),
                 "make it with assent-node init");
  } else if (info.st_uid != ::geteuid()) {
    report.Wrong("data folder", absl::StrCat(config.data_dir, " belongs to another user"),
                 AsNodesUser(config.data_dir));
  } else if ((info.st_mode & kOthersUse) != 0) {
    report.Wrong("data folder",
                 absl::StrFormat("%s holds what only members may read, and others may use it (mode "
                                 "%04o)",
                                 config.data_dir, info.st_mode & kPermissions),
                 absl::StrCat("chmod 700 ", config.data_dir));
  } else {
    report.Good("data folder", config.data_dir);
  }

  if (config.inspection_log.empty()) {
    report.NotRun("log of inspectors", "the configuration does not say where the data is");
    return;
  }
  // In the data folder it is made by the node; its absence is said there.
  const std::string folder = FolderOf(config.inspection_log);
  if (folder == config.data_dir || ::access(folder.c_str(), W_OK | X_OK) == 0) {
    report.Good("log of inspectors", config.inspection_log);
  } else {
    report.Wrong("log of inspectors",
                 absl::StrCat("cannot write in ", folder, ": ", std::strerror(errno)),
                 "make the folder, for the user that the node runs as, or change inspection.log");
  }
}

}  // namespace assent::check
