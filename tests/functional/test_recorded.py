"""What earlier versions have written is read by this one: a node goes on from its old folder, together with nodes whose
folders are new, and gives the same receipts; files that clients kept prove what they proved."""

import datetime
import json
import re
import shutil

import pytest

from client import now_us
from cluster import ASSENT, ASSENT_NODE, ROOT, run, wait_until
from recorded import RECORDINGS, RecordedCluster
from steps import CATCH_UP_S, file_record, from_now

DAY_S = 86_400
LOST = "USA"  # whose data was not recorded


def must(*command, expect=0):
    done = run(*command, timeout=180)
    assert done.returncode == expect, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


def receipts(folder):
    """The recorded ones, by index."""
    return {int(path.stem): path.read_bytes() for path in folder.glob("*.receipt")}


def test_every_version_before_this_one_is_recorded():
    changes = (ROOT / "deploy/debian/changelog").read_text()
    versions = re.findall(r"^\S+ \((\S+?)(?:-\d+)?\)", changes, re.MULTILINE)
    recorded = {path.name.removesuffix(".tar.gz") for path in RECORDINGS}
    assert RECORDINGS and set(versions[1:]) <= recorded, "tests/recorded/record makes one at each release"


@pytest.fixture(scope="module", params=RECORDINGS, ids=lambda path: path.name.removesuffix(".tar.gz"))
def recorded(request, tmp_path_factory):
    cluster = RecordedCluster(request.param, tmp_path_factory.mktemp("recorded") / "ledger")
    yield cluster
    cluster.close()


def test_what_clients_kept_proves_what_it_proved(recorded, tmp_path):
    kept, act = recorded.kept, recorded.act
    must(ASSENT, "found", "check", act)
    found = receipts(kept)
    assert len(found) > 10
    for name in (*(f"{index}.receipt" for index in found), "revision.instrument", "notes.consistency"):
        must(ASSENT, "verify", kept / name, "--act", act)
    audit = json.loads(must(ASSENT, "audit", "--from", kept / "audit", "--act", act, "--json"))
    assert audit["entries"] == len(found)
    made = tmp_path / "made.receipt"
    must(ASSENT, "receipt", "0", "-o", made, "--from", kept / "audit", "--act", act)
    must(ASSENT, "verify", made, "--act", act)
    done = run(ASSENT, "ask", "evidence", "--from", kept / "audit", "--act", act)
    assert done.returncode == (0 if "evidence" in audit else 1), done.stderr

    shown = json.loads(must(ASSENT, "key", "show", kept / "authority.key", "--json"))
    assert shown["public_key"] in (kept / "authority.key.pub").read_text()
    for name in ("node.key", "reader.key"):
        assert must(ASSENT, "key", "show", kept / name) == must(ASSENT, "key", "show", kept / f"{name}.pub")
    must(ASSENT, "key", "prove", kept / "authority.key", "--passphrase-file", kept / "passphrase", "--act", act,
         "--code", "FRA")
    signed = tmp_path / "signed.json"
    recorded.cli("FRA", "sign", kept / "record.draft.json", "-o", signed)
    assert json.loads(signed.read_text()) == json.loads((kept / "record.entries.json").read_text())


def test_what_a_node_left_is_whole(recorded, tmp_path):
    for code in recorded.nodes:
        if code != LOST:
            found = must(ASSENT_NODE, "fsck", "--config", recorded[code].config)
            assert f"{len(receipts(recorded.kept))} signatures good" in found, found
    config = shutil.copytree(recorded["IND"].folder, tmp_path / "IND") / "node.toml"
    config.write_text(config.read_text().replace("../act.txt", str(recorded.act)))
    shutil.rmtree(config.parent / "data")
    must(ASSENT_NODE, "restore", "--config", config, "--from", recorded.kept / "backups")
    must(ASSENT_NODE, "fsck", "--config", config)


def test_nodes_go_on_from_their_folders_with_one_that_is_new(recorded, say):
    audit = json.loads(must(ASSENT, "audit", "--from", recorded.kept / "audit", "--act", recorded.act, "--json"))
    if datetime.datetime.fromisoformat(audit["time"].replace("Z", "+00:00")).timestamp() * 1e6 > now_us():
        pytest.skip("not run: this machine's clock is before the newest block of the recording")
    kept = receipts(recorded.kept)
    wait_until("the recorded addresses are free", recorded.addresses_are_free, CATCH_UP_S)
    for code, node in recorded.nodes.items():
        if code == LOST:
            node.init()
        node.start(wait=False)
    for node in recorded:
        wait_until(f"the node of {node.code} serves", node.serves)
    wait_until("all to vote", lambda: all(recorded.operator_status(code)["mode"] == "VOTING" for code in recorded.nodes),
               CATCH_UP_S)
    say(f"{LOST} has caught up in an empty folder and votes with those that went on from theirs")

    def same_receipts():
        for index, receipt in kept.items():
            path = recorded.folder / "now.receipt"
            recorded.cli("FRA", "receipt", index, "-o", path)
            assert path.read_bytes() == receipt, index

    same_receipts()
    say(f"{len(kept)} receipts are what they were, byte for byte")
    recorded["JPN"].stop()
    filed = file_record(recorded, LOST, "LaunchNotification", "PUBLIC", reference="it goes on", kind="SPACE_LAUNCH",
                        class_id="SLV_MEDIUM", window_start=from_now(3 * DAY_S), window_end=from_now(4 * DAY_S), count=1,
                        area={"sea_area": "Barents Sea"}, direction={"azimuth_deg": 90})
    recorded["JPN"].start()
    agreed = recorded.wait_for_agreement(at_least=filed + 1)
    say(f"an entry of {LOST} became final by three of the four, and the fourth has it: height {agreed.height}")
    same_receipts()
    recorded.cli("JPN", "audit", "--save", recorded.kept / "audit")
    recorded.wait_for_checkpoint(agreed.tree_size)
    recorded.cli("IND", "consistency", recorded.kept / "newer.note", "-o", recorded.folder / "now.consistency")
    must(ASSENT, "verify", recorded.folder / "now.consistency", "--act", recorded.act)
    say("the audit and the checkpoints that clients kept lead on to what the nodes say now")


NEWER = (
    ("0.receipt", "receipt v1", "receipt v2", ("verify", "{file}", "--act", "{act}"), 'begin with "assent receipt v1"'),
    ("revision.instrument", "instrument v1", "instrument v2", ("verify", "{file}", "--act", "{act}"),
     'begin with "assent instrument v1"'),
    ("notes.consistency", "consistency v1", "consistency v2", ("verify", "{file}", "--act", "{act}"),
     'begin with "assent consistency v1"'),
    ("../act.txt", "FORMAT 1", "FORMAT 2", ("found", "check", "{file}"), "FOUNDING ACT OF AN ASSENT LEDGER, FORMAT 1"),
    ("authority.key", "key v1", "key v2", ("key", "show", "{file}"), "not a key file of this version"),
    ("authority.key.pub", "key v1", "key v2", ("key", "show", "{file}"), "not a key file of this version"),
    ("record.draft.json", "draft v1", "draft v2", ("sign", "{file}", "--config", "{config}"), '"assent draft v1"'),
    ("record.entries.json", "entries v1", "entries v2", ("submit", "{file}", "--config", "{config}"),
     '"assent entries v1"'),
    ("audit", "assent audit 2", "assent audit 3", ("audit", "--from", "{file}", "--act", "{act}"),
     "saved by another version"),
)


@pytest.mark.parametrize("name, old, new, command, says", NEWER, ids=[case[0] for case in NEWER])
def test_a_newer_format_is_refused_in_one_line(recorded, tmp_path, name, old, new, command, says):
    """As a program that is older than a file finds it; the database: test_procedures.py."""
    file = tmp_path / "newer"
    if (recorded.kept / name).is_dir():
        shutil.copytree(recorded.kept / name, file)
        changed = file / name
    else:
        changed = shutil.copy(recorded.kept / name, file)
    data = changed.read_bytes()
    assert data.count(old.encode()) == 1
    changed.write_bytes(data.replace(old.encode(), new.encode()))
    places = {"file": file, "act": recorded.act, "config": recorded["FRA"].folder / "assent.toml"}
    done = run(ASSENT, *(part.format(**places) for part in command), timeout=180)
    assert done.returncode == 1 and "good: " not in done.stdout, done.stdout
    assert says in done.stderr.strip().splitlines()[-1], done.stderr
