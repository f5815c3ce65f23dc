"""docs/formats.md a second time, from the page and not from the code: hashes, keys, entries and the founding act.

Nothing here is shared with the nodes and the client, so a test that uses it shows that the page says enough.
"""

import base64
import dataclasses
import hashlib
import os
import struct

import nacl.pwhash
import nacl.secret
import nacl.signing
import nacl.utils

ZERO_HASH = bytes(32)
KEY_NAMES = ("authority", "vote", "checkpoint", "transport", "reader")


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def sign(key, tag, statement):
    return key.sign(tag + b"\0" + statement).signature


# --- Entries --------------------------------------------------------------------------------------


def varint(value):
    value &= (1 << 64) - 1
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def entry_header(ledger_id, author, sequence, previous, key_id, not_after_us, commitment):
    header = b"\x0a" + varint(len(ledger_id)) + ledger_id
    header += b"\x12" + varint(len(author)) + author.encode()
    header += b"\x18" + varint(sequence)
    header += b"\x22" + varint(len(previous)) + previous
    header += b"\x2a" + varint(len(key_id)) + key_id
    header += b"\x30" + varint(not_after_us)
    return header + b"\x3a" + varint(len(commitment)) + commitment


def body_commitment(salt, body):
    return sha256(b"\x02", salt, body)


def leaf_data(header, signature):
    return struct.pack(">I", len(header)) + header + signature


def leaf_hash(header, signature):
    return sha256(b"\x00", leaf_data(header, signature))


class SignedEntry:
    """An entry, signed. Each part can be given, to make one that is wrong."""

    def __init__(self, ledger_id, author, key, sequence, previous, not_after_us, body, *, header=None, salt=None):
        self.author = author
        self.sequence = sequence
        self.body = body
        self.salt = salt or os.urandom(32)
        key_id = sha256(bytes(key.verify_key))
        self.header = header
        if header is None:
            self.header = entry_header(ledger_id, author, sequence, previous, key_id, not_after_us,
                                       body_commitment(self.salt, body))
        self.signature = sign(key, b"assent/entry/v1", self.header)

    @property
    def leaf_hash(self):
        return leaf_hash(self.header, self.signature)


# --- The Merkle tree of RFC 6962 ------------------------------------------------------------------


def tree_root(leaf_hashes):
    if not leaf_hashes:
        return sha256()
    if len(leaf_hashes) == 1:
        return leaf_hashes[0]
    split = 1
    while split * 2 < len(leaf_hashes):
        split *= 2
    return sha256(b"\x01", tree_root(leaf_hashes[:split]), tree_root(leaf_hashes[split:]))


# --- Blocks ---------------------------------------------------------------------------------------


@dataclasses.dataclass
class BlockHeader:
    """Of a block that is no TAIL block and closes nothing."""
    ledger_id: bytes
    epoch: int
    view: int
    height: int
    parent: bytes
    time_us: int
    first_index: int
    tree_size: int
    tree_root: bytes
    hashes: bytes  # state digest, author heads root, voters hash, members hash

    FORMAT = ">BB32sQQQ32sqQQ32s128s"

    @classmethod
    def parse(cls, data):
        version, _, *fields = struct.unpack(cls.FORMAT, data)
        assert version == 1
        return cls(*fields)

    def encode(self):
        return struct.pack(self.FORMAT, 1, 1, *dataclasses.astuple(self))


def block_hash(header):
    return sha256(b"\x03", header)


# --- Keys -----------------------------------------------------------------------------------------


def _node_key(seed, number):
    derived = hashlib.blake2b(digest_size=32, key=seed, salt=struct.pack("<Q", number) + bytes(8),
                              person=b"asntnode" + bytes(8)).digest()
    return nacl.signing.SigningKey(derived)


def node_keys(seed):
    return {name: _node_key(seed, number) for number, name in enumerate(("vote", "checkpoint", "transport"), 1)}


class State:
    """A founder: its code, name and keys."""

    def __init__(self, code, name, authority=None, reader=None):
        self.code = code
        self.name = name
        self.passphrase = f"passphrase of {code}"
        self.node_seed = os.urandom(32)
        self.keys = {
            "authority": authority or nacl.signing.SigningKey.generate(),
            **node_keys(self.node_seed),
            "reader": reader or nacl.signing.SigningKey.generate(),
        }

    def public(self, name):
        return bytes(self.keys[name].verify_key)


def plain_key_file(purpose, public, seed):
    return f"assent key v1\npurpose: {purpose}\npublic key: {public.hex()}\nseed: {seed.hex()}\n"


def sealed_key_file(key, passphrase, operations=1, memory=64 * 1024, purpose="authority"):
    """The file of an authority or a releaser's key. Cheap to open, so that a test can sign often; the format allows it."""
    salt, nonce = os.urandom(16), os.urandom(24)
    sealing = nacl.pwhash.argon2id.kdf(32, passphrase.encode(), salt, opslimit=operations, memlimit=memory)
    box = nacl.secret.SecretBox(sealing).encrypt(bytes(key), nonce).ciphertext
    return (f"assent key v1\npurpose: {purpose}\npublic key: {bytes(key.verify_key).hex()}\nkdf: argon2id\n"
            f"operations: {operations}\nmemory: {memory}\nsalt: {salt.hex()}\nnonce: {nonce.hex()}\n"
            f"box: {box.hex()}\n")


def access_token(ledger_id, node_key, reader, until_us):
    """By `reader`, for the node with this transport key."""
    until = struct.pack(">Q", until_us)
    signature = sign(reader, b"assent/access/v1", ledger_id + node_key + until)
    token = b"\x01" + bytes(reader.verify_key) + until + signature
    return base64.urlsafe_b64encode(token).decode()


# --- Founding act ---------------------------------------------------------------------------------


CLASSES = ("BM_SHORT, ballistic missile: Short-range ballistic missile",
           "SLV_MEDIUM, space launch: Medium space launch vehicle")


def act_text(origin, founded, states, endpoints, code, heartbeat_s=60, skew_s=10, signature_period_s=15552000,
             comment_period_s=5184000, entries_per_day=1000000, classes=CLASSES):
    lines = [
        "FOUNDING ACT OF AN ASSENT LEDGER, FORMAT 1", "",
        f"origin: {origin}", f"founded: {founded}", "",
        "PARAMETERS", "",
        "notification lead, seconds: 86400",
        "report due, seconds: 172800",
        f"comment period, seconds: {comment_period_s}",
        f"signature period, seconds: {signature_period_s}",
        f"heartbeat, seconds: {heartbeat_s}",
        f"largest clock skew, seconds: {skew_s}",
        f"entries per author and day: {entries_per_day}", "",
        "LAUNCH CLASSES", "", *classes, "",
        "REVISION 0 OF THE CODE", "",
        "title: Code of Conduct",
    ]
    lines += ["| " + line if line else "|" for line in code.splitlines()]
    lines.append("")
    for state in states:
        lines += [f"FOUNDER {state.code}", "", f"name: {state.name}"]
        lines += [f"{name} key: {state.public(name).hex()}" for name in KEY_NAMES]
        lines += [f"peer endpoint: {endpoints[state.code]}", ""]
    return "\n".join(lines) + "\n"


def signed_act(text, states):
    ledger_id = sha256(text.encode())
    lines = ["-- signatures --"]
    for state in states:
        code = state.code.encode()
        for name in KEY_NAMES:
            if name == "authority":
                signature = sign(state.keys[name], b"assent/act/v1", ledger_id)
            else:
                statement = ledger_id + bytes([len(code)]) + code + name.encode()
                signature = sign(state.keys[name], b"assent/possession/v1", statement)
            lines.append(f"{state.code} {name} {base64.b64encode(signature).decode()}")
    return text + "\n".join(lines) + "\n", ledger_id
