// Bodies of what states file about members, keys, votes and revisions.
#ifndef ASSENT_TESTS_SIMULATION_ACTS_H_
#define ASSENT_TESTS_SIMULATION_ACTS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "assent/v1/entry.pb.h"
#include "ledger/bytes.h"
#include "ledger/types.h"
#include "tests/simulation/identity.h"

namespace assent::simulation {

// The state's note that it subscribes, with its authority and reader key of these generations.
v1::Body NoteBody(const LedgerId& ledger, Identity& joining, std::size_t authority,
                  std::size_t reader);
v1::Body EndorsementBody(std::uint64_t question);
v1::Body LeavingBody();
v1::Body NodeKeysBody(const LedgerId& ledger, Identity& owner, std::size_t generation);
// Proves by the node's vote key that it holds the block.
v1::Body StepInBody(const LedgerId& ledger, const SigningKey& vote_key, Height height,
                    const Hash& block);
v1::Body StepBackBody();
v1::Body SuspensionBody(const MemberCode& member);
v1::Body AuthorityRotationBody(const LedgerId& ledger, Identity& owner, std::size_t generation);
// With no scope yet.
v1::Body AccreditationBody(std::uint64_t inspector, Time until, v1::Visibility visibility);
v1::Body AccreditationEndBody(std::uint64_t accreditation, v1::Visibility visibility);
v1::Body DraftBody(std::uint32_t replaces, std::string text);
v1::Body RoundBody(std::uint32_t replaces, std::string text, const v1::RevisionChanges& changes);
v1::Body SignatureBody(std::uint64_t round, const Hash& text, std::uint32_t replaces,
                       std::uint64_t membership);
v1::Body ObjectionBody(std::uint64_t round);
v1::Body RetractionBody(std::uint64_t round);

}  // namespace assent::simulation

#endif  // ASSENT_TESTS_SIMULATION_ACTS_H_
