"""A client of the nodes' gRPC service in Python: another implementation than `assent`, with the node's key pinned."""

import datetime
import os
import ssl
import time

import grpc
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

import ledger_format as lf
from build import SLOWNESS
from protos import entry as entry_pb
from protos import ledger, ledger_grpc, record, refusal, revision

CALL_TIMEOUT_S = 30 * SLOWNESS
DAY_US = 86_400_000_000


def now_us():
    return time.time_ns() // 1000


def self_signed(key):
    """A certificate and private key in PEM, as TLS wants them, for an Ed25519 key."""
    private = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(key))
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "functional test")])
    certificate = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(private.public_key())
                   .serial_number(1).not_valid_before(datetime.datetime(2000, 1, 1))
                   .not_valid_after(datetime.datetime(2100, 1, 1))
                   .add_extension(x509.SubjectAlternativeName([x509.DNSName("assent-node")]), critical=False)
                   .sign(private, None))
    return (certificate.public_bytes(serialization.Encoding.PEM),
            private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                  serialization.NoEncryption()))


def channel_to(port, server_key, own_key=None, host="127.0.0.1"):
    """A channel to a node whose TLS certificate holds `server_key`."""
    pem = ssl.get_server_certificate((host, port), timeout=CALL_TIMEOUT_S)
    shown = x509.load_pem_x509_certificate(pem.encode()).public_key().public_bytes(
        serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    assert shown == server_key, "the node shows another key than the founding act names"
    return pinned_channel(port, pem, own_key, host)


def pinned_channel(port, pem, own_key=None, host="127.0.0.1"):
    certificate, private = self_signed(own_key) if own_key else (None, None)
    credentials = grpc.ssl_channel_credentials(pem.encode(), private, certificate)
    return grpc.secure_channel(f"{host}:{port}", credentials,
                               options=[("grpc.ssl_target_name_override", "assent-node"),
                                        ("grpc.enable_http_proxy", 0), ("grpc.use_local_subchannel_pool", 1),
                                        ("grpc.max_reconnect_backoff_ms", 500)])


def refusal_of(error):
    """The reason of a refusal in the details of a gRPC error; None when there is none."""
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin":
            details = refusal.StatusDetails.FromString(value)
            for item in details.details:
                found = refusal.Refusal()
                if item.Unpack(found):
                    return found.reason
    return None


def retry_after_ms(error):
    """When a refusal says that one may try again; 0 when it says nothing."""
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin":
            for item in refusal.StatusDetails.FromString(value).details:
                found = refusal.Refusal()
                if item.Unpack(found):
                    return found.retry_after_ms
    return 0


class Client:
    """One connection to one node."""

    def __init__(self, port, server_key, reader_key=None, host="127.0.0.1"):
        self.channel = channel_to(port, server_key, reader_key, host)
        self.stub = ledger_grpc.LedgerStub(self.channel)

    def close(self):
        self.channel.close()

    def status(self):
        return self.stub.GetLedgerStatus(ledger.GetLedgerStatusRequest(), timeout=CALL_TIMEOUT_S)

    def submit(self, entry, wait=True, timeout=CALL_TIMEOUT_S):
        return self.stub.Submit(self._submission(entry, wait), timeout=timeout)

    def submit_later(self, entry, timeout=CALL_TIMEOUT_S):
        """The call, under way, of which the answer comes when the entry is final."""
        return self.stub.Submit.future(self._submission(entry, True), timeout=timeout)

    @staticmethod
    def _submission(entry, wait):
        message = entry_pb.Entry(header=entry.header, signature=entry.signature, body=entry.body, salt=entry.salt)
        return ledger.SubmitRequest(entry=message, wait_until_final=wait)

    def submit_bytes(self, data, timeout=CALL_TIMEOUT_S):
        """Sends bytes as the request of Submit, whatever they are."""
        call = self.channel.unary_unary("/assent.v1.Ledger/Submit",
                                        response_deserializer=ledger.SubmitResponse.FromString)
        return call(data, timeout=timeout)

    def refused(self, entry):
        """Submits what must be refused; returns the gRPC status code's name and the reason. A node that knows that
        others are ahead refuses nothing for good: it is asked again."""
        deadline = time.monotonic() + CALL_TIMEOUT_S
        while True:
            try:
                self.submit(entry)
            except grpc.RpcError as error:
                code, reason = error.code().name, refusal_of(error)
                if reason or code != "UNAVAILABLE":
                    return code, reason
                if time.monotonic() > deadline:
                    raise
            else:
                raise AssertionError("it was accepted")
            time.sleep(0.02)

    def bytes_refused(self, data):
        try:
            self.submit_bytes(data)
        except grpc.RpcError as error:
            return error.code().name, refusal_of(error)
        raise AssertionError("it was accepted")

    def entries(self):
        """All entries of the ledger, page by page."""
        token = ""
        while True:
            page = self.stub.ListEntries(ledger.ListEntriesRequest(page_size=1000, page_token=token),
                                         timeout=CALL_TIMEOUT_S)
            yield from page.entries
            token = page.next_page_token
            if not token:
                return

    def head(self, author):
        return self.stub.GetAuthorHead(ledger.GetAuthorHeadRequest(author=author, include_pending=True),
                                       timeout=CALL_TIMEOUT_S)

    def revision(self, round_id):
        rounds = self.stub.ListRevisions(revision.ListRevisionsRequest(), timeout=CALL_TIMEOUT_S).revisions
        return next(r for r in rounds if r.round == round_id and not (r.HasField("number") and r.number == 0))


class Author:
    """Signs one state's entries, one after the other."""

    def __init__(self, cluster, code, key=None):
        self.ledger_id = cluster.ledger_id
        self.code = code
        self.key = key or cluster[code].state.keys["authority"]
        self.sequence = 0
        self.previous = lf.ZERO_HASH

    def follow(self, client):
        """Goes on where the ledger is."""
        head = client.head(self.code)
        self.sequence, self.previous = head.sequence, head.leaf_hash
        return self

    def prepare(self, body, **changes):
        """The next entry; `changes` make it wrong. It counts only once `keep` is called."""
        fields = {"ledger_id": self.ledger_id, "author": self.code, "key": self.key, "sequence": self.sequence + 1,
                  "previous": self.previous, "not_after_us": now_us() + DAY_US,
                  "body": body if isinstance(body, bytes) else body.SerializeToString(deterministic=True)}
        fields.update(changes)
        return lf.SignedEntry(**fields)

    def keep(self, entry):
        self.sequence, self.previous = entry.sequence, entry.leaf_hash
        return entry


def notification(reference=None, **changes):
    """The body of a good launch notification."""
    start = now_us() + 3 * DAY_US
    launch = record.LaunchNotification(
        reference=reference or os.urandom(8).hex(), kind=record.SPACE_LAUNCH, class_id="SLV_MEDIUM",
        window_start_us=start, window_end_us=start + DAY_US, area=record.LaunchArea(sea_area="Barents Sea"),
        direction=record.LaunchDirection(azimuth_deg=90), count=1)
    for name, value in changes.items():
        setattr(launch, name, value)
    return entry_pb.Body(visibility=entry_pb.PUBLIC, issued_at_us=now_us(), launch_notification=launch)


def file_one(client, author, body=None):
    """Files one entry and waits until it is final. Returns it and its receipt."""
    entry = author.prepare(body or notification())
    answer = client.submit(entry)
    assert answer.leaf_hash == entry.leaf_hash
    author.keep(entry)
    return entry, answer.receipt
