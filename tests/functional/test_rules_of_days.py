"""Rules that need days of the ledger's time, or a life that is longer than the stories of test_rules.py: each broken
once, on a ledger whose clock the test sets."""

import hashlib
import shutil

import nacl.signing
import pytest

import ledger_format as lf
from client import DAY_US, Author, notification
from clocks import DAY_S, Clock
from cluster import ASSENT, Cluster, run
from protos import entry as entry_pb
from protos import inspection, membership, revision
from steps import endorse, lodge_note

ACCREDITATIONS_MAX = 128  # ledger/limits.h
QUESTION_DAYS = 90        # a question can be endorsed so long
KEY_DAYS = 30             # a replaced authority key waits so long
TEXT = "A text that is signed late.\n"


class Ledger:
    """Four states, whose days pass when the test says so."""

    def __init__(self, folder):
        self.clock = Clock(folder / "clock")
        self.cluster = Cluster(folder / "ledger", heartbeat_s=DAY_S)
        self.clock.give(self.cluster)
        self.cluster.start()
        self.keys = {node.code: node.state.keys["authority"] for node in self.cluster}

    def author(self, code):
        return Author(self.cluster, code, key=self.keys[code]).follow(self.cluster["IND"].client())

    def body(self, visibility=entry_pb.PUBLIC, **record):
        return entry_pb.Body(visibility=visibility, issued_at_us=self.clock.now_us(), **record)

    def restricted(self, **record):
        return self.body(entry_pb.MEMBERS, **record)

    def signed(self, author, body):
        return author.prepare(body, not_after_us=self.clock.now_us() + DAY_US)

    def file(self, code, body):
        """Returns its index."""
        return self.cluster["IND"].client().submit(self.signed(self.author(code), body)).receipt.index

    def reason(self, code, body):
        """Why it is refused."""
        return self.cluster["IND"].client().refused(self.signed(self.author(code), body))[1]

    def pass_days(self, days):
        """The ledger stands still for a day at most: time beyond that is not counted for keys that wait."""
        for _ in range(days):
            self.clock.go_on(DAY_S)
            self.file("USA", notification())

    def accreditation(self):
        return self.body(inspector_accreditation=inspection.InspectorAccreditation(
            public_key=bytes(nacl.signing.SigningKey.generate().verify_key), name="Head of mission", all_bodies=True,
            from_us=self.clock.now_us(), until_us=self.clock.now_us() + 300 * DAY_US))

    def end(self, accreditation):
        return self.body(inspector_accreditation_end=inspection.InspectorAccreditationEnd(
            accreditation=accreditation, reason="The mission is over."))

    def endorsement(self, question):
        return self.body(endorsement=membership.Endorsement(question=question))


@pytest.fixture(name="ledger", scope="module")
def ledger_of_days(tmp_path_factory):
    made = Ledger(tmp_path_factory.mktemp("days"))
    yield made
    made.cluster.close()


def test_a_member_accredits_no_more_than_so_many(ledger):
    for _ in range(ACCREDITATIONS_MAX):
        given = ledger.file("JPN", ledger.accreditation())
    assert ledger.reason("JPN", ledger.accreditation()) == "ACCREDITATIONS_MANY"
    ledger.file("JPN", ledger.end(given))
    ledger.file("JPN", ledger.accreditation())


def test_what_a_state_granted_before_it_left_has_lapsed(ledger, say):
    def subscribe():
        """With an authority key that is new: one that is registered cannot be used again."""
        state = lf.State("NOR", "State of NOR")
        shutil.rmtree(ledger.cluster.folder / "NOR", ignore_errors=True)
        ledger.cluster.add(state, "IND")
        ledger.keys["NOR"] = state.keys["authority"]
        endorse(ledger.cluster, ("FRA", "JPN"), lodge_note(ledger.cluster, "NOR", "IND"))

    subscribe()
    given = ledger.file("NOR", ledger.accreditation())
    ledger.file("NOR", ledger.body(membership_withdrawal=membership.MembershipWithdrawal(reason="Another treaty.")))
    say("NOR has accredited somebody, and left")
    subscribe()
    assert ledger.reason("NOR", ledger.end(given)) == "ACCREDITATION_LAPSED"
    ledger.file("NOR", ledger.end(ledger.file("NOR", ledger.accreditation())))


def test_questions_and_keys_in_their_time(ledger, say, tmp_path):
    cluster = ledger.cluster
    term = ledger.file("JPN", ledger.body(chair_term=membership.ChairTerm(
        chair="JPN", from_us=ledger.clock.now_us() + 200 * DAY_US, until_us=ledger.clock.now_us() + 300 * DAY_US)))
    round_id = ledger.file("IND", ledger.restricted(revision_open=revision.RevisionOpen(replaces=0, title="Late", text=TEXT)))
    signature = ledger.restricted(revision_sign=revision.RevisionSign(
        round=round_id, text_hash=hashlib.sha256(TEXT.encode()).digest(), replaces=0, membership=0))

    fra, fresh = cluster["FRA"], lf.State("FRA", "renewed")
    fra._secret("authority-2.key", lf.sealed_key_file(fresh.keys["authority"], fresh.passphrase))
    fra._secret("passphrase-2", fresh.passphrase + "\n")
    proof = run(ASSENT, "key", "prove", fra.folder / "authority-2.key", "--act", cluster.act, "--code", "FRA",
                "--passphrase-file", fra.folder / "passphrase-2")
    assert proof.returncode == 0, proof.stderr
    question = cluster.file("IND", "file", cluster.write("replacement.toml", (
        'type = "AuthorityKeyReplacement"\nvisibility = "PUBLIC"\nmember = "FRA"\nreason = "Lost in a fire."\n'
        + proof.stdout)))
    endorse(cluster, ("JPN", "USA", "NOR"), question)
    say("a chair's term is asked for, a round is opened, and the members replace the key of FRA")

    ledger.pass_days(KEY_DAYS + 1)
    ledger.keys["FRA"] = fresh.keys["authority"]
    assert ledger.reason("FRA", signature) == "ENDORSED_KEY"
    say(f"after {KEY_DAYS} days the new key is in force, and cannot sign a round that was open before")
    ledger.file("IND", ledger.restricted(revision_withdraw=revision.RevisionWithdraw(
        round=round_id, reason="FRA may not sign it.")))
    later = ledger.file("FRA", ledger.restricted(revision_open=revision.RevisionOpen(replaces=0, title="Anew", text=TEXT)))
    signature.revision_sign.round = later
    ledger.file("FRA", signature)

    ledger.pass_days(QUESTION_DAYS - KEY_DAYS)
    assert ledger.reason("FRA", ledger.endorsement(term)) == "QUESTION_EXPIRED"
    say(f"after {QUESTION_DAYS} days nobody can agree with the term any more")
