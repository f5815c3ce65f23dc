"""A mirror copies a ledger from nodes that need not know it, checks all that it stores, and serves it like they do. It
gets no body that its key may not see, and believes no source."""

import concurrent.futures
import contextlib
import json
import os

import grpc
import pytest

from client import CALL_TIMEOUT_S, Author, Client, file_one, notification, refusal_of, self_signed
from cluster import ASSENT, ASSENT_NODE, PATIENCE_S, Cluster, free_ports, run, wait_until
from mirrors import Mirror, accreditation
from protos import entry as entry_pb
from protos import ledger, ledger_grpc
from steps import file_record

MARKER = "marker" + os.urandom(12).hex()
PUBLIC = 5  # entries before the first that is for members only
AHEAD = 1_000  # a liar claims so many blocks more, so that it is asked first


def members_only(reference):
    body = notification(reference=reference)
    body.visibility = entry_pb.MEMBERS
    return body


class World:
    """A ledger of four, a mirror of it, and a mirror of that mirror."""

    def __init__(self, cluster):
        self.cluster = cluster
        self.source = cluster["FRA"]
        self.author = Author(cluster, "FRA")
        self.mirror = self.add(Mirror(cluster, "MIRROR", list(cluster)))
        self.second = self.add(Mirror(cluster, "SECOND", [self.mirror]))

    @staticmethod
    def add(mirror):
        mirror.write_files()
        mirror.init()
        mirror.start()
        return mirror

    def file(self, body=None):
        return file_one(self.source.client(), self.author, body)

    def status(self, mirror):
        done = run(ASSENT, "status", "--json", "--admin", mirror.admin_socket)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def wait_until_same(self, mirror, seconds=2 * PATIENCE_S):
        """Waits until the mirror is where its ledger is, and compares what follows from the whole log."""
        def same():
            there, here = self.source.client().status(), mirror.client().status()
            return there.height == here.height and (there, here)

        there, here = wait_until(f"{mirror.code} is where FRA is", same, seconds)
        for field in ("ledger_id", "origin", "time_us", "tree_size", "root", "state_digest", "epoch"):
            assert getattr(there, field) == getattr(here, field), field
        return here


@pytest.fixture(name="world", scope="module")
def world_with_mirrors(tmp_path_factory):
    cluster = Cluster(tmp_path_factory.mktemp("mirror") / "ledger", heartbeat_s=20)
    try:
        cluster.start()
        world = World(cluster)
        yield world
        for mirror in (world.mirror, world.second):
            if mirror.running():
                mirror.kill()
    finally:
        cluster.close()


def finds(mirror, text):
    """Whether the bytes are anywhere in a node's files."""
    return any(text.encode() in path.read_bytes() for path in mirror.folder.rglob("*") if path.is_file())


def test_a_mirror_follows_and_says_so(world, say):
    for i in range(PUBLIC):
        world.file(notification(reference=f"public {i}"))
    world.wait_until_same(world.mirror)
    world.wait_until_same(world.second)
    say("a mirror, and a mirror of the mirror, are where the ledger is")
    status = world.status(world.mirror)
    assert (status["mode"], status["ledger"]["code"], status["behind_blocks"]) == ("MIRRORING", "", 0)
    assert {peer["code"]: peer["last_error"] for peer in status["peers"]} == dict.fromkeys(world.cluster.nodes, "")
    assert [peer["code"] for peer in world.status(world.second)["peers"]] == ["MIRROR"]


def test_a_body_that_its_key_may_not_see_it_neither_gets_nor_passes_over(world, say):
    height = world.mirror.client().status().height
    world.file(members_only(MARKER))
    errors = wait_until("the mirror says why it stands still", lambda: {
        peer["last_error"] for peer in world.status(world.mirror)["peers"] if "accredit" in peer["last_error"]})
    say(f"it stands still: {errors.pop()}")
    assert world.status(world.mirror)["behind_blocks"] > 0
    assert world.mirror.client().status().height <= height + 1  # a heartbeat may have come between
    assert finds(world.source, MARKER), "the search finds what is there"
    assert not finds(world.mirror, MARKER)

    say("an inspector of other records is no better off")
    world.file(accreditation(world.mirror, types=["LaunchReport"]))
    world.file()
    assert world.mirror.client().status().tree_size == PUBLIC

    say("with all bodies it goes on, and so does the mirror of the mirror")
    for mirror in (world.mirror, world.second):
        world.file(accreditation(mirror))
    world.wait_until_same(world.mirror)
    world.wait_until_same(world.second)


def everything(client, height):
    """What a reader can ask for: the answers, as bytes, without certificates: whose votes are in one may differ."""
    stub = client.stub
    tree_size = client.status().tree_size
    calls = [(stub.ListEntries, ledger.ListEntriesRequest(page_size=1000, as_of=height)),
             (stub.ListEntries, ledger.ListEntriesRequest(type="LaunchNotification", as_of=height)),
             (stub.ListMembers, ledger.ListMembersRequest(as_of=height)),
             (stub.GetAuthorHead, ledger.GetAuthorHeadRequest(author="FRA", include_pending=True)),
             (stub.GetConsistencyProof, ledger.GetConsistencyProofRequest(first_size=3, second_size=tree_size))]
    for index in range(tree_size):
        calls += [(stub.GetEntry, ledger.GetEntryRequest(index=index)),
                  (stub.GetReceipt, ledger.GetReceiptRequest(index=index)),
                  (stub.GetInclusionProof, ledger.GetInclusionProofRequest(index=index, tree_size=tree_size))]
    answers = [call(request, timeout=CALL_TIMEOUT_S) for call, request in calls]
    # After the last one come those up to the next that has a certificate.
    blocks = stub.AuditBlocks(ledger.AuditBlocksRequest(from_height=1, max_blocks=height), timeout=CALL_TIMEOUT_S)
    answers += list(blocks)[:height]
    for answer in answers:
        for field in ("certificate", "descendants", "epochs"):
            if field in answer.DESCRIPTOR.fields_by_name:
                answer.ClearField(field)
    return [answer.SerializeToString(deterministic=True) for answer in answers]


@pytest.mark.parametrize("reader", ["nobody", "member"])
def test_its_answers_are_those_of_a_members_node(world, reader):
    status = world.wait_until_same(world.mirror)
    key = world.source.state.keys["reader"] if reader == "member" else None
    there = everything(world.source.client(key), status.height)
    here = everything(world.mirror.client(key), status.height)
    assert there == here and len(there) > 20
    assert any(MARKER.encode() in answer for answer in here) == (reader == "member")


def test_its_log_passes_an_audit(world, tmp_path):
    world.wait_until_same(world.mirror)
    done = run(ASSENT, "audit", "--node", f"127.0.0.1:{world.mirror.client_port}", "--act", world.cluster.act,
               "--node-key", world.mirror.state.public("transport").hex(), "--reader",
               world.source.folder / "reader.key", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_its_checkpoint_is_the_voters(world, tmp_path):
    world.cluster.wait_for_checkpoint(world.source.client().status().tree_size)
    size = world.source.client().status().tree_size

    def checkpoint():
        done = run(ASSENT, "checkpoint", "--json", "--node", f"127.0.0.1:{world.mirror.client_port}", "--act",
                   world.cluster.act, "--node-key", world.mirror.state.public("transport").hex(), cwd=tmp_path)
        return done.returncode == 0 and json.loads(done.stdout)["tree_size"] == size

    wait_until("the mirror has the checkpoint", checkpoint)


def test_it_takes_no_entry_and_says_where_to_file(world):
    client = world.mirror.client()
    entry = world.author.prepare(notification())
    with pytest.raises(grpc.RpcError) as refused:
        client.submit(entry)
    assert refused.value.code() == grpc.StatusCode.FAILED_PRECONDITION and refusal_of(refused.value) is None
    assert f"FRA at 127.0.0.1:{world.source.client_port}" in refused.value.details()
    # The same bytes are good at a member's node, and then the mirror has the receipt for whoever asks again.
    world.source.client().submit(entry)
    world.author.keep(entry)
    world.wait_until_same(world.mirror)
    assert client.submit(entry).receipt.entry.header == entry.header


def test_killed_and_started_again_it_goes_on_where_it_was(world, say):
    before = world.wait_until_same(world.mirror)
    world.mirror.kill()
    for _ in range(3):
        world.file(members_only(None))
    world.mirror.start()
    world.wait_until_same(world.mirror)
    started = [line for line in world.mirror.log().splitlines() if " started " in line]
    say(started[-1])
    assert f" height={before.height} " in started[-1]


def test_it_follows_into_the_next_epoch(world):
    file_record(world.cluster, "IND", "VotingStatus", votes=False)
    wait_until("the second epoch", lambda: world.source.client().status().epoch == 2)
    world.author.follow(world.source.client())
    world.file()
    assert world.wait_until_same(world.mirror).epoch == 2
    assert world.wait_until_same(world.second).epoch == 2


def test_its_operator_has_no_vote_to_prove(world):
    done = run(ASSENT, "voting-proof", "--admin", world.mirror.admin_socket, "-o", world.mirror.folder / "proof.toml")
    assert done.returncode == 1 and "a mirror has no vote" in done.stderr


# What a liar does to a block: to the body, the signature or the order of an entry, to the header, to its certificate.
def other_body(block):
    body = bytearray(block.entries[0].body)
    body[-1] ^= 1
    block.entries[0].body = bytes(body)


def other_signature(block):
    signature = bytearray(block.entries[0].signature)
    signature[5] ^= 1
    block.entries[0].signature = bytes(signature)


def other_header(block):
    header = bytearray(block.header)
    header[-1] ^= 1
    block.header = bytes(header)


def other_certificate(block):
    certificate = bytearray(block.certificate)
    certificate[-1] ^= 1
    block.certificate = bytes(certificate)


def no_entry(block):
    del block.entries[0]


class Liar(ledger_grpc.LedgerServicer):
    """A relay to an honest node that changes each block that can be changed so, and claims to have more than all
    others."""

    def __init__(self, upstream, change):
        self.upstream = upstream
        self.change = change
        self.lies = 0

    def GetLedgerStatus(self, request, context):  # noqa: N802
        status = self.upstream.stub.GetLedgerStatus(request, timeout=CALL_TIMEOUT_S)
        status.height += AHEAD
        return status

    def GetCheckpoint(self, request, context):  # noqa: N802
        return self.upstream.stub.GetCheckpoint(request, timeout=CALL_TIMEOUT_S)

    def AuditBlocks(self, request, context):  # noqa: N802
        for block in self.upstream.stub.AuditBlocks(request, timeout=CALL_TIMEOUT_S):
            changed = block.certificate if self.change is other_certificate else block.entries
            if changed:
                self.lies += 1
                self.change(block)
            yield block


@contextlib.contextmanager
def liar_before(node, change):
    """Yields the liar, and what a mirror's configuration says of it."""
    upstream = Client(node.client_port, node.state.public("transport"), node.state.keys["reader"])
    key = Mirror(node.cluster, "LIAR", []).state.keys["transport"]
    certificate, private = self_signed(key)
    liar = Liar(upstream, change)
    server = grpc.server(concurrent.futures.ThreadPoolExecutor(4))
    ledger_grpc.add_LedgerServicer_to_server(liar, server)
    (port,) = free_ports(1)
    assert server.add_secure_port(f"127.0.0.1:{port}", grpc.ssl_server_credentials([(private, certificate)])) == port
    server.start()
    try:
        yield liar, f"LIAR=127.0.0.1:{port}={bytes(key.verify_key).hex()}"
    finally:
        server.stop(0).wait()
        upstream.close()


@pytest.mark.parametrize("change", [other_body, other_signature, other_header, other_certificate, no_entry],
                         ids=lambda change: change.__name__)
def test_a_source_that_lies_is_left_for_another(world, change, say):
    with liar_before(world.source, change) as (liar, line):
        mirror = Mirror(world.cluster, "M" + change.__name__.replace("_", "").upper()[:7], [line, world.source])
        world.add(mirror)
        try:
            # As nobody has accredited it, the honest source gives it no more than the first blocks.
            wait_until("the liar is asked", lambda: liar.lies)
            complaint = wait_until("the lie is found out", lambda: [
                line for line in mirror.log().splitlines() if " warning " in line and "peer=LIAR" in line])
            say(complaint[0])
            assert mirror.client().status().tree_size <= PUBLIC
            world.file(accreditation(mirror))
            world.wait_until_same(mirror)
        finally:
            mirror.kill()


def test_another_key_than_the_configured_one_is_no_source(world):
    stranger = Mirror(world.cluster, "NOKEY", [f"IND=127.0.0.1:{world.source.client_port}"])
    world.add(stranger)
    try:
        wait_until("the source is refused", lambda: world.status(stranger)["peers"][0]["last_error"])
        assert stranger.client().status().height == 0
    finally:
        stranger.kill()


def test_what_is_no_configuration_of_a_mirror_is_refused(world):
    good = world.mirror.config.read_text()
    path = world.mirror.folder / "wrong.toml"
    node_seed = f'seed_file = "{world.source.folder}/node.seed"'
    for text, why in ((good + 'peer.listen = "127.0.0.1:1"\n', "peer.listen is for a member's node"),
                      (good + 'member = "FRA"\n', "member is for a member's node"),
                      (good.replace('seed_file = "node.seed"', node_seed), "a mirror needs one of its own"),
                      (good.replace("FRA=", "IND=", 1), "IND is there twice"),
                      (good.replace("FRA=", "fra=", 1), "is not MEMBER=host:port")):
        path.write_text(text)
        done = run(ASSENT_NODE, "check", "--config", path)
        assert done.returncode == 1 and why in done.stdout, (why, done.stdout, done.stderr)
