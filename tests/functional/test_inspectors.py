"""Inspectors: accredited on the ledger, read in their scope, logged, and gone when their accreditation is."""

import json
import re
import subprocess

import grpc
import nacl.signing
import pytest

from build import SLOWNESS
from client import DAY_US, Author, file_one, notification, now_us, refusal_of
from cluster import ASSENT, ASSENT_NODE, Cluster, run, wait_until
from protos import entry as entry_pb
from protos import inspection, ledger

HEARTBEAT_S = 2
TERM_S = 30 * SLOWNESS  # of an accreditation that expires: long enough to file it and to open a watch
ACCREDITATION = """type = "InspectorAccreditation"
visibility = "{visibility}"
public_key = "{key}"
name = "Example Institute"
from = 2026-01-01T00:00:00Z
until = {until}
{scope}
"""
END = """type = "InspectorAccreditationEnd"
visibility = "{visibility}"
accreditation = {index}
reason = "The inspection is done."
"""


@pytest.fixture(scope="module")
def beating(tmp_path_factory):
    cluster = Cluster(tmp_path_factory.mktemp("inspectors") / "ledger", heartbeat_s=HEARTBEAT_S, skew_s=1)
    yield cluster.start()
    cluster.close()


def text_of(until_us):
    return subprocess.run(["date", "-u", "-d", f"@{until_us / 1e6:.6f}", "+%Y-%m-%dT%H:%M:%S.%6NZ"],
                          capture_output=True, text=True, check=True).stdout.strip()


class Inspector:
    """Who holds a key that `assent keygen` has made."""

    def __init__(self, cluster, folder, name="inspector"):
        self.cluster = cluster
        self.folder = folder
        self.name = name
        self.key_file = folder / f"{name}.key"
        made = run(ASSENT, "keygen", "reader", "-o", self.key_file, "--json")
        assert made.returncode == 0, made.stderr
        self.public_key = json.loads(made.stdout)["public_key"]
        seed = re.search(r"^seed: (\w+)$", self.key_file.read_text(), re.MULTILINE).group(1)
        self.key = nacl.signing.SigningKey(bytes.fromhex(seed))

    def assent(self, code, *arguments, expect=0):
        return self.cluster.outside(code, *arguments, reader=self.key_file, expect=expect)

    def client(self, code):
        return self.cluster[code].client(reader=self.key)

    def sees(self, code, index):
        return bool(self.client(code).stub.GetEntry(ledger.GetEntryRequest(index=index), timeout=30).entry.body)


def accredit(cluster, code, inspector, folder, until_us=None, scope="all_bodies = true", visibility="MEMBERS"):
    until_us = until_us or now_us() + 100 * DAY_US
    path = folder / "accreditation.toml"
    path.write_text(ACCREDITATION.format(key=inspector.public_key, until=text_of(until_us), scope=scope,
                                         visibility=visibility))
    index = cluster.json(code, "file", path)["entries"][0]["index"]
    cluster.wait_for_agreement(at_least=index + 1)
    return index


def end(cluster, code, index, folder, visibility="MEMBERS"):
    path = folder / "end.toml"
    path.write_text(END.format(index=index, visibility=visibility))
    filed = cluster.json(code, "file", path)["entries"][0]["index"]
    cluster.wait_for_agreement(at_least=filed + 1)


def restricted_launch(cluster, code):
    client = cluster[code].client()
    body = notification()
    body.visibility = entry_pb.MEMBERS
    _, receipt = file_one(client, Author(cluster, code).follow(client), body)
    cluster.wait_for_agreement(at_least=receipt.index + 1)
    return receipt.index


def watch(client, from_index):
    return client.stub.WatchEntries(ledger.WatchEntriesRequest(from_index=from_index), timeout=120 * SLOWNESS)


def ended_with(stream):
    """Reads a stream to its end. Returns what came, and the code and reason of the end."""
    came = []
    with pytest.raises(grpc.RpcError) as ended:
        for entry in stream:
            came.append(entry)
    return came, ended.value.code().name, refusal_of(ended.value)


def reads_of(cluster, code, inspector):
    done = run(ASSENT_NODE, "inspections", "--config", cluster[code].config, "--key", inspector.public_key)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_a_key_reads_what_a_member_accredits_it_for(beating, tmp_path, say):
    inspector = Inspector(beating, tmp_path)
    by_fra, by_ind = restricted_launch(beating, "FRA"), restricted_launch(beating, "IND")
    assert not inspector.sees("USA", by_fra)
    say("JPN accredits the key for records of FRA: every node lets it read these and no others")
    index = accredit(beating, "JPN", inspector, tmp_path, scope='authors = ["FRA"]')
    for code in beating.nodes:
        assert inspector.sees(code, by_fra) and not inspector.sees(code, by_ind)
    shown = json.loads(inspector.assent("USA", "show", by_fra, "--json").stdout)
    assert shown["type"] == "LaunchNotification" and shown["proved"]
    hidden = inspector.assent("USA", "show", by_ind, "--record", expect=1)
    assert "does not show this record" in hidden.stderr

    say("it is told its own accreditation; members are told of it, others are not, since it is for members")
    told = inspector.assent("USA", "inspectors")
    assert f"your key is accredited by JPN, entry {index}" in told.stderr
    assert "Example Institute" not in told.stdout
    listed = beating.json("FRA", "inspectors", "--status", "in-force", "--by", "JPN")["accreditations"]
    assert [(given["index"], given["public_key"], given["authors"]) for given in listed] == [
        (index, inspector.public_key, ["FRA"])]

    say("JPN ends it, and only JPN can")
    path = tmp_path / "not-ours.toml"
    path.write_text(END.format(index=index, visibility="MEMBERS"))
    assert "ACCREDITATION_UNKNOWN" in beating.cli("FRA", "file", path, expect=1).stderr
    end(beating, "JPN", index, tmp_path)
    for code in beating.nodes:
        assert not inspector.sees(code, by_fra)
    assert f"{index}  JPN" in re.sub(r" {2,}", "  ", beating.cli("FRA", "inspectors", "--status", "ended").stdout)


def test_a_watch_ends_with_the_accreditation(beating, tmp_path, say):
    inspector = Inspector(beating, tmp_path)
    index = accredit(beating, "FRA", inspector, tmp_path)
    launch = restricted_launch(beating, "IND")
    say("a watch by gRPC and one by assent are open on two nodes")
    stream = watch(inspector.client("USA"), launch)
    assert next(stream).entry.body
    with subprocess.Popen(
            [str(part) for part in (ASSENT, "watch", "--from-index", launch, "--json", "--node",
                                    f"127.0.0.1:{beating['IND'].client_port}", "--act", beating.act, "--member", "IND",
                                    "--reader", inspector.key_file)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as watcher:
        assert json.loads(watcher.stdout.readline())["index"] == launch
        say("FRA ends the accreditation: both streams end, and say why")
        end(beating, "FRA", index, tmp_path)
        _, code, reason = ended_with(stream)
        assert (code, reason) == ("PERMISSION_DENIED", "ACCREDITATION_ENDED")
        out, err = watcher.communicate(timeout=60)
        assert watcher.returncode == 1 and out == ""
        assert f"refused: ACCREDITATION_ENDED: accreditation {index} was ended by FRA: ask FRA" in err
    say("a new watch shows what everybody sees")
    assert not next(watch(inspector.client("USA"), launch)).entry.body


def test_an_accreditation_expires_by_itself(beating, tmp_path, say):
    inspector = Inspector(beating, tmp_path)
    launch = restricted_launch(beating, "FRA")
    until_us = now_us() + TERM_S * 1_000_000
    accredit(beating, "FRA", inspector, tmp_path, until_us=until_us)
    stream = watch(inspector.client("IND"), launch)
    assert next(stream).entry.body
    say("nobody files anything; the heart beats, and block time passes the term")
    _, code, reason = ended_with(stream)
    assert (code, reason) == ("PERMISSION_DENIED", "ACCREDITATION_EXPIRED")
    assert beating["IND"].client().status().time_us >= until_us
    assert not inspector.sees("IND", launch)


def test_reads_are_logged_where_they_were_served(beating, tmp_path, say):
    inspector = Inspector(beating, tmp_path)
    index = accredit(beating, "FRA", inspector, tmp_path)
    launch = restricted_launch(beating, "FRA")
    say("the inspector asks the node of IND for one record, and lists all")
    assert inspector.sees("IND", launch)
    hidden = sum(1 for entry in beating["IND"].client().entries()
                 if entry_pb.Body.FromString(entry.entry.body).visibility == entry_pb.MEMBERS)
    assert all(entry.entry.body for entry in inspector.client("IND").entries())
    first, second = reads_of(beating, "IND", inspector)
    pattern = r"\S+Z  height \d+  key {key}  accreditations {index}  {method}  bodies {bodies}  {asked}"
    assert re.fullmatch(pattern.format(key=inspector.public_key, index=index, method="GetEntry", bodies=1,
                                       asked=rf'\{{"index":"{launch}"\}}'), first)
    assert re.fullmatch(pattern.format(key=inspector.public_key, index=index, method="ListEntries", bodies=hidden,
                                       asked=r'\{"page_size":1000\}'), second)
    say("no other node knows of it, and nobody else's reads are there")
    assert reads_of(beating, "JPN", inspector) == []
    done = run(ASSENT_NODE, "inspections", "--config", beating["IND"].config)
    assert beating["IND"].state.public("reader").hex() not in done.stdout

    say("the node is killed and comes back: it is all still there")
    beating["IND"].kill()
    beating["IND"].start()
    assert reads_of(beating, "IND", inspector) == [first, second]
    end(beating, "FRA", index, tmp_path)


def test_what_is_widened_is_seen_from_then_on(beating, say):
    client, anonymous = beating["FRA"].client(), beating["FRA"].client(reader=None)
    fra = Author(beating, "FRA").follow(client)
    body = notification()
    body.visibility = entry_pb.MEMBERS
    _, narrow = file_one(client, fra, body)
    say("FRA files a launch for members, and amends it to be PUBLIC")
    body.visibility = entry_pb.PUBLIC
    body.supersedes = narrow.index
    _, wide = file_one(client, fra, body)
    get = anonymous.stub.GetEntry
    assert get(ledger.GetEntryRequest(index=wide.index), timeout=30).entry.body == body.SerializeToString(
        deterministic=True)
    assert not get(ledger.GetEntryRequest(index=narrow.index), timeout=30).entry.body
    say("it cannot be narrowed again, nor taken back unseen")
    body.visibility = entry_pb.MEMBERS
    body.supersedes = wide.index
    assert client.refused(fra.prepare(body)) == ("FAILED_PRECONDITION", "VISIBILITY_NARROWED")
