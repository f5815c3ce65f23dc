#include "node/identity.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/files.h"
#include "ledger/crypto/key_file.h"
#include "ledger/limits.h"

namespace assent::node {

absl::StatusOr<FoundingAct> LoadCheckedAct(const Config& config) {
  const auto act_text = client::ReadFile(config.act, kActBytesMax);
  if (!act_text.ok()) return act_text.status();
  auto act = ParseAct(*act_text);
  if (!act.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("founding act ", config.act, ": ", act.status().message()));
  }
  if (auto status = CheckAct(*act); !status.ok()) {
    return absl::Status(status.code(),
                        absl::StrCat("founding act ", config.act, ": ", status.message()));
  }
  return act;
}

absl::StatusOr<NodeKeys> LoadNodeKeys(const Config& config) {
  const auto seed_text = client::ReadSecretFile(config.seed_file, kKeyFileBytesMax);
  if (!seed_text.ok()) return seed_text.status();
  const auto seed = ReadPlainKey(*seed_text, KeyPurpose::kNode);
  if (!seed.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("node seed ", config.seed_file, ": ", seed.status().message()));
  }
  return DeriveNodeKeys(*seed);
}

absl::StatusOr<MemberCode> MemberOfKeys(const Config& config, const FoundingAct& act,
                                        const NodeKeys& keys) {
  MemberCode self = config.member;
  for (const Founder& founder : act.text.founders) {
    if (founder.vote_key != keys.vote.public_key()) continue;
    if (config.mirror()) {
      return absl::FailedPreconditionError(absl::StrCat(config.seed_file, " is the seed of ",
                                                        founder.code.str(),
                                                        "'s node: a mirror needs one of its own"));
    }
    if (!self.empty() && self != founder.code) {
      return absl::FailedPreconditionError(
          absl::StrCat("the keys of ", config.seed_file, " are those of ", founder.code.str(),
                       " in ", config.act, ", and the configuration says member = \"", self.str(),
                       "\": mend one of them"));
    }
    self = founder.code;
  }
  if (self.empty() && !config.mirror()) {
    return absl::FailedPreconditionError(
        absl::StrCat("no founder in ", config.act, " has the keys of ", config.seed_file,
                     ": is it this ledger's act, and this state's seed? For a state that has "
                     "joined later, or has new node keys, say member = \"CODE\""));
  }
  return self;
}

absl::StatusOr<Identity> LoadIdentity(const Config& config) {
  auto act = LoadCheckedAct(config);
  if (!act.ok()) return act.status();
  auto keys = LoadNodeKeys(config);
  if (!keys.ok()) return keys.status();
  auto self = MemberOfKeys(config, *act, *keys);
  if (!self.ok()) return self.status();
  return Identity{*std::move(act), *std::move(keys), *std::move(self)};
}

}  // namespace assent::node
