"""A state whose authority key is in a PKCS#11 token (SoftHSM): it founds a ledger, files, amends, signs a revision; and
another rotates its key from a sealed file into a token. What goes wrong with a token is said so that one can act."""

import datetime
import pathlib

import nacl.signing
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

import ledger_format as lf
from client import Author, now_us
from cluster import ASSENT, Cluster, run
from protos import entry as entry_pb
from protos import membership
from steps import from_now, lodge_note, write_record

LIBRARY = pathlib.Path("/usr/lib/softhsm/libsofthsm2.so")
OBJECT = "authority"
DAY_S = 86_400
TEXT = "1. States announce their launches three days before.\n"
WRONG_PIN = "0000-wrong"


class Token:
    """One SoftHSM token with a PIN of its own."""

    def __init__(self, folder, label):
        self.label = label
        self.pin = f"pin of {label}"
        self.pin_file = folder / f"{label}.pin"
        self.pin_file.touch(mode=0o600)
        self.pin_file.write_text(self.pin + "\n")
        self._util("--init-token", "--free", "--label", label, "--so-pin", "security officer", "--pin", self.pin)

    def _util(self, *arguments):
        done = run("softhsm2-util", *arguments)
        assert done.returncode == 0, done.stdout + done.stderr

    def uri(self, name=OBJECT, pin_file=None, library=LIBRARY):
        return (f"pkcs11:token={self.label};object={name}?module-path={library}"
                f"&pin-source=file:{pin_file or self.pin_file}")

    def make_key(self, output):
        """Makes the authority key in it. Returns its public half, as the file that is passed on has it."""
        made = run(ASSENT, "keygen", "authority", "--token", self.uri(), "-o", output)
        assert made.returncode == 0, made.stderr
        key = (output.parent / f"{output.name}.pub").read_text().split("public key: ")[1].strip()
        assert key in made.stdout and self.pin not in made.stdout + made.stderr
        return bytes.fromhex(key)

    def import_key(self, folder, key, name):
        """Puts a key that was made elsewhere into it."""
        pem = folder / f"{name}.pem"
        pem.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                          serialization.NoEncryption()))
        self._util("--import", pem, "--token", self.label, "--label", name, "--id", name.encode().hex(), "--pin",
                   self.pin)


class TokenState(lf.State):
    """A founder of which the test does not have the authority key: a token has it."""

    def __init__(self, code, key):
        super().__init__(code, f"State of {code}")
        self.token_key = key

    def public(self, name):
        return self.token_key if name == "authority" else super().public(name)


@pytest.fixture
def new_token(tmp_path, monkeypatch):
    assert LIBRARY.exists(), "SoftHSM is missing: run deploy/install-dependencies"
    store = tmp_path / "softhsm"
    store.mkdir()
    config = tmp_path / "softhsm.conf"
    config.write_text(f"directories.tokendir = {store}\nobjectstore.backend = file\nlog.level = ERROR\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(config))
    # SoftHSM does not give back the name of a key's curve, which the leak sanitizer would put down to us.
    monkeypatch.setenv("LSAN_OPTIONS", "detect_leaks=0")
    return lambda label: Token(tmp_path, label)


def use_token(node, token):
    """From here on the state's commands sign by its token, and its sealed key stays away."""
    config = node.folder / "assent.toml"
    kept = [line for line in config.read_text().splitlines() if not line.startswith(("authority", "passphrase_file"))]
    config.write_text("\n".join([*kept, f'authority = "{token.uri()}"', ""]))
    for name in ("authority.key", "passphrase"):
        (node.folder / name).rename(node.folder / f"away-{name}")


def found(folder, token_state, token, say):
    """A cluster whose founding act one state has signed by its token."""
    others = [lf.State(other, f"State of {other}") for other in ("IND", "JPN", "USA")]
    cluster = Cluster(folder, states=[token_state, *others])
    code = token_state.code
    lines = [line for line in cluster.act.read_text().splitlines() if not line.startswith(f"{code} authority ")]
    cluster.act.write_text("\n".join(lines) + "\n")
    assert run(ASSENT, "found", "check", cluster.act).returncode == 1, "a signature is missing"
    sign = ("found", "sign", cluster.act, "--code", code, "--authority")
    wrong = folder / "wrong.pin"
    wrong.touch(mode=0o600)
    wrong.write_text(WRONG_PIN)
    say("the act is not signed by a wrong PIN")
    refused = run(ASSENT, *sign, token.uri(pin_file=wrong))
    assert refused.returncode == 1 and f'wrong PIN for token "{token.label}"' in refused.stderr, refused.stderr
    assert WRONG_PIN not in refused.stderr
    signed = run(ASSENT, *sign, token.uri())
    assert signed.returncode == 0, signed.stderr
    checked = run(ASSENT, "found", "check", cluster.act)
    assert checked.returncode == 0, checked.stderr
    use_token(cluster[code], token)
    return cluster


def launch(path, count=1, **fields):
    return write_record(path, "LaunchNotification", "PUBLIC", reference="L-1", kind="SPACE_LAUNCH",
                        class_id="SLV_MEDIUM", window_start=from_now(3 * DAY_S), window_end=from_now(4 * DAY_S),
                        area={"sea_area": "Barents Sea"}, direction={"compass_point": "NNE"}, count=count, **fields)


def test_a_state_acts_by_its_token(new_token, tmp_path, say):
    say("FRA makes its key in a token; nobody makes another in its place, and all may see its public half")
    token = new_token("FRA")
    key = token.make_key(tmp_path / "fra-authority")
    again = run(ASSENT, "keygen", "authority", "--token", token.uri(), "-o", tmp_path / "again")
    assert again.returncode == 1 and "no key was made" in again.stderr, again.stderr
    # Debian's package makes the library known to p11-kit.
    shown = run(ASSENT, "key", "show", f"pkcs11:token=FRA;object={OBJECT}")
    assert key.hex() in shown.stdout, shown.stderr

    say("FRA founds a ledger with three others")
    cluster = found(tmp_path / "ledger", TokenState("FRA", key), token, say)
    try:
        cluster.start()
        everything(cluster, new_token, tmp_path, say)
    finally:
        cluster.close()


def everything(cluster, new_token, tmp_path, say):
    fra, ind = cluster["FRA"], cluster["IND"]

    say("FRA files a notification, and amends it in three steps")
    receipts = [tmp_path / "first.receipt", tmp_path / "second.receipt"]
    filed = cluster.json("FRA", "file", launch(fra.folder / "launch.json"), "--receipt", receipts[0])
    first = filed["entries"][0]["index"]
    amendment = launch(fra.folder / "amendment.json", supersedes=first, count=2)
    cluster.cli("FRA", "prepare", amendment, "-o", "a.draft.json")
    cluster.cli("FRA", "sign", "a.draft.json", "-o", "a.entries.json")
    amended = cluster.json("FRA", "submit", "a.entries.json", "--receipt", receipts[1])["entries"][0]["index"]
    assert f"current, amended from {first}" in cluster.cli("FRA", "show", amended).stdout

    say("the revision of all four is final by the token's signature")
    text = cluster.write("text.txt", TEXT)
    round_id = cluster.file("IND", "revision", "open", "--text", text, "--title", "Three days")
    cluster.file_each(["IND", "JPN", "USA"], "revision", "sign", round_id, "--text", text)
    cluster.file("FRA", "revision", "sign", round_id, "--text", text)
    instrument = tmp_path / "revision.instrument"
    cluster.json("FRA", "revision", "instrument", round_id, "-o", instrument)

    say("IND rotates its key from a sealed file into a token, and the old key is worth nothing")
    token = new_token("IND")
    token.make_key(ind.folder / "authority-2")
    proof = run(ASSENT, "key", "prove", token.uri(), "--act", cluster.act, "--code", "IND")
    assert proof.returncode == 0, proof.stderr
    rotation = ind.folder / "rotation.toml"
    rotation.write_text(f'type = "AuthorityKeyRotation"\nvisibility = "PUBLIC"\n{proof.stdout}')
    cluster.file("IND", "file", rotation)
    client = ind.client()
    endorsement = entry_pb.Body(visibility=entry_pb.PUBLIC, issued_at_us=now_us(),
                                endorsement=membership.Endorsement(question=0))
    refused = client.refused(Author(cluster, "IND").follow(client).prepare(endorsement))
    assert refused == ("FAILED_PRECONDITION", "KEY_NOT_IN_FORCE"), refused
    use_token(ind, token)
    receipts.append(tmp_path / "third.receipt")
    cluster.json("IND", "file", launch(ind.folder / "launch.json"), "--receipt", receipts[2])

    say("SWE subscribes by a note that its token has signed")
    token = new_token("SWE")
    swe = cluster.add(TokenState("SWE", token.make_key(tmp_path / "swe")), through="JPN")
    use_token(swe, token)
    lodge_note(cluster, "SWE", "JPN")

    say("all of it is good offline, and to an audit")
    for path in (*receipts, instrument):
        good = run(ASSENT, "verify", path, "--act", cluster.act)
        assert good.returncode == 0, good.stdout + good.stderr
    audit = cluster.json("JPN", "audit")
    assert (audit["good"], audit["complete"]) == (True, True)


def test_what_is_wrong_with_a_token_is_said(new_token, tmp_path, say):
    token = new_token("FRA")
    act = tmp_path / "act.txt"
    state = lf.State("FRA", "State of FRA")
    founded = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    text = lf.act_text("functional.example/assent", founded, [state], {"FRA": "127.0.0.1:7401"}, "1. One.\n")
    act.write_text(lf.signed_act(text, [state])[0])

    def prove(uri):
        return run(ASSENT, "key", "prove", uri, "--act", act, "--code", "FRA", cwd=tmp_path)

    def fault(uri):
        done = prove(uri)
        assert done.returncode == 1 and not done.stdout, (uri, done)
        return done.stderr

    say("a key that was made elsewhere and imported signs what other software verifies")
    key = ed25519.Ed25519PrivateKey.generate()
    token.import_key(tmp_path, key, "imported")
    lines = dict(line.split(" = ") for line in prove(token.uri("imported")).stdout.splitlines())
    public = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    assert lines["new_key"].strip('"') == public.hex()
    statement = lf.sha256(text.encode()) + b"\x03FRA" + b"authority"
    nacl.signing.VerifyKey(public).verify(b"assent/possession/v1\0" + statement,
                                          bytes.fromhex(lines["possession"].strip('"')))

    say("what cannot be used is named")
    token.import_key(tmp_path, rsa.generate_private_key(65537, 2048), "rsa")
    assert "is an RSA key: an Ed25519 key is needed" in fault(token.uri("rsa"))
    assert 'there is no private key pkcs11:token=FRA;object=none' in fault(token.uri("none"))
    other = fault(token.uri().replace("token=FRA", "token=IND"))
    assert 'no token matches the URI; there are "FRA"' in other, other
    assert "the PKCS#11 library /no/such.so cannot be used" in fault(token.uri(library="/no/such.so"))
    token.pin_file.chmod(0o640)
    assert "chmod 600" in fault(token.uri())
    inline = fault(f"pkcs11:token=FRA;object=imported?module-path={LIBRARY}&pin-value=24680")
    assert "holds a PIN" in inline and "24680" not in inline
