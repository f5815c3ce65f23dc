// Filing the launches of one state from a list: what the ledger has already is left out, so that an
// import that was interrupted, or whose launches have taken place since, is simply run again.
#ifndef ASSENT_CLIENT_IMPORT_H_
#define ASSENT_CLIENT_IMPORT_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "client/launch_list.h"
#include "client/session.h"
#include "client/signer.h"
#include "ledger/types.h"

namespace assent::client {

// A launch has taken place when it lies so long before this machine's clock: block time, by which
// that is judged, may be a little behind.
inline constexpr Duration kClockMargin = Seconds(60);
// Entries that are on their way when an import begins may still become final: so long they are
// waited for.
inline constexpr std::chrono::seconds kUnderWayPatience{60};

// A launch with the class of its vehicle.
struct ClassedLaunch {
  Launch launch;
  std::string class_id;
};

struct ImportCounts {
  std::uint64_t launches = 0;         // of this state in the list
  std::uint64_t notified_before = 0;  // found on the ledger
  std::uint64_t reported_before = 0;
  std::uint64_t notified = 0;  // filed now
  std::uint64_t reported = 0;
  std::uint64_t ahead = 0;    // have not taken place: to be reported by a later import
  std::uint64_t dropped = 0;  // withdrawn or cancelled on the ledger: not reported
};

// One state's import. One thread.
class StateImport {
 public:
  // `session` must outlive it, and read what the state may read: notifications for members are not
  // found otherwise, and filed again in vain. `releaser` may be null for a state that has none.
  // `now`: by this machine's clock.
  StateImport(Session& session, MemberCode state, std::unique_ptr<Signer> signer,
              std::unique_ptr<Signer> releaser, std::vector<ClassedLaunch> launches,
              ImportTerms terms, Time now);

  // Reads what the ledger has of this state. Needed once, before File. Unavailable: entries of the
  // state stay under way.
  absl::Status Look();
  // What File will file: notifications now, then reports.
  std::size_t Wanted() const;
  // Files all that is missing and waits until it is final. `on_progress`: entries filed so far.
  // After an error the rest was not filed, or it is not known: run it again.
  absl::Status File(const std::function<void(std::size_t done)>& on_progress);

  const MemberCode& state() const { return state_; }
  const ImportCounts& counts() const { return counts_; }

 private:
  // What the ledger has of a launch.
  struct OnLedger {
    EntryIndex newest;  // of the notification's chain of amendments
    bool holds = true;  // neither withdrawn nor cancelled
    bool reported = false;
  };

  absl::Status WaitForEntriesUnderWay();
  absl::Status LookForNotifications();
  absl::Status LookForReports();
  bool HasTakenPlace(const Launch& launch) const;
  bool ToBeReported(const Launch& launch) const;
  // Signs the bodies and files them in their order; `indices` gets where they stand.
  absl::Status FileBodies(const std::vector<v1::Body>& bodies, const std::vector<int>& lines,
                          const std::function<void(std::size_t)>& on_progress,
                          std::vector<EntryIndex>& indices);
  absl::Status FileNotifications(const std::function<void(std::size_t)>& on_progress);
  absl::Status FileReports(const std::function<void(std::size_t)>& on_progress);
  void Count();

  Session& session_;
  const MemberCode state_;
  const std::unique_ptr<Signer> signer_;
  const std::unique_ptr<Signer> releaser_;
  const std::vector<ClassedLaunch> launches_;
  const ImportTerms terms_;
  const Time now_;
  std::map<std::string, OnLedger, std::less<>> on_ledger_;       // by reference
  std::map<EntryIndex, std::string> reference_of_notification_;  // of all amendments
  ImportCounts counts_;
};

}  // namespace assent::client

#endif  // ASSENT_CLIENT_IMPORT_H_
