"""A restricted body reaches nobody whom it should not, by any method of any service: all of them are called, as the
server itself names them, by everybody in turn. Members and inspectors in scope must find what is looked for, so that
the search is known to work."""

import contextlib
import itertools
import os
import ssl
import time

import grpc
import nacl.signing
import pytest

from client import (CALL_TIMEOUT_S, DAY_US, Author, channel_to, file_one, notification, now_us, pinned_channel,
                    refusal_of)
from cluster import wait_until
from protos import entry as entry_pb
from protos import inspection, record, revision
from reflection import Reflection, Requests, streams

HOUR_US = 3_600_000_000
MARKER = "marker" + os.urandom(12).hex()
STREAM_S = 0.7  # for what comes of a stream that never ends
STREAM_REQUESTS_MAX = 8
PAGES_MAX = 20
# What a member finds the marker by. A method that is not here and could show it fails the test of members only.
SHOWS_BODIES = {"GetEntry", "ListEntries", "WatchEntries", "GetReceipt", "AuditBlocks", "Ask"}
# Lists of one type, for who sees all of that type.
SHOWS_ALL_OF_A_TYPE = {"ListRevisions", "ListDrafts", "ListInspectors"}


def restricted(**fields):
    return entry_pb.Body(visibility=entry_pb.MEMBERS, issued_at_us=now_us(), **fields)


def accreditation(key, name, **scope):
    return restricted(inspector_accreditation=inspection.InspectorAccreditation(
        public_key=bytes(key.verify_key), name=name, from_us=now_us() - DAY_US, until_us=now_us() + 300 * DAY_US,
        **scope))


def accredit_briefly(client, author, key):
    """Files a term that is over soon, but not before it is filed. Returns when it is."""
    brief = accreditation(key, "brief", all_bodies=True)
    for seconds in itertools.count(3):
        until_us = brief.inspector_accreditation.until_us = now_us() + seconds * 1_000_000
        try:
            file_one(client, author, brief)
            return until_us
        except grpc.RpcError as error:
            assert refusal_of(error) == "TERM_OVER", error


def marked_bodies():
    """Records of FRA that say the marker, each in all its words."""
    launch = notification(reference=MARKER)
    launch.visibility = entry_pb.MEMBERS
    launch.launch_notification.area.sea_area = MARKER
    late = notification(reference=MARKER + "-late", window_start_us=now_us() + HOUR_US,
                        window_end_us=now_us() + 2 * HOUR_US)
    late.visibility = entry_pb.MEMBERS
    full = record.DeclarationPart(form=record.FULL, policy_outline=MARKER)
    yield launch
    yield late
    yield restricted(annual_declaration=record.AnnualDeclaration(
        year=2025, ballistic_missiles=full,
        space_launch=record.DeclarationPart(form=record.FULL, policy_outline=MARKER, observer_policy=MARKER)))
    yield restricted(pledge=record.Pledge(target_date_us=now_us() + 900 * DAY_US, text=MARKER))
    yield restricted(revision_open=revision.RevisionOpen(replaces=0, title=MARKER, text=MARKER))
    yield restricted(revision_draft=revision.RevisionDraft(replaces=0, title=MARKER, text=MARKER + " again"))
    yield accreditation(nacl.signing.SigningKey.generate(), MARKER, all_bodies=True)


class Secrets:
    """What must not get out: the words of restricted bodies, and the salts that hide them."""

    def __init__(self):
        self.entries = []

    def add(self, entry):
        self.entries.append(entry)

    def in_bytes(self, data):
        return MARKER.encode() in data or any(entry.salt in data for entry in self.entries)


class Ledger:
    """The cluster with restricted records on it, and everybody who might ask."""

    def __init__(self, cluster):
        self.cluster = cluster
        self.node = cluster["FRA"]
        self.secrets = Secrets()
        self.keys = {name: nacl.signing.SigningKey.generate() for name in
                     ("stranger", "inspector in scope", "inspector out of scope", "inspector whose term is over",
                      "inspector who was ended")}
        client = self.node.client()
        fra = Author(cluster, "FRA").follow(client)
        for body in marked_bodies():
            entry, _ = file_one(client, fra, body)
            self.secrets.add(entry)
        jpn = Author(cluster, "JPN").follow(client)
        file_one(client, jpn, accreditation(self.keys["inspector in scope"], "in", authors=["FRA"]))
        file_one(client, jpn, accreditation(self.keys["inspector out of scope"], "out", authors=["IND"],
                                            types=["LaunchReport"]))
        until_us = accredit_briefly(client, jpn, self.keys["inspector whose term is over"])
        _, ended = file_one(client, jpn, accreditation(self.keys["inspector who was ended"], "ended", all_bodies=True))
        file_one(client, jpn, restricted(inspector_accreditation_end=inspection.InspectorAccreditationEnd(
            accreditation=ended.index, reason="done")))
        wait_until("the brief term to be over", lambda: client.status().time_us >= until_us)
        file_one(client, Author(cluster, "USA").follow(client))
        self.size = client.status().tree_size
        self.height = client.status().height

    def channel(self, reader, port=None):
        key = self.node.state.keys["reader"] if reader == "member" else self.keys.get(reader)
        return channel_to(port or self.node.client_port, self.node.state.public("transport"), key)

    def values(self):
        """Candidates for fields, by name."""
        numbers = list(range(self.size)) + [self.height]
        entries = [entry_pb.Entry(header=entry.header, signature=entry.signature, **guess).SerializeToString()
                   for entry in self.secrets.entries
                   for guess in ({}, {"body": b"\x08\x01", "salt": bytes(32)})]
        types = [field.message_type.name for field in entry_pb.Body.DESCRIPTOR.oneofs_by_name["record"].fields]
        codes = ["FRA", "IND"]
        return {"number": numbers, "string": ["", "FRA", "LaunchNotification"], "author": codes, "member": codes,
                "state": codes, "code": codes, "type": types, "page_size": [1, 100], "page_token": [""],
                "max_blocks": [1, 100], "year": [2025, time.gmtime().tm_year],
                "at_us": [now_us() + HOUR_US * 3 // 2], "from_height": list(range(1, self.height + 1)),
                "tree_size": [self.size], "as_of": [self.height, self.height - 1],
                "include_pending": [True], "wait_until_final": [True], "from_index": [0, self.size - 3],
                "assent.v1.Entry": entries}


def answers(reflection, method, request):
    """All that comes back, pages and errors too."""
    _, server = streams(method)
    for _ in range(PAGES_MAX):
        token = ""
        for answer in reflection.call(method, request, timeout=STREAM_S if server else CALL_TIMEOUT_S):
            yield answer
            token = getattr(answer, "next_page_token", "")
        if not token or "page_token" not in method.input_type.fields_by_name:
            return
        request.page_token = token


def as_bytes(answer):
    if not isinstance(answer, grpc.RpcError):
        return answer.SerializeToString()
    parts = [answer.details() or ""] + [value for _, value in answer.trailing_metadata() or ()]
    return b"\n".join(part if isinstance(part, bytes) else part.encode() for part in parts)


def methods_that_tell(ledger, channel):
    """Calls everything that the server has. Returns the methods that gave something of a restricted body."""
    reflection = Reflection(channel)
    # gRPC's own, whose only answer is SERVING or not; it does not describe it.
    assert reflection.undescribed <= {"grpc.health.v1.Health"}
    requests = Requests(reflection, ledger.values())
    telling, called, answered = set(), 0, 0
    for service in reflection.services:
        for method in service.methods:
            called += 1
            made = requests.of(method.input_type)
            for request in made[:STREAM_REQUESTS_MAX] if any(streams(method)) else made:
                for answer in answers(reflection, method, request):
                    answered += not isinstance(answer, grpc.RpcError)
                    if ledger.secrets.in_bytes(as_bytes(answer)):
                        telling.add(method.name)
    assert called >= 15 and answered > 500, "the walk reaches too little to show anything"
    return telling


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    from cluster import Cluster
    cluster = Cluster(tmp_path_factory.mktemp("restricted") / "ledger", heartbeat_s=2, skew_s=1)
    yield Ledger(cluster.start())
    cluster.close()


@pytest.mark.parametrize("reader", ["nobody", "stranger", "inspector out of scope", "inspector whose term is over",
                                    "inspector who was ended"])
def test_who_should_not_gets_nothing_by_any_method(ledger, reader, say):
    say(f"{reader} calls every method of every service")
    with contextlib.closing(ledger.channel(reader)) as channel:
        assert methods_that_tell(ledger, channel) == set()


@pytest.mark.parametrize("reader", ["member", "inspector in scope"])
def test_who_may_finds_it_by_the_same_search(ledger, reader, say):
    say(f"the same search, by a {reader}")
    expected = SHOWS_BODIES | (SHOWS_ALL_OF_A_TYPE if reader == "member" else set())
    with contextlib.closing(ledger.channel(reader)) as channel:
        assert methods_that_tell(ledger, channel) >= expected


@pytest.mark.parametrize("reader", ["nobody", "stranger", "inspector in scope"])
def test_the_peer_port_lets_nobody_in_who_is_no_peer(ledger, reader):
    pem = ssl.get_server_certificate(("127.0.0.1", ledger.node.client_port), timeout=CALL_TIMEOUT_S)
    with contextlib.closing(pinned_channel(ledger.node.peer_port, pem, ledger.keys.get(reader))) as channel:
        with pytest.raises(grpc.RpcError) as refused:
            Reflection(channel)
        assert refused.value.code() == grpc.StatusCode.UNAVAILABLE
