// What the made-up states file.
#ifndef ASSENT_TESTS_BENCH_SCALE_BODIES_H_
#define ASSENT_TESTS_BENCH_SCALE_BODIES_H_

#include <cstdint>
#include <string>

#include "assent/v1/entry.pb.h"
#include "ledger/types.h"

namespace assent::bench {

// A launch that is announced. All that is said of it has one visibility.
struct Launch {
  std::uint64_t number = 0;  // in the whole ledger
  bool is_public = true;
  Time start{0};
  Time end{0};
};

v1::Body NotificationBody(const Launch& launch);
v1::Body ReportOf(EntryIndex notification, const Launch& launch);
v1::Body CancellationOf(EntryIndex notification, const Launch& launch);
v1::Body QuestionAbout(EntryIndex notification, const Launch& launch);
v1::Body ReplyTo(EntryIndex request, const Launch& launch);
v1::Body CloseOf(EntryIndex request, const Launch& launch);

// A launch of the day before that nobody had announced.
v1::Body UnannouncedReport(Time now);
v1::Body ObservationOf(const std::string& attributed, Time now);

// Says that there were no launches, where `nil`; else of what kind the programmes are.
v1::Body DeclarationBody(std::int64_t year, bool nil);
v1::Body PledgeBody(Time target);
v1::Body RoundBody(std::int64_t number);
v1::Body ObjectionTo(EntryIndex round);
v1::Body EndorsementOf(EntryIndex question);

}  // namespace assent::bench

#endif  // ASSENT_TESTS_BENCH_SCALE_BODIES_H_
