#include "tests/unit/node/page/shown_ledger.h"

#include <utility>

#include "ledger/access/access_token.h"
#include "node/page/routes.h"

namespace assent::page {

ShownLedger::ShownLedger() {
  peer.set_code("BBB");
  backend_.store = this;
  backend_.status = this;
  backend_.clock = this;
  backend_.act = ledger_.ledger().act;
  backend_.code = *MemberCode::From("AAA");
  backend_.node_key = ledger_.ledger().state("AAA").node.transport.public_key();
  backend_.version = "1.2.3";
  backend_.peers = [this] { return std::vector<v1::PeerStatus>{peer}; };
}

Response ShownLedger::Get(const std::string& path, std::map<std::string, std::string> query) const {
  return Answer(backend_, {path, std::move(query), false});
}

Response ShownLedger::GetAs(const std::string& token, const std::string& path, bool json) const {
  return Answer(backend_, {path, {}, json, token});
}

std::string ShownLedger::TokenOf(const SigningKey& key, Duration time) const {
  return MakeAccessToken({backend_.act.ledger_id, backend_.node_key}, key, Wall() + time);
}

Response ShownLedger::GetJson(const std::string& path,
                              std::map<std::string, std::string> query) const {
  return Answer(backend_, {path, std::move(query), true});
}

absl::Status ShownLedger::Write(const replica::Batch&) {
  return absl::UnimplementedError("a page writes nothing");
}

absl::Status ShownLedger::ReadJournal(
    absl::FunctionRef<void(std::string_view, std::string_view)>) const {
  return absl::UnimplementedError("a page reads no journal");
}

}  // namespace assent::page
