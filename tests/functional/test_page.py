"""The node's web page: every view in HTML and JSON, what it refuses, events as they come, and nothing that is for members."""

import contextlib
import os
import pathlib
import re
import shutil
import socket
import subprocess
import time

import pytest
from google.protobuf import json_format

from client import DAY_US, Author, file_one, notification, now_us
from cluster import ASSENT, ASSENT_NODE, PATIENCE_S, Cluster, run, wait_until
from pages import JSON, Events, Page, ask, raw, watch, with_page
from protos import entry as entry_pb
from protos import ledger, page, record

MARKER = "marker" + os.urandom(12).hex()
MARKUP = "<img src=x onerror=alert(1)>&\"'"
YEAR = time.gmtime().tm_year
DECLARED = YEAR - 2  # its declarations are due whatever the day is
VIEWS = {
    "/": page.OverviewPage, "/members": page.MembersPage, "/entries": page.EntriesPage, "/entries?before=2": page.EntriesPage,
    "/entries?author=FRA": page.EntriesPage, "/entries?type=LaunchNotification": page.EntriesPage,
    "/entries/0": page.EntryPage, "/notifications": page.NotificationsPage,
    f"/notifications?year={DECLARED}": page.NotificationsPage, "/compliance": page.CompliancePage,
    f"/compliance?year={YEAR}": page.CompliancePage, "/clarifications": page.ClarificationsPage,
    "/pledges": page.PledgesPage, "/revisions": page.RevisionsPage,
    "/revisions/0": page.RevisionPage, "/nodes": page.NodesPage,
}
WATCHERS_MAX = 64       # node/page/limits.h
REQUEST_TIMEOUT_S = 5
HEADERS_BYTES_MAX = 8192


def restricted(**fields):
    return entry_pb.Body(visibility=entry_pb.MEMBERS, issued_at_us=now_us(), **fields)


def file_what_is_exchanged(cluster):
    """IND pledges, USA offers something for it, and JPN asks FRA about its notification: entries 5, 6 and 7."""
    def public(code, **records):
        client = cluster[code].client()
        index = file_one(client, Author(cluster, code).follow(client), entry_pb.Body(
            visibility=entry_pb.PUBLIC, issued_at_us=now_us(), **records))[1].index
        cluster.wait_for_agreement(at_least=index + 1)
        return index

    pledge = public("IND", pledge=record.Pledge(target_date_us=now_us() + 900 * DAY_US, text="None by then."))
    public("USA", incentive_offer={"state": "IND", "pledge": pledge, "expires_us": now_us() + 9 * DAY_US, "text": "One."})
    public("JPN", clarification_request={"about": 0, "question": "Which site?"})


@pytest.fixture(name="shown", scope="module")
def shown_ledger(tmp_path_factory):
    """A ledger with PUBLIC records, one of which tries to be markup, and some for members."""
    cluster = Cluster(tmp_path_factory.mktemp("page") / "ledger", heartbeat_s=40, founded=f"{DECLARED}-01-01T00:00:00Z")
    ports = with_page(cluster)
    try:
        cluster.start()
        client = cluster["FRA"].client()
        author = Author(cluster, "FRA")
        file_one(client, author, notification(reference=MARKUP))
        launch = notification(reference=MARKER)
        launch.visibility = entry_pb.MEMBERS
        launch.launch_notification.area.sea_area = MARKER
        file_one(client, author, launch)
        part = record.DeclarationPart(form=record.FULL, policy_outline=MARKER)
        file_one(client, author, restricted(annual_declaration=record.AnnualDeclaration(
            year=DECLARED, ballistic_missiles=part, space_launch=record.DeclarationPart(
                form=record.FULL, policy_outline=MARKER, observer_policy=MARKER))))
        file_one(client, author, restricted(pledge=record.Pledge(target_date_us=now_us() + 900 * DAY_US, text=MARKER)))
        nil = record.DeclarationPart(form=record.NIL)
        file_one(cluster["IND"].client(), Author(cluster, "IND"), entry_pb.Body(
            visibility=entry_pb.PUBLIC, issued_at_us=now_us(), annual_declaration=record.AnnualDeclaration(
                year=DECLARED, ballistic_missiles=nil, space_launch=nil)))
        file_what_is_exchanged(cluster)
        file_one(client, author, restricted(exemption={
            "kind": record.SPACE_LAUNCH, "from_us": now_us() + DAY_US, "until_us": now_us() + 90 * DAY_US, "text": MARKER}))
        cluster.wait_for_agreement(at_least=9)
        yield cluster, ports["FRA"]
    finally:
        cluster.close()


@pytest.mark.parametrize("path", VIEWS)
def test_every_view_is_html_that_is_well_formed(shown, path):
    answer = ask(shown[1], path)
    assert answer.status == 200, answer.text
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    document = Page(answer.text)
    names = [tag for tag, _ in document.tags]
    assert names.count("h1") == names.count("main") == names.count("header") == names.count("footer") == 1
    assert dict(document.tags)["html"]["lang"] == "en"
    assert names.count("caption") == names.count("table")
    assert all("scope" in attrs for tag, attrs in document.tags if tag == "th")
    # Nothing that the policy forbids, or that leads elsewhere.
    assert not any(name.startswith("on") or name == "style" for _, attrs in document.tags for name in attrs)
    assert all("src" in attrs for tag, attrs in document.tags if tag == "script")
    for tag, attrs in document.tags:
        for name in ("src", "href", "action"):
            assert re.match(r"[/#](?!/)", attrs.get(name, "/")), (tag, attrs)


@pytest.mark.parametrize("path", VIEWS)
def test_every_view_is_json_as_its_message_says(shown, path):
    answer = ask(shown[1], path, headers=JSON)
    assert answer.status == 200, answer.text
    assert answer.headers["Content-Type"] == "application/json"
    json_format.Parse(answer.text, VIEWS[path]())  # refuses what the message does not have


@pytest.mark.parametrize("path", [*VIEWS, "/act", "/entries/0/receipt", "/assets/page.css", "/assets/live.js", "/none"])
@pytest.mark.parametrize("headers", [{}, JSON], ids=["html", "json"])
def test_every_answer_has_the_headers_that_protect_its_reader(shown, path, headers):
    answer = ask(shown[1], path, headers=headers)
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    for kind in ("script-src", "style-src", "img-src", "connect-src", "form-action"):
        assert policy[kind] == "'self'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in answer.headers and "Access-Control-Allow-Origin" not in answer.headers
    head = ask(shown[1], path, "HEAD", headers=headers)
    assert head.status == answer.status and head.body == b""
    kept = {name: value for name, value in answer.headers.items() if name != "Content-Length"}
    assert {name: value for name, value in head.headers.items() if name != "Content-Length"} == kept


def test_the_numbers_are_those_that_the_node_tells(shown):
    cluster, port = shown
    client = cluster["FRA"].client()
    status = client.status()
    overview = json_format.Parse(ask(port, "/", headers=JSON).text, page.OverviewPage())
    assert overview.status.tree_size == status.tree_size and overview.status.ledger_id == status.ledger_id
    assert (overview.members, overview.voters) == (4, 4)
    assert sum(month.entries for month in overview.months) == status.tree_size
    attention = {each.reason: (each.year, each.count) for each in overview.attention}
    assert attention[page.DECLARATIONS_NOT_SEEN] in ((DECLARED, 3), (DECLARED + 1, 4))
    entry = json_format.Parse(ask(port, "/entries/4", headers=JSON).text, page.EntryPage())
    assert entry.entry == cluster["FRA"].client(None).stub.GetEntry(ledger.GetEntryRequest(index=4), timeout=PATIENCE_S)
    assert entry.header.author == "IND" and entry.body.annual_declaration.year == DECLARED
    standing = {state.totals.state: state.declaration for state in json_format.Parse(
        ask(port, f"/compliance?year={DECLARED}", headers=JSON).text, page.CompliancePage()).states}
    # France has declared, for members only: nobody else may learn of it.
    assert standing == {"FRA": page.DECLARATION_NOT_SEEN, "IND": page.DECLARED_LATE, "JPN": page.DECLARATION_NOT_SEEN,
                        "USA": page.DECLARATION_NOT_SEEN}
    nodes = json_format.Parse(ask(port, "/nodes", headers=JSON).text, page.NodesPage())
    assert [(node.code, node.votes, node.self) for node in nodes.nodes] == [
        ("FRA", True, True), ("IND", True, False), ("JPN", True, False), ("USA", True, False)]
    assert all(node.self or (node.reached and node.heard) for node in nodes.nodes)
    assert not nodes.evidence


def test_what_dashboards_show_is_there(shown):
    """Members over time, kinds and classes, lead time, coverage, clarifications, pledges and offers."""
    _, port = shown

    def read(path, kind):
        return json_format.Parse(ask(port, path, headers=JSON).text, kind())

    members = read("/members", page.MembersPage)
    assert [(state.code, state.status, state.votes) for state in members.states] == [
        (code, "ACTIVE", True) for code in ("FRA", "IND", "JPN", "USA")]
    assert [(year.year, year.members) for year in members.years] == [(year, 4) for year in range(DECLARED, YEAR + 1)]
    notifications = read(f"/notifications?year={YEAR}", page.NotificationsPage)
    (totals,) = notifications.totals
    assert (totals.kind, totals.class_id, totals.timely, totals.launches) == (record.SPACE_LAUNCH, "SLV_MEDIUM", 1, 1)
    assert 2.9 * DAY_US < totals.lead_us == notifications.notifications[0].lead_us <= 3 * DAY_US
    compliance = read(f"/compliance?year={DECLARED}", page.CompliancePage)
    assert not compliance.HasField("coverage_percent") and compliance.all.announced_timely == 0
    assert (compliance.declarations.nil, compliance.declarations.missing) == (1, 3)
    (asked,) = read("/clarifications", page.ClarificationsPage).open
    assert (asked.asked_by, asked.state, asked.about, asked.request) == ("JPN", "FRA", 0, 7)
    pledge, offer = read("/pledges", page.PledgesPage).rows
    assert (pledge.pledge.state, pledge.pledge.pledge) == ("IND", 5), "the pledge of FRA is for members"
    assert (offer.offer.offer, offer.offer.pledge, offer.offer.status) == (6, 5, "OFFERED")
    for path, says in (("/members", "Members over time"), (f"/notifications?year={YEAR}", "By kind and class"),
                       (f"/compliance?year={DECLARED}", "n/a"), ("/clarifications", "none yet"), ("/pledges", "offered")):
        assert says in ask(port, path).text, path


def test_texts_are_shown_and_never_markup(shown):
    _, port = shown
    for path in ("/notifications", "/entries/0", "/"):
        text = ask(port, path).text
        assert "<img" not in text and "onerror=alert(1)>" not in text, path
    assert "&lt;img src=x onerror=alert(1)&gt;&amp;&quot;&#39;" in ask(port, "/notifications").text
    for path in ("/entries?author=%3Cscript%3E", "/%3Cscript%3E", "/entries?type=%22%3E%3Cscript%3E"):
        assert "<script>" not in ask(port, path).text


def test_a_receipt_from_the_page_is_good(shown, tmp_path):
    cluster, port = shown
    for index in (0, 1):
        answer = ask(port, f"/entries/{index}/receipt")
        assert answer.headers["Content-Disposition"] == f'attachment; filename="entry-{index}.receipt"'
        (tmp_path / "receipt").write_bytes(answer.body)
        (tmp_path / "act.txt").write_bytes(ask(port, "/act").body)
        assert (tmp_path / "act.txt").read_text() == cluster.act.read_text()
        done = run(ASSENT, "verify", tmp_path / "receipt", "--act", tmp_path / "act.txt")
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path, status", [
    ("/none", 404), ("/entries/", 404), ("/entries/x", 404), ("/entries/-1", 404), ("/entries/99999", 404),
    ("/entries/0/receipts", 404), ("/entries/18446744073709551616", 404), ("/revisions/7", 404), ("/assets/", 404),
    ("/assets/../server.cc", 404), ("/..%2f..%2fetc/passwd", 404), ("/assets/%00", 404),
    ("/compliance?year=1999", 400), ("/compliance?year=x", 400), ("/notifications?year=99999", 400),
    ("/entries?before=x", 400), ("/entries?author=fra", 400), ("/entries?type=Nothing", 400),
    ("/entries?author=FRA&page_token=x", 400), ("/notifications?page_token=%FF", 400),
    ("/entries?before=" + "1" * 600, 400), ("/events?from=x", 400)])
def test_what_is_not_there_or_makes_no_sense_is_said(shown, path, status):
    answer = ask(shown[1], path, headers=JSON)
    assert answer.status == status, answer.text
    error = json_format.Parse(answer.text, page.PageError())
    assert error.status == status and error.message


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_it_can_only_be_read(shown, method):
    for headers in ({}, {"Origin": "http://elsewhere.example", "Access-Control-Request-Method": "GET"}):
        answer = ask(shown[1], "/", method, headers=headers)
        assert answer.status == 405 and answer.headers["Allow"] == "GET, HEAD"
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_requests_are_bounded(shown):
    port = shown[1]
    assert ask(port, "/", body=b"x").status == 413
    chunked = b"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert " 413 " in raw(port, chunked)
    for size, status in ((HEADERS_BYTES_MAX - 100, " 404 "), (HEADERS_BYTES_MAX, " 431 "), (10 * HEADERS_BYTES_MAX, " 400 ")):
        filler = b"x" * size
        assert status in raw(port, b"GET /x HTTP/1.1\r\nHost: x\r\nX: " + filler + b"\r\n\r\n"), size
        assert status in raw(port, b"GET /" + filler + b" HTTP/1.1\r\nHost: x\r\n\r\n"), size
    assert " 400 " in raw(port, b"nonsense\r\n\r\n")
    assert ask(port, "/").status == 200


def test_a_request_that_does_not_go_on_is_ended(shown, say):
    start = time.monotonic()
    with socket.create_connection(("127.0.0.1", shown[1]), timeout=PATIENCE_S) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n")
        while connection.recv(4096):
            pass
    say(f"ended after {time.monotonic() - start:.1f} s")
    assert time.monotonic() - start < 6 * REQUEST_TIMEOUT_S


def test_events_come_without_gap_or_repeat(shown, say):
    cluster, port = shown
    client = cluster["FRA"].client()
    author = Author(cluster, "FRA").follow(client)
    size = client.status().tree_size
    with watch(port, "/events?from=0") as events:
        assert events.response.headers["Content-Type"] == "text/event-stream"
        assert events.entries(size) == list(range(size))
        name, index, block = events.next()
        assert name == "block" and index is None and int(block["tree_size"]) == size
        say("an entry comes as it becomes final")
        _, receipt = file_one(client, author)
        assert events.entries(1) == [receipt.index]
    say("while nobody listens, others follow")
    for _ in range(3):
        file_one(client, author)
    with watch(port, headers={"Last-Event-ID": str(size)}) as events:
        assert events.entries(3) == [size + 1, size + 2, size + 3]
    with watch(port) as events:
        assert events.next()[0] == "block"
        _, receipt = file_one(client, author)
        assert events.entries(1) == [receipt.index]


def test_watchers_are_bounded(shown):
    port = shown[1]
    with contextlib.ExitStack() as stack:
        for _ in range(WATCHERS_MAX):
            stack.enter_context(watch(port))
        for _ in range(3):
            with Events(port) as one_more:
                assert one_more.status == 503
        assert ask(port, "/").status == 200, "others are answered meanwhile"
    with contextlib.ExitStack() as stack:
        for _ in range(WATCHERS_MAX):
            stack.enter_context(watch(port))  # the places of those who have gone


def everything(port):
    """All that can be reached from the first view, by its path and kind."""
    seen, found = {}, {"/"}
    while found:
        path = found.pop()
        answer = ask(port, path)
        seen[path, "html"] = answer.body
        if answer.headers["Content-Type"].startswith("text/html"):
            found |= {link for link in Page(answer.text).links() if (link, "html") not in seen}
        seen[path, "json"] = ask(port, path, headers=JSON).body
    return seen


def test_nothing_for_members_is_shown_anywhere(shown, say):
    cluster, port = shown
    member = cluster["FRA"].client()
    hidden = [entry for entry in member.entries() if MARKER.encode() in entry.entry.body]
    assert len(hidden) == 4
    seen = everything(port)
    size = member.status().tree_size
    with watch(port, "/events?from=0") as events:
        seen["/events", "events"] = repr([events.next() for _ in range(size)]).encode()
    say(f"{len(seen)} answers are searched")
    for kind in ("/entries/1", "/entries/1/receipt", "/notifications", "/compliance", "/clarifications", "/pledges",
                 "/revisions", "/nodes", "/members", "/act"):
        assert any(path.startswith(kind) for path, _ in seen), f"{kind} was not reached"
    for (path, kind), body in seen.items():
        assert MARKER.encode() not in body, (path, kind)
        for entry in hidden:
            assert entry.entry.salt not in body and entry.entry.salt.hex().encode() not in body, (path, kind)
        assert b"Exemption" not in body, (path, kind)


def watch_slowly(port):
    """A connection to all events of which only the status line is read, and when it began; None without a place."""
    slow = socket.socket()
    # Small segments and a small window, or the kernel takes it all.
    slow.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    slow.settimeout(PATIENCE_S)
    slow.connect(("127.0.0.1", port))
    start = time.monotonic()
    slow.sendall(b"GET /events?from=0 HTTP/1.1\r\nHost: x\r\n\r\n")
    if slow.recv(12) == b"HTTP/1.1 200":
        return slow, start
    slow.close()
    return None


def is_open(port, peer):
    """Whether the end at `port` of a connection is open, by the kernel: it may have closed before all was taken."""
    local, remote, established = f"0100007F:{port:04X}", f"0100007F:{peer:04X}", "01"
    rows = [line.split() for line in pathlib.Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()]
    return [local, remote, established] in [row[1:4] for row in rows]


def test_a_reader_who_does_not_read_is_dropped(shown, say):
    cluster, port = shown
    client = cluster["FRA"].client()
    author = Author(cluster, "FRA").follow(client)
    calls = [client.submit_later(author.keep(author.prepare(notification(reference=f"slow {i}"))), 2 * PATIENCE_S)
             for i in range(400)]
    for call in calls:
        call.result()
    slow, start = wait_until("a place", lambda: watch_slowly(port))
    with slow:
        wait_until("the node closes its end", lambda: not is_open(port, slow.getsockname()[1]))
        assert time.monotonic() - start > REQUEST_TIMEOUT_S / 2
        told = b""
        while part := slow.recv(65536):  # what waited for it, and then the end
            told += part
        say(f"dropped when it had been sent {len(told)} bytes")
        assert f"id: {client.status().tree_size - 1}\n".encode() not in told


def test_only_this_machine_is_served_unless_it_is_meant(shown, tmp_path):
    cluster, port = shown
    with pytest.raises(OSError), socket.create_connection(("127.0.0.2", port), timeout=5):
        pass
    config = tmp_path / "node.toml"
    text = cluster["FRA"].config.read_text(encoding="utf-8")
    config.write_text(re.sub(r'page\.listen = ".*"', 'page.listen = "0.0.0.0:7403"', text), encoding="utf-8")
    done = run(ASSENT_NODE, "check", "--config", config)
    assert done.returncode == 1 and "page.beyond_loopback" in done.stdout


def test_watchers_do_not_hold_up_the_node(shown, say):
    node = shown[0]["IND"]
    port = int(re.search(r'page\.listen = "127\.0\.0\.1:(\d+)"', node.config.read_text()).group(1))
    with contextlib.ExitStack() as stack:
        for _ in range(8):
            stack.enter_context(watch(port))
        code, seconds = node.stop()
        say(f"stopped after {seconds:.1f} s")
        assert code == 0 and seconds < 5
    node.start()


def test_the_page_takes_the_signatures_that_nodes_take():
    if not shutil.which("node"):
        pytest.skip("not run: node missing")
    script = pathlib.Path(__file__).resolve().parents[1] / "page" / "ed25519.test.js"
    done = subprocess.run(["node", "--test", script], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    assert done.returncode == 0, done.stdout
