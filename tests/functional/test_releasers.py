"""Split duties: one drafts and has the authority key, another releases with a key of its own, on a machine without a
network; and the ledger shows who it was."""

import base64
import json

import nacl.signing
import pytest

import ledger_format as lf
from client import Author, notification
from cluster import ASSENT, Cluster, run
from protos import entry as entry_pb
from steps import write_record

PASSPHRASE = "the passphrase of the head, which is long"
HEAD, DEPUTY = "Head of Division", "Deputy Head"
NOTICE = """type = "LaunchNotification"
visibility = "PUBLIC"
reference = "{reference}"
kind = "SPACE_LAUNCH"
class_id = "SLV_MEDIUM"
window_start = 2099-06-01T06:00:00Z
window_end = 2099-06-01T12:00:00Z
count = 1
[area]
sea_area = "Barents Sea"
[direction]
azimuth_deg = 90
"""


@pytest.fixture(scope="module")
def states(tmp_path_factory):
    cluster = Cluster(tmp_path_factory.mktemp("releasers") / "ledger", heartbeat_s=2)
    yield cluster.start()
    cluster.close()


class Person:
    """Somebody with a releaser's key, on a machine of its own: the founding act, and what is handed over."""

    def __init__(self, cluster, name, folder):
        self.name = name
        self.act = cluster.act
        self.folder = folder
        self.folder.mkdir(mode=0o700)
        self.key = nacl.signing.SigningKey.generate()
        for file, text in (("key", lf.sealed_key_file(self.key, PASSPHRASE, purpose="releaser")), ("pass", PASSPHRASE)):
            (folder / file).touch(mode=0o600)
            (folder / file).write_text(text)

    @property
    def secrets(self):
        return ("--releaser", self.folder / "key", "--releaser-passphrase-file", self.folder / "pass")

    def run(self, *arguments, expect=0):
        done = run(ASSENT, *arguments, "--act", self.act, cwd=self.folder)
        assert done.returncode == expect, done.stdout + done.stderr
        return done

    def proof(self, code):
        """The lines of a record that names this person."""
        return self.run("key", "prove", self.folder / "key", "--passphrase-file", self.folder / "pass", "--name",
                        self.name, "--code", code).stdout

    def release(self, draft, *more, expect=0):
        return self.run("release", draft, *self.secrets, *more, expect=expect)


def statement(header, raw, body):
    """What a releaser signs, by docs/formats.md: as another implementation than the node's would have it."""
    end = len(raw) - len(body.release.SerializeToString(deterministic=True)) - 3
    assert raw[end:end + 2] == b"\xfa\x7f"  # field 2047, the last
    return (b"assent/release/v1\0" + header.ledger_id + bytes([len(header.author)]) + header.author.encode()
            + header.sequence.to_bytes(8, "big") + header.not_after_us.to_bytes(8, "big") + raw[:end])


def test_two_people_two_keys(states, tmp_path, say):
    say("FRA names a head and a deputy, each of whom has made a key and proves to have it")
    head, deputy = Person(states, HEAD, tmp_path / "head"), Person(states, DEPUTY, tmp_path / "deputy")
    record = states.write("releasers.toml", 'type = "Releasers"\nvisibility = "PUBLIC"\n' + head.proof("FRA")
                          + deputy.proof("FRA"))
    named = states.file("FRA", "file", record)
    member = next(m for m in states.json("IND", "members")["members"] if m["code"] == "FRA")
    assert [(r["name"], r["public_key"]) for r in member["releasers"]] == [
        (p.name, bytes(p.key.verify_key).hex()) for p in (head, deputy)]
    assert f"what FRA files is released by one of: {HEAD}, {DEPUTY}" in states.cli("IND", "members").stdout

    say("the drafter, who has the authority key, files nothing alone any more")
    drafter = states["FRA"].folder
    notice = states.write("notice.toml", NOTICE.format(reference="R-1"))
    alone = states.cli("FRA", "file", notice, expect=2)
    assert "what FRA files must be released" in alone.stderr
    client = states["FRA"].client()
    author = Author(states, "FRA").follow(client)
    assert client.refused(author.prepare(notification())) == ("FAILED_PRECONDITION", "RELEASE_MISSING")
    revocation = write_record(drafter / "revocation.json", "AuthorityKeyRevocation", reason="A thief would do this.")
    assert "must be released" in states.cli("FRA", "file", revocation, expect=2).stderr

    say("it prepares; the head releases without a network; it signs and submits")
    prepared = states.json("FRA", "prepare", notice, "-o", drafter / "notice.draft.json")
    assert prepared["releasers"] == [HEAD, DEPUTY]
    unreleased = states.cli("FRA", "sign", drafter / "notice.draft.json", expect=1)
    assert f"must be released before it is signed, by {HEAD}, {DEPUTY}" in unreleased.stderr
    shown = head.release(drafter / "notice.draft.json", "-o", head.folder / "released.draft.json")
    assert "to be released for FRA" in shown.stderr and 'reference = "R-1"' in shown.stderr
    states.cli("FRA", "sign", head.folder / "released.draft.json", "-o", drafter / "notice.entries.json")
    index = states.file("FRA", "submit", drafter / "notice.entries.json", "--receipt", drafter / "notice.receipt")

    say("the ledger shows who released it, to everybody, in every way")
    entry = states.json("IND", "show", index)
    by = {"name": HEAD, "public_key": bytes(head.key.verify_key).hex()}
    assert entry["released_by"] == by and entry["record"]["release"]["name"] == HEAD
    assert f"by {HEAD}, with the key {by['public_key']}" in states.cli("IND", "show", index).stdout
    listed = states.json("IND", "list", "--from-index", index)["entries"]
    assert [e["released_by"] for e in listed] == [by]
    assert HEAD in states.cli("IND", "list", "--from-index", index).stdout
    assert HEAD in states.outside("IND", "list", "--from-index", index).stdout
    proof = json.loads(head.run("verify", drafter / "notice.receipt", "--json").stdout)
    assert proof["released_by"] == by and any(HEAD in line for line in proof["proved"])
    assert "release" not in states.json("IND", "show", index, "--record")
    raw = next(e.entry for e in client.entries() if e.index == index)
    header, body = entry_pb.EntryHeader.FromString(raw.header), entry_pb.Body.FromString(raw.body)
    head.key.verify_key.verify(statement(header, raw.body, body), body.release.signature)

    say("with both keys at hand it is one step")
    second = states.write("second.toml", NOTICE.format(reference="R-2"))
    index = states.file("FRA", "file", second, *deputy.secrets)
    assert states.json("USA", "show", index)["released_by"]["name"] == DEPUTY

    say("a draft that was changed after its release is not signed, and if it is, no node takes it")
    third = states.write("third.toml", NOTICE.format(reference="R-3"))
    draft = drafter / "third.draft.json"
    states.cli("FRA", "prepare", third, "-o", draft)
    head.release(draft, "-o", head.folder / "third.draft.json")
    changed = json.loads((head.folder / "third.draft.json").read_text())
    changed["sequence"] += 1
    changed_draft = states.write("changed.draft.json", json.dumps(changed))
    assert "not signed by the key that it names" in states.cli("FRA", "sign", changed_draft, expect=1).stderr
    released = entry_pb.Body.FromString(body_of(head.folder / "third.draft.json"))
    author.follow(client)
    wrong = author.prepare(released)  # with another not_after than the head has seen
    assert client.refused(wrong) == ("FAILED_PRECONDITION", "RELEASE_BAD_SIGNATURE")

    say("somebody else's key releases nothing")
    stranger = Person(states, "Doorman", tmp_path / "doorman")
    refused = stranger.release(draft, expect=1)
    assert f"is not that of a releaser of FRA: these are {HEAD}, {DEPUTY}" in refused.stderr
    away = states.cli("FRA", "file", third, *stranger.secrets, expect=1)
    assert "is not that of a releaser of FRA" in away.stderr

    say("the deputy takes the head off the list; the head's key is worth nothing from the next entry on")
    fewer = states.write("fewer.toml", 'type = "Releasers"\nvisibility = "PUBLIC"\n' + deputy.proof("FRA"))
    states.file("FRA", "file", fewer, *deputy.secrets)
    late = states.cli("FRA", "file", third, *head.secrets, expect=1)
    assert "these are " + DEPUTY in late.stderr
    old = states.cli("FRA", "submit", sign_old(states, head, drafter), expect=1)
    assert "refused: " in old.stderr and "SEQUENCE_ALREADY_USED" in old.stderr

    say("other states have gone on as before; and FRA ends the split by an empty list")
    states.file("IND", "file", states.write("theirs.toml", NOTICE.format(reference="R-9")))
    none = states.write("none.toml", 'type = "Releasers"\nvisibility = "PUBLIC"\nreleasers = []\n')
    states.file("FRA", "file", none, *deputy.secrets)
    states.file("FRA", "file", third)
    unexpected = author.follow(client).prepare(released)
    assert client.refused(unexpected) == ("FAILED_PRECONDITION", "RELEASE_UNEXPECTED")

    say("the audit agrees, and who may not see all bodies is told what it could not check")
    assert states.json("USA", "audit")["complete"]
    assert named < index


def body_of(draft):
    """Of the first entry of a draft."""
    return base64.b64decode(json.loads(draft.read_text())["entries"][0]["body"])


def sign_old(states, head, drafter):
    """What the head had released before it was taken off the list, signed now."""
    states.cli("FRA", "sign", head.folder / "third.draft.json", "-o", drafter / "third.entries.json")
    return drafter / "third.entries.json"


def test_restricted_bodies_keep_their_releases(states, tmp_path, say):
    """Who released a body for members is for members, and an audit of who sees less says so."""
    minister = Person(states, "Minister", tmp_path / "minister")
    record = states.write("japan.toml", 'type = "Releasers"\nvisibility = "PUBLIC"\n' + minister.proof("JPN"))
    states.file("JPN", "file", record)
    secret = states.write("secret.toml", NOTICE.format(reference="S-1").replace("PUBLIC", "MEMBERS"))
    index = states.file("JPN", "file", secret, *minister.secrets)
    assert states.json("IND", "show", index)["released_by"]["name"] == "Minister"
    assert "Minister" not in states.outside("IND", "show", index, "--json").stdout
    audit = json.loads(states.outside("IND", "audit", "--json").stdout)
    assert (audit["good"], audit["complete"], audit["releases_unchecked"]) == (True, False, 1)
    assert "had to be released" in states.outside("IND", "audit").stdout

    say("an import is released, too")
    launches = states.write("launches.csv", "launch_time_utc,state,site,latitude_deg,longitude_deg,vehicle,outcome\n"
                            "2099-03-01T10:00:00Z,JPN,Tanegashima,30.4,130.97,H-IIA,launched\n")
    classes = states.write("classes.toml", '[classes]\n"" = "SLV_MEDIUM"\n')
    own = (states["JPN"].folder / "assent.toml").read_text()
    command = ("import", launches, "--classes", classes, "--visibility", "PUBLIC", "--state")
    without = states.cli("JPN", *command, states["JPN"].folder / "assent.toml", expect=1)
    assert "what JPN files must be released" in without.stderr
    both = states.write("jpn.toml", f'{own}releaser = "{minister.folder}/key"\n'
                                    f'releaser_passphrase_file = "{minister.folder}/pass"\n')
    assert states.json("JPN", *command, both)["states"][0]["notified"] == 1
    assert [entry["released_by"]["name"] for entry in states.json(
        "JPN", "list", "--author", "JPN", "--type", "LaunchNotification")["entries"]] == ["Minister"] * 2
