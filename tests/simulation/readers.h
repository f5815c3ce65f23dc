// Clients that read: each gets single entries, lists the log page by page and watches it, asks for
// members, authors' newest entries and revisions, at one honest node after the other. What it is
// shown must be the one order of entries that there is, up to where the node has come, and what
// follows from it there; and a node has come at least as far as it has told any client.
#ifndef ASSENT_TESTS_SIMULATION_READERS_H_
#define ASSENT_TESTS_SIMULATION_READERS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "assent/v1/ledger.pb.h"
#include "node/query/reader.h"
#include "tests/simulation/ledger_parts.h"
#include "tests/simulation/replica_node.h"
#include "tests/simulation/stage.h"

namespace assent::simulation {

class Readers {
 public:
  Readers(const LedgerParts* parts, const Setting& setting, Random random);

  // One of them reads once.
  void Read();
  std::uint64_t seen() const { return seen_; }

 private:
  struct Client {
    std::uint64_t watched = 0;  // the next index that it is to be shown
    std::uint64_t listed = 0;   // the same of a listing that is under way
    std::uint64_t log = 0;      // entries that there were when it began
    std::string token;          // of its next page; empty: it begins anew
  };
  static constexpr std::size_t kClients = 3;
  static constexpr int kPage = 7;

  void Get(const replica::ReadView& view);
  void List(Client& client, const replica::ReadView& view);
  void Watch(Client& client, const replica::ReadView& view);
  void Members(const replica::ReadView& view);
  void HeadOf(const replica::ReadView& view);
  void Revisions(const replica::ReadView& view);
  // An entry that is shown as the one of this index.
  void Check(const v1::LedgerEntry& shown, std::uint64_t index);
  void Fail(const std::string& what) { setting_.checker->Fail("reading: " + what); }

  const LedgerParts* const parts_;
  const Setting setting_;
  Random random_;
  query::Reader reader_;
  std::vector<Client> clients_{kClients};
  std::uint64_t seen_ = 0;
};

}  // namespace assent::simulation

#endif  // ASSENT_TESTS_SIMULATION_READERS_H_
