"""Something that has all keys of a state's node, and says to other nodes what the script wants."""

import collections
import concurrent.futures
import contextlib
import functools
import os
import ssl
import struct
import time

import grpc

import ledger_format as lf
from client import CALL_TIMEOUT_S, Author, pinned_channel, self_signed
from cluster import wait_until
from protos import entry as entry_pb
from protos import peer, peer_grpc

EPOCH = 1
STREAMS = 8  # kStreamsPerConnectionMax in node/network/limits.h
LARGEST_BYTES = 4_000_000  # of a message; gRPC takes 4 MiB
BODY_BYTES = 60_000  # of an entry; a node takes 64 KiB


@functools.cache
def certificate_of(_transport_key, host, port):
    """In PEM, of the node that listens there: it is made of its transport key, and stays."""
    return ssl.get_server_certificate((host, port), timeout=CALL_TIMEOUT_S)


def as_message(entry):
    return entry_pb.Entry(header=entry.header, signature=entry.signature, body=entry.body, salt=entry.salt)


class Listener(peer_grpc.PeerServicer):
    """Takes what comes."""

    def Exchange(self, request_iterator, context):  # noqa: N802
        context.send_initial_metadata(())
        try:
            for _ in request_iterator:
                pass
        except grpc.RpcError:
            return  # the other end has gone
        yield peer.PeerAck()


class ScriptedPeer:
    """In place of a node that does not run, on a ledger in its first epoch. `transport`: another key than the node's to
    show, or None to show nothing."""

    def __init__(self, cluster, code, transport=...):
        self.cluster = cluster
        self.state = next(state for state in cluster.states if state.code == code)
        self.transport = self.state.keys["transport"] if transport is ... else transport

    def hello(self):
        return peer.PeerMessage(hello=peer.Hello(ledger_id=self.cluster.ledger_id, code=self.state.code))

    @contextlib.contextmanager
    def channel(self, node):
        """To the peer port of that node."""
        pem = certificate_of(node.state.public("transport"), node.host, node.client_port)
        channel = pinned_channel(node.peer_port, pem, self.transport, node.host)
        try:
            yield channel
        finally:
            channel.close()

    def exchange(self, node, messages):
        """Sends these messages, or bytes in place of them, on one stream; returns the code with which it ends."""
        with self.channel(node) as channel:
            call = channel.stream_stream("/assent.v1.Peer/Exchange", response_deserializer=peer.PeerAck.FromString)
            try:
                list(call(iter([m if isinstance(m, bytes) else m.SerializeToString() for m in messages]), timeout=CALL_TIMEOUT_S))
                return "OK"
            except grpc.RpcError as error:
                return error.code().name

    @contextlib.contextmanager
    def listening(self, nodes):
        """Takes the streams of these nodes, and does not answer: to them its node is up."""
        certificate, private = self_signed(self.state.keys["transport"])
        server = grpc.server(concurrent.futures.ThreadPoolExecutor(2 * len(nodes)))
        peer_grpc.add_PeerServicer_to_server(Listener(), server)
        node = self.cluster[self.state.code]
        assert server.add_secure_port(f"{node.host}:{node.peer_port}",
                                      grpc.ssl_server_credentials([(private, certificate)]))
        server.start()
        try:
            for other in nodes:
                wait_until(f"{other.code} to have a stream", lambda code=other.code: any(
                    peer["code"] == self.state.code and peer["sending"]
                    for peer in self.cluster.operator_status(code)["peers"]))
            yield
        finally:
            server.stop(None).wait()

    def sign(self, tag, view, block):
        """A statement of consensus."""
        return lf.sign(self.state.keys["vote"], tag, self.cluster.ledger_id + struct.pack(">QQ", EPOCH, view) + block)

    def notarize(self, view, block):
        return peer.PeerMessage(vote=peer.VoteMessage(
            kind=1, epoch=EPOCH, view=view, block_hash=block, voter=self.state.code,
            signature=self.sign(b"assent/notarize/v1", view, block)))

    def leads(self, view):
        codes = sorted(state.code for state in self.cluster.states)
        return codes[(EPOCH + view) % len(codes)] == self.state.code

    def blocks(self, node, number):
        """The first so many."""
        with self.channel(node) as channel:
            return list(peer_grpc.PeerStub(channel).GetBlocks(
                peer.GetBlocksRequest(from_height=1, max_blocks=number), timeout=CALL_TIMEOUT_S))

    def log(self, node):
        """The newest block's header, and the leaf hashes of the whole log."""
        height = node.client().status().height
        blocks = self.blocks(node, height)
        assert len(blocks) == height
        return blocks[-1].header, [lf.leaf_hash(entry.header, entry.signature)
                                   for block in blocks for entry in block.entries]

    def propose(self, nodes, view, entries):
        """A block of these entries, in a view that this peer leads, on the newest one that those nodes have. Its roots
        and digests of the state are not computed: those of the block before stand there."""
        before, leaves = self.log(nodes[0])
        leaves += [entry.leaf_hash for entry in entries]
        header = lf.BlockHeader.parse(before)
        header.parent = lf.block_hash(before)
        header.epoch, header.view = EPOCH, view
        header.height += 1
        header.time_us += 1
        header.first_index, header.tree_size, header.tree_root = header.tree_size, len(leaves), lf.tree_root(leaves)
        data = header.encode()
        proposal = peer.PeerMessage(proposal=peer.Proposal(
            header=data, signature=self.sign(b"assent/proposal/v1", view, lf.block_hash(data)),
            entries=[as_message(entry) for entry in entries]))
        for node in nodes:
            assert self.exchange(node, [self.hello(), proposal]) == "OK"

    def flood(self, node, seconds):
        """Sends as many messages as the node takes and as large as they may be, each with its good signature, and asks for
        all blocks on the other streams that it may have. Returns what came back, and how streams ended."""
        before = self.log(node)[0]
        header = lf.BlockHeader.parse(before)
        told, until = collections.Counter(), time.monotonic() + seconds
        author = Author(self.cluster, self.state.code)
        signed = [author.keep(author.prepare(os.urandom(BODY_BYTES))) for _ in range(LARGEST_BYTES // (BODY_BYTES + 500))]
        entries = [as_message(entry) for entry in signed]
        header.parent, header.height, header.first_index = lf.block_hash(before), header.height + 1, header.tree_size
        header.tree_size += len(entries)
        views = [view for view in range(header.view, header.view + 64) if self.leads(view)]
        votes = [self.notarize(header.view + i, os.urandom(32)).SerializeToString() for i in range(1000)]

        def proposal(view):
            header.epoch, header.view = EPOCH, view
            data = header.encode()
            return peer.PeerMessage(proposal=peer.Proposal(
                header=data, entries=entries,
                signature=self.sign(b"assent/proposal/v1", view, lf.block_hash(data)))).SerializeToString()

        large = [proposal(view) for view in views[:4]]

        def messages():
            yield self.hello().SerializeToString()
            while time.monotonic() < until:
                for message in (*large, *votes):
                    told["bytes sent"] += len(message)
                    yield message

        def say(channel):
            call = channel.stream_stream("/assent.v1.Peer/Exchange", response_deserializer=peer.PeerAck.FromString)
            return call(messages(), timeout=seconds + CALL_TIMEOUT_S)

        def ask(channel):
            return peer_grpc.PeerStub(channel).GetBlocks(peer.GetBlocksRequest(from_height=1, max_blocks=4096),
                                                         timeout=CALL_TIMEOUT_S)

        def stream(what):
            while time.monotonic() < until:
                with self.channel(node) as channel:
                    try:
                        told["acknowledged" if what is say else "blocks"] += len(list(what(channel)))
                    except (grpc.RpcError, OSError) as error:
                        told[error.code().name if isinstance(error, grpc.RpcError) else type(error).__name__] += 1

        with concurrent.futures.ThreadPoolExecutor(STREAMS) as pool:
            list(pool.map(stream, [say] + [ask] * (STREAMS - 1)))
        return dict(told)

    def await_lead(self, nodes, go_on):
        """Waits until these nodes stand in a view that this peer leads; `go_on` files an entry. Returns the view."""
        def view():
            views = {self.cluster.operator_status(node.code)["view"] for node in nodes}
            return views.pop() if len(views) == 1 else None

        while not self.leads(now := wait_until("the nodes to be in one view", view)):
            go_on()
        return now
