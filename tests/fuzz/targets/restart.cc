// An act of the members that starts an epoch, as it is passed around and given to a node.
#include "ledger/receipt/member_list.h"
#include "ledger/receipt/restart_act.h"
#include "tests/fuzz/target.h"
#include "tests/unit/ledger/receipt/small_ledger.h"

namespace assent::fuzz {

const Target kRestartTarget{
    "restart",
    8 * 1024,
    [](std::string_view input) {
      static const LedgerId ledger = SmallLedger().act().ledger_id;
      const auto act = ParseRestartFile(input);
      if (!act.ok()) return;
      ASSENT_CHECK(FormatRestartFile(*act) == input);
      const auto restart = ReadRestart(*act, ledger);
      ASSENT_CHECK(restart.ok() || !CheckRestart(*act, ledger).ok());
      if (restart.ok()) {
        (void)CheckRestartCertificate(*act, *restart, SmallLedger().act().voters());
      }
    },
    [] {
      SmallLedger ledger;
      ledger.AddBlock({ledger.Sign(0, "a")});
      std::vector<MemberIdentity> members;
      for (std::size_t i = 0; i < 4; ++i) {
        members.push_back({sample::CodeAt(i),
                           sample::MemberKey(i, KeyRole::kAuthority).public_key(), EntryIndex(0)});
      }
      ledger.Alter([&](BlockHeader& header) { header.members_hash = MembersHash(members); });
      v1::RestartAct act;
      act.set_epoch(2);
      act.set_header(ledger.newest_bytes());
      act.set_certificate(ledger.Certify({0, 1, 2}, VoteKind::kNotarize));
      AddMembers(members, act.mutable_members());
      const std::string draft = FormatRestartFile(act);
      const LedgerId& id = ledger.act().ledger_id;
      for (const std::size_t i : {0u, 1u, 3u}) {
        v1::RestartSignature& signature = *act.add_signatures();
        signature.set_code(members[i].code.str());
        signature.set_signature(
            sample::MemberKey(i, KeyRole::kAuthority)
                .Sign(tag::kRestart,
                      RestartStatement(id, Epoch(2), ReadHeader(act.header(), id).value()))
                .str());
      }
      return std::vector<Seed>{{"draft", draft}, {"signed", FormatRestartFile(act)}};
    },
    []() -> const google::protobuf::Message* { return &v1::RestartAct::default_instance(); },
    kRestartMagic.size()};

}  // namespace assent::fuzz
