"""States join and leave, keys are replaced, and the voters change, while others file without pause."""

import os

import ledger_format as lf
from build import SLOWNESS
from client import Author, file_one, now_us
from cluster import ASSENT, run, wait_until
from load import SteadyLoad, check_nothing_is_lost
from protos import entry as entry_pb
from protos import membership
from steps import await_epoch, file_node_keys, lodge_note, start_from_the_act, vote

FOUNDERS = ("FRA", "IND", "JPN", "USA")
NEW = ("NOR", "SWE", "CHE")
# Who file all the time, and how many entries in a second together.
BUSY = ("IND", "JPN")
ENTRIES_PER_S = 200 // SLOWNESS


def body(**record):
    return entry_pb.Body(visibility=entry_pb.PUBLIC, issued_at_us=now_us(), **record)


def voting(votes):
    return body(voting_status=membership.VotingStatus(votes=votes))


class Story:
    """The ledger and its authors, as far as they are not under load."""

    def __init__(self, cluster, load, say):
        self.cluster = cluster
        self.load = load
        self.say = say
        self.receipts = []

    def file(self, code, record):
        """Files as the state, through the node of FRA unless it is busy."""
        if code in BUSY:
            return self.load.file(code, record)
        client = self.cluster["FRA"].client()
        author = Author(self.cluster, code).follow(client)
        _, receipt = file_one(client, author, record)
        return receipt.index

    def file_toml(self, code, path):
        return self.cluster.json(code, "file", path)["entries"][0]["index"]

    def epoch(self, code="FRA"):
        return self.cluster[code].client().status().epoch

    def await_epoch(self, epoch):
        await_epoch(self.cluster, epoch)
        wait_until(f"an entry of the load in epoch {epoch}", lambda: epoch in self.load.receipts)

    def keep_receipt(self, index):
        path = self.cluster.folder / f"receipt-{index}"
        self.cluster.cli("FRA", "receipt", index, "-o", path)
        self.receipts.append(path)

    def join(self, code, members):
        """Membership, a node and a vote. `members` agree."""
        before = self.epoch()
        self.cluster.add(lf.State(code, f"State of {code}"), "FRA")
        question = lodge_note(self.cluster, code, "FRA")
        for member in members:
            self.file(member, body(endorsement=membership.Endorsement(question=question)))
        states = {state["code"]: state for state in self.cluster.json("FRA", "members", "--all")["members"]}
        assert states[code]["status"] == "ACTIVE", states[code]
        self.say(f"{code} is a member: {len(members)} others have endorsed what FRA lodged")

        start_from_the_act(self.cluster, code)
        self.keep_receipt(vote(self.cluster, code))
        self.await_epoch(before + 1)
        self.say(f"the node of {code}, which had nothing but the founding act, votes in epoch {before + 1}")


def test_from_four_states_to_seven_and_back_to_five_under_load(new_cluster, say):
    cluster = new_cluster(heartbeat_s=40)
    with SteadyLoad(cluster, BUSY, ENTRIES_PER_S) as load:
        story = Story(cluster, load, say)
        wait_until("some load", lambda: load.count() > ENTRIES_PER_S)
        story.keep_receipt(0)
        sleeper = cluster["USA"]
        for number, code in enumerate(NEW):
            if number == 0:
                say("USA falls asleep")
                sleeper.kill()
            # floor(2m/3) + 1 of the m members, FRA counted, which lodges the note.
            story.join(code, ["JPN", "USA", *NEW[:number]])
        say("USA wakes up after three epochs, and catches up")
        sleeper.start()
        story.await_epoch(4)

        say("FRA replaces its authority key")
        old = cluster["FRA"].state.keys["authority"]
        fresh = lf.State("FRA", "fresh")
        cluster["FRA"].state.passphrase = fresh.passphrase
        cluster["FRA"]._secret("authority-2.key", lf.sealed_key_file(fresh.keys["authority"], fresh.passphrase))
        cluster["FRA"]._secret("passphrase-2", fresh.passphrase + "\n")
        proof = run(ASSENT, "key", "prove", cluster["FRA"].folder / "authority-2.key", "--act", cluster.act, "--code",
                    "FRA", "--passphrase-file", cluster["FRA"].folder / "passphrase-2")
        assert proof.returncode == 0, proof.stderr
        record = cluster["FRA"].folder / "rotation.toml"
        record.write_text(f'type = "AuthorityKeyRotation"\nvisibility = "PUBLIC"\n{proof.stdout}')
        story.file_toml("FRA", record)
        cluster["FRA"].state.keys["authority"] = fresh.keys["authority"]
        client = cluster["FRA"].client()
        author = Author(cluster, "FRA").follow(client)
        entry, receipt = file_one(client, author)
        story.keep_receipt(receipt.index)
        refused = client.refused(Author(cluster, "FRA", key=old).follow(client).prepare(body(
            endorsement=membership.Endorsement(question=0))))
        assert refused == ("FAILED_PRECONDITION", "KEY_NOT_IN_FORCE"), refused

        say("USA replaces the keys of its node, which starts with the new seed")
        sleeper.state.node_seed = os.urandom(32)
        renewed = lf.State("USA", "renewed")
        sleeper._secret("node-2.seed", lf.plain_key_file("node", renewed.public("vote"), renewed.node_seed))
        file_node_keys(cluster, "USA", "node-2.seed", f"127.0.0.1:{sleeper.peer_port}")
        for name in ("vote", "checkpoint", "transport"):
            sleeper.state.keys[name] = renewed.keys[name]
        sleeper.stop()
        sleeper.config.write_text('member = "USA"\n' + sleeper.config.read_text().replace("node.seed", "node-2.seed"))
        sleeper.start()
        story.await_epoch(5)

        for number, code in enumerate(("CHE", "NOR")):
            story.file(code, body(membership_withdrawal=membership.MembershipWithdrawal(reason="Treaty of 2030.")))
            cluster[code].stop()
            del cluster.nodes[code]
            story.await_epoch(6 + number)
            say(f"{code} has left; epoch {6 + number}")
        before = load.count()
        wait_until("the ledger to go on", lambda: load.count() > before + ENTRIES_PER_S)
    say(f"of {load.sent} entries in {load.seconds:.0f} s, {load.sent / load.seconds:.0f} a second, all were answered; "
        f"{load.retries} times a node was left for another, and the longest pause was {load.longest_pause_s:.1f} s")
    assert len(load.final) == load.sent > 10 * ENTRIES_PER_S
    agreed = cluster.wait_for_agreement(at_least=len(load.final))
    say(f"five states, root {agreed.root.hex()[:16]}, epoch {agreed.epoch}, {agreed.tree_size} entries")
    check_nothing_is_lost(cluster, load.final)
    newest, receipt = file_one(cluster["FRA"].client(), Author(cluster, "FRA").follow(cluster["FRA"].client()))
    story.keep_receipt(receipt.index)
    assert sorted(load.receipts) == list(range(1, agreed.epoch + 1))
    for epoch, receipts in load.receipts.items():
        for name, kept in zip(("first", "newest"), receipts):
            path = cluster.folder / f"{name}-of-epoch-{epoch}"
            path.write_bytes(b"assent receipt v1\n" + kept.SerializeToString())
            story.receipts.append(path)
    for path in story.receipts:
        done = run(ASSENT, "verify", path, "--act", cluster.act)
        assert done.returncode == 0, done.stdout + done.stderr
    say(f"{len(story.receipts)} receipts of all epochs verify from the founding act, offline")
    saved = cluster.folder / "saved"
    cluster.cli("FRA", "audit", "--save", saved)
    say("the audit follows the voters through all epochs")
    for number, index in enumerate((0, agreed.tree_size // 2, receipt.index)):
        online, offline = (cluster.folder / f"{where}-{number}" for where in ("online", "offline"))
        cluster.cli("FRA", "receipt", index, "-o", online)
        cluster.cli("FRA", "receipt", index, "-o", offline, "--from", saved)
        assert online.read_bytes() == offline.read_bytes()
    say("what it saved makes the same receipts offline")
