// Proof that voters broke the protocol, as this node has seen it. It is no part of the ledger:
// other nodes may have seen other.
#ifndef ASSENT_NODE_QUERY_EVIDENCE_H_
#define ASSENT_NODE_QUERY_EVIDENCE_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "assent/v1/questions.pb.h"
#include "ledger/block/header.h"
#include "node/replica/store.h"

namespace assent::query {

// Appends at most `rows_max` rows, from `cursor` on, which is set to where the next page begins, or
// to nothing: false checkpoints, by voter and size of the tree, then pairs of votes or proposals
// that exclude each other, by voter, epoch and view, all numbers as text. With `until`, only what
// was said of the ledger up to that block: votes of no later view, checkpoints of no larger tree.
// When this node learned of it is not kept, so such an answer may still grow. Who has the rows
// needs no node to check them: the statements are the bytes that were signed, and what the ledger
// has instead of a false checkpoint comes with its proof. Any thread. DataLoss: the database is
// damaged. Unavailable: a certificate for such a proof is not here yet.
absl::Status AnswerEvidence(const replica::ReadView& view, const BlockHeader* until,
                            std::size_t rows_max, std::string& cursor, v1::AskResponse& response);

}  // namespace assent::query

#endif  // ASSENT_NODE_QUERY_EVIDENCE_H_
