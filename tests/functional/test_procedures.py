"""Procedures of docs/operate.md that no other test runs, each by the commands that stand there."""

import json
import subprocess

import ledger_format as lf
from client import DAY_US, Author, file_one, notification, now_us
from clocks import DAY_S, Clock
from cluster import ASSENT, ASSENT_NODE, BUILD, PATIENCE_S, Cluster, free_ports, run, wait_until
from steps import await_epoch, endorse, file_node_keys, write_record

EDIT = BUILD / "tests/functional/edit-database"
METADATA = "default"  # as RocksDB calls its first family
FORMAT_KEY = b"format".hex()


def done(*command, **options):
    finished = run(*command, timeout=180, **options)
    assert finished.returncode == 0, f"{command}: {finished.stdout}{finished.stderr}"
    return finished.stdout


def checked(config, peers):
    """What `assent-node check` finds, once that is no fault and so many peers: on a busy machine they may be late."""
    def found():
        finished = run(ASSENT_NODE, "check", "--config", config, "--json", timeout=180)
        assert finished.returncode in (0, 1), finished.stderr
        answer = json.loads(finished.stdout)
        reached = sum(one["check"].startswith("peer ") and one["outcome"] == "good" for one in answer["checks"])
        return answer["good"] and reached == peers and answer

    return wait_until(f"no fault with {config}", found)


def test_founding_ceremony_and_first_start(tmp_path, say):
    """Two founders, each with a copy of the act on a machine of its own."""
    ports = dict(zip(("FRA", "IND"), zip(free_ports(2), free_ports(2))))
    folders = {code: tmp_path / code for code in ports}
    (tmp_path / "code.txt").write_text("1. States announce their launches.\n")
    for code, folder in folders.items():
        folder.mkdir(mode=0o700)
        (folder / "pass").touch(mode=0o600)
        (folder / "pass").write_text(f"the passphrase of {code}, which is long\n")
        done(ASSENT, "keygen", "authority", "-o", folder / "authority.key", "--passphrase-file", folder / "pass")
        done(ASSENT, "keygen", "node", "-o", folder / "node.seed")
        done(ASSENT, "keygen", "reader", "-o", folder / "reader.key")
    say("each has made its keys; FRA begins the act, adds both from what they have made public, and passes it on")
    act = folders["FRA"] / "act.txt"
    done(ASSENT, "found", "new", "--origin", "ceremony.example/assent", "--title", "Code of Conduct", "--text",
         tmp_path / "code.txt", "-o", act)
    for code, folder in folders.items():
        done(ASSENT, "found", "add", act, "--code", code, "--name", f"State of {code}", "--authority-key",
             folder / "authority.key.pub", "--node", folder / "node.seed.pub", "--reader", folder / "reader.key.pub",
             "--endpoint", f"127.0.0.1:{ports[code][0]}")
    theirs = folders["IND"] / "act.txt"
    theirs.write_bytes(act.read_bytes())

    say("each signs its copy, with each key where that key is; the copies are merged")
    for code, folder in folders.items():
        done(ASSENT, "found", "sign", folder / "act.txt", "--code", code, "--authority", folder / "authority.key",
             "--passphrase-file", folder / "pass")
        done(ASSENT, "found", "sign", folder / "act.txt", "--code", code, "--node-seed", folder / "node.seed",
             "--reader", folder / "reader.key")
    assert run(ASSENT, "found", "check", act).returncode == 1
    done(ASSENT, "found", "merge", act, theirs)
    act_checked = done(ASSENT, "found", "check", act)
    theirs.write_bytes(act.read_bytes())

    say("both nodes: init, check, run")
    nodes = []
    try:
        for code, folder in folders.items():
            config = folder / "node.toml"
            config.write_text(f'data_dir = "data"\nact = "act.txt"\nseed_file = "node.seed"\n'
                              f'peer.listen = "127.0.0.1:{ports[code][0]}"\n'
                              f'client.listen = "127.0.0.1:{ports[code][1]}"\nadmin.socket = "admin.sock"\n')
            done(ASSENT_NODE, "init", "--config", config, "--new-seed")
            assert "\nready: " in done(ASSENT_NODE, "check", "--config", config, "--no-peers")
        nodes = [Process(folder) for folder in folders.values()]
        for code, folder in folders.items():
            wait_until(f"the node of {code} to serve", (folder / "admin.sock").exists)
        for code, folder in folders.items():
            found = checked(folder / "node.toml", peers=1)
            assert found["ledger"] in act_checked and found["member"] == code
    finally:
        codes = [node.end() for node in nodes]
    assert codes == [0, 0]


class Process:
    """A node that no cluster has made."""

    def __init__(self, folder):
        self.log = open(folder / "node.log", "ab")
        self.process = subprocess.Popen([ASSENT_NODE, "run", "--config", folder / "node.toml"], stdout=self.log,
                                        stderr=self.log, stdin=subprocess.DEVNULL)

    def end(self):
        self.process.terminate()
        try:
            return self.process.wait(PATIENCE_S)
        finally:
            self.process.kill()
            self.log.close()


def test_upgrade_one_node_after_the_other(new_cluster, say):
    """Stop, replace the program, check, start; the ledger goes on meanwhile."""
    cluster = new_cluster(heartbeat_s=40)
    filed = 0
    for node in cluster:
        code = node.code
        other = next(other for other in cluster if other.code != code)
        assert node.stop()[0] == 0
        file_one(other.client(), Author(cluster, other.code).follow(other.client()))
        filed += 1
        checked(node.config, peers=3)
        node.start()
        wait_until(f"{code} to vote with all that was filed", lambda code=code, size=filed: (
            lambda status: status["mode"] == "VOTING" and int(status["ledger"]["tree_size"]) >= size)(
                cluster.operator_status(code)))
    say(f"four nodes were replaced, and {filed} entries filed meanwhile")
    cluster.wait_for_agreement(at_least=filed)


def test_the_building_is_lost(new_cluster, say, tmp_path):
    """What is left is the authority key, which was kept elsewhere, and what others have: the act, and the ledger."""
    cluster = new_cluster(heartbeat_s=40)
    lost, helper = cluster["FRA"], cluster["IND"]
    file_one(lost.client(), Author(cluster, "FRA"))
    cluster.wait_for_agreement(at_least=1)
    lost.kill()
    lost.wipe()
    for name in ("node.seed", "reader.key"):
        (lost.folder / name).unlink()
    say("the node of FRA is gone, with its data, its seed and the reader key")

    renewed = lf.State("FRA", "renewed")
    lost._secret("node.seed", lf.plain_key_file("node", renewed.public("vote"), renewed.node_seed))
    reader = renewed.keys["reader"]
    lost._secret("reader.key", lf.plain_key_file("reader", bytes(reader.verify_key), bytes(reader)))
    client = lost.folder / "assent.toml"
    own = client.read_text()
    through = own.replace(f":{lost.client_port}", f":{helper.client_port}").replace('member = "FRA"', 'member = "IND"')
    client.write_text("".join(line for line in through.splitlines(True) if not line.startswith("reader")))

    say("through the node of IND it files the keys of a new seed, and a new reader key")
    epoch = cluster.operator_status("IND")["ledger"]["epoch"]
    port = free_ports(1)[0]
    file_node_keys(cluster, "FRA", "node.seed", f"127.0.0.1:{port}")
    await_epoch(cluster, epoch + 1)
    proof = done(ASSENT, "key", "prove", lost.folder / "reader.key", "--act", cluster.act, "--code", "FRA")
    update = tmp_path / "reader.toml"
    update.write_text(f'type = "ContactUpdate"\nvisibility = "PUBLIC"\n{proof}')
    cluster.cli("FRA", "file", update)

    say("a new machine: the act from another member, the new seed, an empty folder")
    lost.config.write_text('member = "FRA"\n' + lost.config.read_text().replace(f":{lost.peer_port}", f":{port}"))
    lost.peer_port = port
    for name in ("vote", "checkpoint", "transport", "reader"):
        lost.state.keys[name] = renewed.keys[name]
    client.write_text(own + f'node_key = "{renewed.public("transport").hex()}"\n')
    lost.init("--new-seed")
    lost.start()
    wait_until("FRA to vote again", lambda: cluster.operator_status("FRA")["mode"] == "VOTING")
    filed = file_one(lost.client(), Author(cluster, "FRA").follow(lost.client()))[1].index
    cluster.wait_for_agreement(at_least=filed + 1)
    checked(lost.config, peers=3)


def test_the_authority_key_is_lost_with_all_releasers_keys(new_cluster, say, tmp_path):
    """The members agree to a new one, which takes force 30 days later, without releasers. Of those days, time that the
    ledger stands still counts for two heartbeats at most."""
    clock = Clock(tmp_path / "clock")
    cluster = new_cluster(before=clock.give, heartbeat_s=DAY_S)
    fra = cluster["FRA"].folder
    key_of_act = ("--act", cluster.act, "--code", "FRA")

    def make(purpose, name):
        passphrase = fra / f"{name}.pass"
        passphrase.touch(mode=0o600)
        passphrase.write_text(f"the passphrase of {name}, which is long\n")
        done(ASSENT, "keygen", purpose, "-o", fra / name, "--passphrase-file", passphrase)
        more = ("--name", "Head of Division") if purpose == "releaser" else ()
        return done(ASSENT, "key", "prove", fra / name, "--passphrase-file", passphrase, *more, *key_of_act)

    def member():
        return next(one for one in cluster.json("IND", "members")["members"] if one["code"] == "FRA")

    cluster.file("FRA", "file", cluster.write("releasers.toml", 'type = "Releasers"\nvisibility = "PUBLIC"\n'
                                              + make("releaser", "head.key")))
    assert [one["name"] for one in member()["releasers"]] == ["Head of Division"]
    for name in ("authority.key", "passphrase", "head.key", "head.key.pass"):
        (fra / name).unlink()
    say("FRA has lost its authority key and that of its only releaser; it makes a new one, and IND asks the members")
    proof = make("authority", "authority-2.key")
    question = cluster.file("IND", "file", cluster.write("replacement.toml", (
        f'type = "AuthorityKeyReplacement"\nvisibility = "PUBLIC"\nmember = "FRA"\nreason = "Lost in a fire."\n{proof}')))
    endorse(cluster, ("JPN", "USA"), question)
    settings = fra / "assent.toml"
    settings.write_text(settings.read_text().replace("authority.key", "authority-2.key")
                        .replace("/passphrase", "/authority-2.key.pass"))
    notice = write_record(fra / "notice.json", "Exemption", kind="SPACE_LAUNCH", until="2090-01-01T00:00:00Z",
                          text="None is notified.", **{"from": "2089-01-01T00:00:00Z"})
    early = cluster.cli("FRA", "file", notice, expect=None)
    assert early.returncode != 0 and not member().get("endorsed_key"), early.stdout

    client = cluster["IND"].client()
    author = Author(cluster, "IND").follow(client)
    days = 0
    while not member().get("endorsed_key"):
        assert days <= 32, "it does not take force"
        clock.go_on(2 * DAY_S)
        days += 2
        entry = author.keep(author.prepare(notification(), not_after_us=now_us() + 60 * DAY_US))
        client.submit(entry, timeout=PATIENCE_S)
    assert days >= 30
    say(f"{days} days later it has taken force, and nobody has to release any more")
    assert not member()["releasers"]
    later = clock.environment()
    filed = json.loads(done(ASSENT, "file", notice, "--config", settings, "--json", env=later, cwd=fra))
    index = filed["entries"][0]["index"]
    cluster.wait_for_agreement(at_least=int(index) + 1)
    say("FRA files alone, and names releasers anew")
    record = cluster.write("again.toml", 'type = "Releasers"\nvisibility = "PUBLIC"\n' + make("releaser", "other.key"))
    done(ASSENT, "file", record, "--config", settings, env=later, cwd=fra)
    wait_until("the new releaser", lambda: member()["releasers"])
    cluster.cli("IND", "audit")


def test_a_downgrade_is_refused(tmp_path):
    """The data of a newer program, which has another format version."""
    node = Cluster(tmp_path / "ledger")["FRA"]
    node.init("--new-seed")
    database = node.folder / "data/ledger"
    assert FORMAT_KEY in done(EDIT, database, "list", METADATA).split()
    # The version is a number of four bytes, the highest first: 1 becomes 257.
    done(EDIT, database, "flip", METADATA, FORMAT_KEY, "2")
    says = f"the database in {database} has format version 257, this program reads version 1"
    for command in ("run", "fsck"):
        refused = run(ASSENT_NODE, command, "--config", node.config)
        assert refused.returncode == 1 and refused.stderr.strip() == f"assent-node: {says}", refused.stderr
    refused = run(ASSENT_NODE, "check", "--config", node.config, "--no-peers")
    assert refused.returncode == 1 and says in refused.stdout
