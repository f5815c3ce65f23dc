"""`assent` from end to end: three steps or one, receipts, audits, and what it says when something is wrong."""

import itertools
import json
import os
import random
import signal
import subprocess

import pytest

from cluster import ASSENT, run, wait_until
from protos import block, ledger

RECORD = """type = "LaunchNotification"
visibility = "{visibility}"
reference = "{reference}"
kind = "SPACE_LAUNCH"
class_id = "SLV_MEDIUM"
window_start = 2031-06-01T06:00:00Z
window_end = 2031-06-01T12:00:00Z
count = 1
area = {{ sea_area = "Barents Sea" }}
direction = {{ compass_point = "NNE" }}
"""
STEPS = ("file", "entry", "block header", "place", "inclusion", "descendants", "voters", "certificate", "author")


def at_home(folder):
    """The environment of somebody whose home that is: no configuration of anybody else is found there."""
    return {name: value for name, value in os.environ.items() if name != "XDG_CONFIG_HOME"} | {"HOME": str(folder)}


def write_record(folder, reference, visibility="PUBLIC"):
    path = folder / f"{reference}.toml"
    path.write_text(RECORD.format(reference=reference, visibility=visibility))
    return path


def test_three_steps_give_the_same_as_one(shared, tmp_path, say):
    say("a record in one step")
    filed = shared.json("FRA", "file", write_record(tmp_path, "one-step"), "--receipt", tmp_path / "one.receipt")
    one = filed["entries"][0]

    say("another prepared by one machine, signed by a second without network, submitted by the first")
    draft, entries = tmp_path / "draft.json", tmp_path / "entries.json"
    shared.cli("FRA", "prepare", write_record(tmp_path, "three-steps"), "-o", draft)
    offline = ["unshare", "--net"] if run("unshare", "--net", "true").returncode == 0 else []
    say("(the second has no network device)" if offline else "(no network namespace to be had here: not asked for)")
    folder = shared["FRA"].folder
    signed = run(*offline, ASSENT, "sign", draft, "-o", entries, "--authority", folder / "authority.key",
                 "--passphrase-file", folder / "passphrase", "--act", shared.act)
    assert signed.returncode == 0, signed.stderr
    receipt = tmp_path / "three.receipt"
    three = shared.json("FRA", "submit", entries, "--receipt", receipt)["entries"][0]
    assert three["index"] > one["index"] and three["final"]

    first, second = (shared.json("FRA", "show", item["index"]) for item in (one, three))
    assert first["record"] == {**second["record"], "reference": "one-step", "issued_at": first["record"]["issued_at"]}

    say("submitted again, by this node and by another, it gives the same receipt and files nothing")
    size = shared.json("FRA", "status")["tree_size"]
    shared.wait_for_agreement()
    for code in ("FRA", "IND"):
        again = tmp_path / f"again-{code}.receipt"
        repeated = shared.json(code, "submit", entries, "--receipt", again)["entries"][0]
        assert (repeated["index"], repeated["leaf_hash"]) == (three["index"], three["leaf_hash"])
        if code == "FRA":
            assert again.read_bytes() == receipt.read_bytes()
        assert run(ASSENT, "verify", again, "--act", shared.act).returncode == 0
    assert shared.json("FRA", "status")["tree_size"] == size


def test_an_amendment_is_shown_as_amended(shared, tmp_path, say):
    say("a record for members, its amendment for all, and one more")
    chain = [shared.json("FRA", "file", write_record(tmp_path, "amended", "MEMBERS"))["entries"][0]["index"]]
    for _ in range(2):
        path = write_record(tmp_path, "amended")
        path.write_text(f"supersedes = {chain[-1]}\n{path.read_text()}")
        chain.append(shared.json("FRA", "file", path)["entries"][0]["index"])
    first, last = (shared.json("FRA", "show", index) for index in (chain[0], chain[-1]))
    assert (last["first_index"], last["first_time"]) == (chain[0], first["time"])
    shown = shared.cli("FRA", "show", chain[-1]).stdout
    assert f"current, amended from {chain[0]}" in shown and f"first filed:  {first['time']}" in shown
    assert f"amended by {chain[2]}, amended from {chain[0]}" in shared.cli("FRA", "list").stdout

    say("who may not see the first is not told when it was")
    anonymous = shared["FRA"].client(reader=None)
    seen = anonymous.stub.GetEntry(ledger.GetEntryRequest(index=chain[-1]), timeout=30)
    assert seen.type == "LaunchNotification" and not seen.HasField("first_index") and seen.first_time_us == 0


def test_what_is_signed_is_what_was_drafted(shared, tmp_path):
    draft = tmp_path / "draft.json"
    shared.cli("FRA", "prepare", write_record(tmp_path, "drafted"), "-o", draft)
    words = draft.read_text()
    draft.write_text(words.replace('"drafted"', '"altered"'))
    refused = shared.cli("FRA", "sign", draft, "-o", tmp_path / "never.json", expect=1)
    assert "record does not say what body says" in refused.stderr
    assert not (tmp_path / "never.json").exists()


def verify(shared, data, folder, act=None):
    path = folder / "some.receipt"
    path.write_bytes(data)
    return run(ASSENT, "verify", path, "--act", act or shared.act)


def failed_step(done):
    """The step that a refusal names."""
    assert done.returncode == 1, f"a changed receipt was accepted:\n{done.stdout}"
    named = [step for step in STEPS if f" {step}: " in done.stderr]
    assert named, f"no step is named: {done.stderr}"
    return min(named, key=lambda step: done.stderr.index(f" {step}: "))


def test_a_changed_receipt_is_refused_with_the_step(shared, new_cluster, tmp_path, say):
    path = tmp_path / "good.receipt"
    numbers = itertools.count()

    def has_all_parts():
        """A receipt that has a path, and a certificate of its own block."""
        filed = shared.json("IND", "file", write_record(tmp_path, f"receipt-{next(numbers)}"))
        shared.cli("IND", "receipt", filed["entries"][0]["index"], "-o", path)
        receipt = block.Receipt.FromString(path.read_bytes()[18:])
        return receipt.inclusion_proof and not receipt.descendants

    wait_until("a receipt with a path and without descendants", has_all_parts)
    good = path.read_bytes()
    assert verify(shared, good, tmp_path).returncode == 0
    first_line, message = good[:18], good[18:]
    assert first_line == b"assent receipt v1\n"

    def changed(change):
        receipt = block.Receipt.FromString(message)
        change(receipt)
        data = first_line + receipt.SerializeToString()
        assert data != good
        return failed_step(verify(shared, data, tmp_path))

    def flip(data, at):
        return data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]

    def set_entry(name, at):
        return lambda r: setattr(r.entry, name, flip(getattr(r.entry, name), at))

    say("a byte of each part is changed")
    assert failed_step(verify(shared, flip(good, 3), tmp_path)) == "file"
    assert failed_step(verify(shared, good[:-1], tmp_path)) == "file"
    assert failed_step(verify(shared, good + b"\0", tmp_path)) == "file"
    assert changed(set_entry("header", 5)) == "entry"  # the ledger id
    assert changed(set_entry("body", -1)) == "entry"
    assert changed(set_entry("salt", 0)) == "entry"
    assert changed(set_entry("signature", 7)) == "inclusion"
    assert changed(lambda r: setattr(r, "index", r.index + 10)) == "place"
    assert changed(lambda r: r.inclusion_proof.__setitem__(0, flip(r.inclusion_proof[0], 0))) == "inclusion"
    assert changed(lambda r: r.inclusion_proof.pop()) == "inclusion"
    assert changed(lambda r: setattr(r, "header", flip(r.header, 0))) == "block header"
    assert changed(lambda r: setattr(r, "header", flip(r.header, 120))) == "certificate"  # the root
    assert changed(lambda r: setattr(r, "certificate", flip(r.certificate, 60))) == "certificate"
    assert changed(lambda r: setattr(r, "certificate", flip(r.certificate, -1 + len(r.certificate)))) == "certificate"
    assert changed(lambda r: setattr(r, "certificate", b"")) == "certificate"
    assert changed(lambda r: r.descendants.append(r.header)) == "descendants"
    assert changed(lambda r: r.epochs.add(header=r.header)) == "voters"

    choose = random.Random(4)
    places = sorted(choose.sample(range(len(good)), 100))
    say(f"a bit of the whole file is changed, at {len(places)} of its {len(good)} bytes")
    steps = {}
    for at in places:
        step = failed_step(verify(shared, good[:at] + bytes([good[at] ^ 1 << choose.randrange(8)]) + good[at + 1:],
                                  tmp_path))
        steps[step] = steps.get(step, 0) + 1
    say(f"all are refused: {steps}")

    say("under another ledger's act it proves nothing")
    other = new_cluster(codes=("FRA",))
    assert failed_step(verify(shared, good, tmp_path, other.act)) == "entry"


def test_audits_say_what_they_could_see(shared, tmp_path, say):
    shared.json("JPN", "file", write_record(tmp_path, "public"), write_record(tmp_path, "members", "MEMBERS"))
    shared.wait_for_agreement()
    say("a member audits all of it")
    audit = shared.json("JPN", "audit")
    assert (audit["good"], audit["complete"], audit["bodies_hidden"]) == (True, True, 0)
    status = shared.json("JPN", "status")
    assert audit["tree_root"] == status["root"] and audit["entries"] == status["tree_size"]

    phases = shared.cli("JPN", "audit").stderr
    steps = ("asking the node at", "checking the signatures of its newest checkpoint", "fetching", "comparing")
    assert [line.startswith(step) for line, step in zip(phases.splitlines(), steps, strict=True)] == [True] * 4, phases

    say("somebody without a key does not see all bodies, and is told so")
    hidden = sum(1 for entry in shared["USA"].client(reader=None).entries() if not entry.entry.body)
    assert hidden > 0
    anonymous = ["--node", f"127.0.0.1:{shared['USA'].client_port}", "--act", shared.act, "--member", "USA"]
    done = run(ASSENT, "audit", *anonymous, env=at_home(tmp_path))
    assert done.returncode == 0, done.stderr
    assert f"not checked: {hidden} bodies are not shown" in done.stdout and "good: all that could be seen" in done.stdout
    seen = json.loads(run(ASSENT, "audit", "--json", *anonymous, env=at_home(tmp_path)).stdout)
    assert (seen["good"], seen["complete"], seen["bodies_hidden"]) == (True, False, hidden)
    assert seen["tree_root"] == audit["tree_root"]
    listed = json.loads(run(ASSENT, "list", "--json", *anonymous, env=at_home(tmp_path)).stdout)
    assert len(listed["entries"]) == status["tree_size"]
    assert "members" not in json.dumps(listed).replace('"MEMBERS"', "")


def test_a_node_with_another_key_or_another_ledger_is_not_trusted(shared, new_cluster, tmp_path):
    other = new_cluster(codes=("FRA", "IND", "JPN", "USA"))
    for command in ("status", "audit"):
        done = run(ASSENT, command, "--node", f"127.0.0.1:{shared['FRA'].client_port}", "--act", other.act,
                   "--timeout", "5", env=at_home(tmp_path))
        assert done.returncode == 1 and "is not one that is expected here" in done.stderr, command
    pinned = run(ASSENT, "status", "--node", f"127.0.0.1:{shared['FRA'].client_port}", "--act", shared.act,
                 "--member", "IND", "--timeout", "5", env=at_home(tmp_path))
    assert pinned.returncode == 1 and "is not one that is expected here" in pinned.stderr


def test_a_watch_gives_each_entry_once_and_in_order(shared, tmp_path, say):
    size = shared.wait_for_agreement().tree_size
    watch = subprocess.Popen([ASSENT, "watch", "--from-index", str(size), "--count", "4", "--json", "--config",
                              shared["USA"].folder / "assent.toml"], stdout=subprocess.PIPE, text=True)
    try:
        for number in range(4):
            shared.json("JPN", "file", write_record(tmp_path, f"watched-{number}"))
        out, _ = watch.communicate(timeout=60)
    finally:
        watch.kill()
        watch.wait()
    assert watch.returncode == 0
    assert [json.loads(line)["index"] for line in out.splitlines()] == list(range(size, size + 4))
    say("the watcher has seen all four, in order")


def test_a_watch_outlives_its_node(shared, tmp_path, say):
    size = shared.wait_for_agreement().tree_size
    node = shared["USA"]
    errors = tmp_path / "errors"
    with open(errors, "wb") as stderr:
        watch = subprocess.Popen([ASSENT, "watch", "--count", "2", "--json", "--config", node.folder / "assent.toml"],
                                 stdout=subprocess.PIPE, stderr=stderr, text=True,
                                 env={**os.environ, "GRPC_VERBOSITY": "INFO", "GRPC_TRACE": "http"})

    def wait_for_breaks(count):
        wait_until("the watch notices", lambda: errors.read_text().count("the connection broke") == count)

    try:
        wait_until("the watch to be asked for", lambda: ":path: /assent.v1.Ledger/WatchEntries" in errors.read_text())
        say("the node restarts before the watch has seen anything")
        node.stop()
        node.start()
        wait_for_breaks(1)
        shared.json("JPN", "file", write_record(tmp_path, "after-the-restart"))
        first = json.loads(watch.stdout.readline())
        say("it hangs: its machine answers, the node does not")
        node.process.send_signal(signal.SIGSTOP)
        try:
            wait_for_breaks(2)
        finally:
            node.process.send_signal(signal.SIGCONT)
        shared.json("JPN", "file", write_record(tmp_path, "after-the-hang"))
        out, _ = watch.communicate(timeout=60)
    finally:
        watch.kill()
        watch.wait()
    assert watch.returncode == 0
    assert (first["index"], json.loads(out)["index"]) == (size, size + 1)
    shared.wait_for_agreement()


def test_exit_codes(shared, tmp_path):
    folder = shared["FRA"].folder
    good = write_record(tmp_path, "exit-codes")
    done = shared.cli("FRA", "file", good)
    assert "final" in done.stdout
    twice = shared.cli("FRA", "file", good, expect=1)
    assert "refused: REFERENCE_TAKEN" in twice.stderr
    bad = tmp_path / "bad.toml"
    bad.write_text(good.read_text().replace("count", "cuont"))
    assert "cuont" in shared.cli("FRA", "file", bad, expect=1).stderr
    shared.cli("FRA", "show", 10 ** 9, expect=1)
    shared.cli("FRA", "receipt", "FRA/999", "-o", tmp_path / "none", expect=1)
    assert not (tmp_path / "none").exists()
    for arguments in ([], ["fly"], ["file"], ["verify"], ["show", "one", "two"], ["list", "--limit", "-1"]):
        assert run(ASSENT, *arguments, env=at_home(tmp_path)).returncode == 2, arguments
    assert run(ASSENT, "--help").returncode == 0

    (folder / "wrong").write_text("wrong\n")
    (folder / "wrong").chmod(0o600)
    refused = shared.cli("FRA", "file", write_record(tmp_path, "never"), "--passphrase-file", folder / "wrong",
                         expect=1)
    assert "wrong passphrase" in refused.stderr


@pytest.mark.parametrize("stopped", ["the author's node", "another"])
def test_filing_while_a_node_is_away(shared, tmp_path, stopped, say):
    away = shared["USA"]
    away.stop()
    try:
        record = write_record(tmp_path, "away-" + stopped.split()[0])
        if stopped == "another":
            assert shared.json("FRA", "file", record)["entries"][0]["final"]
        else:
            failed = shared.cli("USA", "file", record, "--timeout", "5", expect=1)
            assert str(away.client_port) in failed.stderr
            say("the state files at another state's node instead")
            node = f"127.0.0.1:{shared['FRA'].client_port}"
            filed = shared.json("USA", "file", record, "--node", node, "--member", "FRA")
            assert filed["entries"][0]["final"]
    finally:
        away.start()
    shared.wait_for_agreement()


def test_a_checkpoint_is_shown_to_continue_one_that_was_kept(shared, tmp_path, say):
    say("a checkpoint is kept, and something filed since")
    filed = shared.json("FRA", "file", write_record(tmp_path, "before"))["entries"][0]
    shared.wait_for_checkpoint(filed["index"] + 1)
    older = tmp_path / "older.note"
    older.write_text(shared.cli("FRA", "checkpoint").stdout)
    filed = shared.json("FRA", "file", write_record(tmp_path, "since"))["entries"][0]
    shared.wait_for_checkpoint(filed["index"] + 1)

    say("the node proves that the log has only grown, and anybody can check it offline")
    proof = tmp_path / "grown.consistency"
    fetched = shared.json("FRA", "consistency", older, "-o", proof)
    assert fetched["newer"]["tree_size"] > fetched["older"]["tree_size"]
    checked = json.loads(run(ASSENT, "verify", proof, "--act", shared.act, "--json").stdout)
    assert checked["older"] == fetched["older"] and checked["newer"] == fetched["newer"]

    say("not of a checkpoint that was changed, nor by a file that was")
    text = older.read_text()
    changed = tmp_path / "changed.note"
    changed.write_text(text.replace(text.split("\n")[1], str(fetched["older"]["tree_size"] - 1), 1))
    shared.cli("FRA", "consistency", changed, expect=1)
    bad = bytearray(proof.read_bytes())
    bad[-1] ^= 1
    proof.write_bytes(bytes(bad))
    refused = run(ASSENT, "verify", proof, "--act", shared.act)
    assert refused.returncode == 1 and "proves nothing" in refused.stderr
