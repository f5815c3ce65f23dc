"""Checkpoints and proofs pass the verifier of another world: golang.org/x/mod/sumdb, which knows nothing of Assent."""

import base64

import pytest

from cluster import run
from client import Author, file_one

QUORUM = 3


@pytest.fixture(scope="module")
def ledger(shared):
    """A ledger with some entries, and a checkpoint of all of them."""
    client = shared["FRA"].client()
    author = Author(shared, "FRA")
    for _ in range(7):
        file_one(client, author)
    shared.wait_for_agreement(at_least=7)
    shared.wait_for_checkpoint(7)
    return shared


def flipped(path, at):
    data = bytearray(path.read_bytes())
    # The low bits of the base64 digit before "=" say nothing, and stock verifiers do not look at them.
    data[at] ^= 8 if data[at + 1 : at + 2] == b"=" else 1
    changed = path.with_suffix(".changed")
    changed.write_bytes(bytes(data))
    return changed


def test_a_checkpoint_is_a_signed_note(ledger, verifier, tmp_path, say):
    keys, note = tmp_path / "vkeys", tmp_path / "note"
    keys.write_text(ledger.cli("FRA", "members", "--vkeys").stdout)
    note.write_text(ledger.cli("IND", "checkpoint").stdout)
    done = run(verifier, "-vkeys", keys, "-quorum", QUORUM, "-note", note)
    assert done.returncode == 0, done.stderr
    say(f"Go: {done.stdout.strip()}")
    root = ledger["JPN"].client().status().root
    assert f"functional.example/assent size 7 root {root.hex()} " in done.stdout

    say("no byte of it can be changed")
    for at in range(note.stat().st_size):
        done = run(verifier, "-vkeys", keys, "-quorum", QUORUM, "-note", flipped(note, at))
        assert done.returncode == 1, f"byte {at}: {done.stdout}"

    say("with the keys of two of the signers it is not enough")
    signed = note.read_text().splitlines()[4:]
    ids = [base64.b64decode(line.split(" ")[2])[:4].hex() for line in signed]
    two = [line for line in keys.read_text().splitlines() if line.split("+")[1] in ids][:2]
    keys.write_text("\n".join(two) + "\n")
    done = run(verifier, "-vkeys", keys, "-quorum", QUORUM, "-note", note)
    assert done.returncode == 1 and "2 signatures are good" in done.stderr


def test_an_entry_is_proved_under_a_checkpoint(ledger, verifier, tmp_path, say):
    keys = tmp_path / "vkeys"
    keys.write_text(ledger.cli("FRA", "members", "--vkeys").stdout)
    for index in range(7):
        proof, leaf = tmp_path / f"{index}.tlog", tmp_path / f"{index}.leaf"
        ledger.cli("USA", "receipt", index, "-o", tmp_path / f"{index}.receipt", "--tlog-proof", proof, "--leaf", leaf)
        done = run(verifier, "-vkeys", keys, "-quorum", QUORUM, "-proof", proof, "-leaf", leaf)
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith(f"entry {index} of functional.example/assent size 7 ")
    say("Go has verified each entry of the ledger")

    other = tmp_path / "5.leaf"
    assert run(verifier, "-vkeys", keys, "-quorum", QUORUM, "-proof", proof, "-leaf", other).returncode == 1
    say("no byte of proof or leaf can be changed")
    for at in range(0, proof.stat().st_size, 3):
        done = run(verifier, "-vkeys", keys, "-quorum", QUORUM, "-proof", flipped(proof, at), "-leaf", leaf)
        assert done.returncode == 1, f"byte {at} of the proof: {done.stdout}"
    for at in range(0, leaf.stat().st_size, 3):
        done = run(verifier, "-vkeys", keys, "-quorum", QUORUM, "-proof", proof, "-leaf", flipped(leaf, at))
        assert done.returncode == 1, f"byte {at} of the leaf: {done.stdout}"
