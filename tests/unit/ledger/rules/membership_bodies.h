// Good bodies of the records about members, their keys and their votes, to be changed by a test.
// All are PUBLIC. Keys are those of TestKey.
#ifndef ASSENT_TESTS_UNIT_LEDGER_RULES_MEMBERSHIP_BODIES_H_
#define ASSENT_TESTS_UNIT_LEDGER_RULES_MEMBERSHIP_BODIES_H_

#include <string>
#include <string_view>
#include <vector>

#include "assent/v1/entry.pb.h"
#include "assent/v1/membership.pb.h"
#include "tests/unit/ledger/rules/test_ledger.h"

namespace assent::rules {

v1::Body EndorsementOf(EntryIndex question);
v1::Body Inviting(std::string_view code);
v1::Body DeclineOf(std::string_view code);
// With the keys "<name>/authority" and "<name>/reader".
v1::SubscriptionStatement StatementOf(std::string_view code, std::string_view name);
v1::Body NoteOf(const v1::SubscriptionStatement& said, std::string_view name);
v1::Body NoteOf(std::string_view code);  // the keys have its own name
v1::Body Leaving();
// With the keys "<name>/vote" and so on.
v1::Body NodeKeysOf(std::string_view code, std::string_view name);
// A proof of the ledger's newest block, by the key "<name>/vote".
v1::Body VotingFrom(const TestLedger& ledger, std::string_view name);
v1::Body StepBack();
v1::Body SuspensionOf(std::string_view member);
v1::Body RotationTo(std::string_view code, std::string_view key);
v1::Body Revoking();
v1::Body ReplacementOf(std::string_view member, std::string_view key);
v1::Body RefusingReplacement();
v1::Body NewContact();                                               // the contact only
v1::Body NewReaderKey(std::string_view code, std::string_view key);  // the reader key only
v1::Body TermOf(std::string_view chair, Time from, Time until);
v1::Body TermOf(std::string_view chair, std::string_view from, std::string_view until);

// Releasers of these names, with the keys "<code>/<name>" and their possession; none: ends it.
v1::Body NamingReleasers(std::string_view code, const std::vector<std::string>& names);
// `body` as the author's next entry, released by TestKey("<author>/<name>") under that name.
v1::Body ReleasedBy(const TestLedger& ledger, std::string_view author, std::string_view name,
                    v1::Body body);

// The three founders of TestLedger decide: the first files, the others endorse. The question's id.
EntryIndex Decide(TestLedger& ledger, const v1::Body& body);
// Empty blocks, one for every two heartbeats, until `time` of a waiting period has passed.
void Wait(TestLedger& ledger, Duration time);
// FRA gets the authority key "FRA/second" from the others, waits for it, and signs with it.
void ReplaceKeyOfFra(TestLedger& ledger);
// The state subscribes, with keys of its own name, and signs with them from now on.
void Subscribe(TestLedger& ledger, std::string_view code);

}  // namespace assent::rules

#endif  // ASSENT_TESTS_UNIT_LEDGER_RULES_MEMBERSHIP_BODIES_H_
