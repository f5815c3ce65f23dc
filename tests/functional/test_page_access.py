"""The page with an access token: members and inspectors see there what they may read, and nothing longer than that."""

import hashlib
import json
import os
import re
import time
import urllib.parse

import pytest
from google.protobuf import json_format

import ledger_format as lf
from client import DAY_US, Author, file_one, notification, now_us
from cluster import ASSENT, ASSENT_NODE, Cluster, run, wait_until
from pages import JSON, Events, Page, ask, raw, with_page
from protos import entry as entry_pb
from protos import inspection, page, revision

MARKER = "marker" + os.urandom(12).hex()
TEXT = "1. States announce their launches three days before.\n"
CHARS = 140             # ledger/access/access_token.h
MINUTES_MAX = 60
FORM_BYTES_MAX = 1024   # node/page/limits.h
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def members_only(**records):
    return entry_pb.Body(visibility=entry_pb.MEMBERS, issued_at_us=now_us(), **records)


class Ledger:
    """FRA has filed a launch for members, and opened a round that FRA and IND have signed."""

    def __init__(self, folder):
        self.cluster = Cluster(folder, heartbeat_s=2, skew_s=1)
        self.ports = with_page(self.cluster)
        self.cluster.start()
        self.fra = self.follow("FRA")
        launch = notification(reference=MARKER)
        launch.visibility = entry_pb.MEMBERS
        self.launch = self.file("FRA", launch)
        self.round = self.file("FRA", members_only(revision_open=revision.RevisionOpen(
            replaces=0, title=f"Title {MARKER}", text=TEXT)))
        for code in ("FRA", "IND"):
            self.file(code, members_only(revision_sign=revision.RevisionSign(
                round=self.round, text_hash=hashlib.sha256(TEXT.encode()).digest(), replaces=0, membership=0)))

    def follow(self, code):
        return Author(self.cluster, code).follow(self.cluster[code].client())

    def file(self, code, body):
        index = file_one(self.cluster[code].client(), self.follow(code), body)[1].index
        self.cluster.wait_for_agreement(at_least=index + 1)
        return index

    def token(self, code, key=None, until_us=None):
        """Made in Python, from docs/formats.md: for the node of `code`, by its own state's reader key or another."""
        state = self.cluster[code].state
        return lf.access_token(self.cluster.ledger_id, state.public("transport"), key or state.keys["reader"],
                               until_us or now_us() + 600_000_000)

    def ask(self, code, path, token=None, **headers):
        if token:
            headers["Authorization"] = f"Bearer {token}"
        return ask(self.ports[code], path, headers=headers)

    def page(self, code, path, kind, token=None):
        answer = self.ask(code, path, token, **JSON)
        assert answer.status == 200, answer.text
        return json_format.Parse(answer.text, kind())


@pytest.fixture(name="ledger", scope="module")
def running_ledger(tmp_path_factory):
    ledger = Ledger(tmp_path_factory.mktemp("access") / "ledger")
    yield ledger
    ledger.cluster.close()


@pytest.fixture(name="inspector")
def new_inspector(ledger):
    """A key, and what accredits it for records of these states."""
    key = lf.State("INS", "Inspector").keys["reader"]

    def accredit(*authors):
        return ledger.file("JPN", members_only(inspector_accreditation=inspection.InspectorAccreditation(
            public_key=bytes(key.verify_key), name="Example Institute", from_us=now_us() - DAY_US,
            until_us=now_us() + DAY_US, all_bodies=not authors, authors=authors)))

    return key, accredit


def test_a_member_sees_what_is_for_members(ledger):
    made = ledger.cluster.json("FRA", "access-token")
    assert len(made["token"]) == CHARS
    for token in (made["token"], ledger.token("FRA")):
        shown = ledger.ask("FRA", f"/entries/{ledger.launch}", token)
        assert shown.status == 200 and MARKER in shown.text and "Shown as to FRA, a member, until " in shown.text
        assert shown.headers["Cache-Control"] == "no-store" and "Set-Cookie" not in shown.headers
        assert int(shown.headers["Refresh"]) <= 15 * 60 + 1
        Page(shown.text)
        entry = ledger.page("FRA", f"/entries/{ledger.launch}", page.EntryPage, token)
        assert entry.body.launch_notification.reference == MARKER
        assert ledger.page("FRA", "/", page.OverviewPage, token).complete
    for path in ("/", "/entries", f"/entries/{ledger.launch}", "/revisions", "/notifications"):
        assert MARKER not in ledger.ask("FRA", path).text, path
    assert not ledger.page("FRA", "/", page.OverviewPage).complete


def test_an_open_round_is_shown_state_by_state(ledger):
    path = f"/rounds/{ledger.round}"
    assert ledger.ask("FRA", path).status == 404
    assert ledger.ask("FRA", path, **JSON).text == ledger.ask("FRA", "/rounds/99999", **JSON).text
    token = ledger.token("FRA")
    assert f'href="{path}"' in ledger.ask("FRA", "/revisions", token).text
    text = ledger.ask("FRA", path, token).text
    Page(text)
    for code, says in (("FRA", "\u2713 has signed"), ("IND", "\u2713 has signed"), ("JPN", "\u2026 missing"),
                       ("USA", "\u2026 missing")):
        assert re.search(rf'<th scope="row">{code}</th><td class="\w+">{says}</td>', text), code
    assert "2 signed, 2 missing" in text and re.search(r"open for signature, \d+ days left", text)
    assert "<ins>+ 1. States announce their launches three days before.</ins>" in text
    assert "<del>\u2212 1. States announce their launches.</del>" in text
    shown = ledger.page("FRA", path, page.RevisionPage, token)
    assert list(shown.revision.missing) == ["JPN", "USA"] and shown.replaced.number == 0
    assert 0 < shown.revision.deadline_us - shown.as_of_us


def test_a_browser_signs_in_and_out(ledger):
    port, token = ledger.ports["FRA"], ledger.token("FRA")
    form = Page(ask(port, "/sign-in").text)
    assert ("form", {"method": "post", "action": "/sign-in", "class": "filter"}) in form.tags
    signed = ask(port, "/sign-in", "POST", headers=FORM, body=urllib.parse.urlencode({"token": token}))
    assert signed.status == 303 and signed.headers["Location"] == "/", signed.text
    name, *rules = signed.headers["Set-Cookie"].split("; ")
    assert name == f"assent-access={token}"
    assert {"HttpOnly", "Secure", "SameSite=Strict", "Path=/"} < set(rules) and "Domain" not in signed.headers["Set-Cookie"]
    assert 590 <= int(next(rule for rule in rules if rule.startswith("Max-Age=")).removeprefix("Max-Age=")) <= 600
    cookie = {"Cookie": f"other=1; {name}; last=2"}
    assert MARKER in ask(port, f"/entries/{ledger.launch}", headers=cookie).text
    with Events(port, f"/events?from={ledger.round}", headers=cookie) as events:
        assert events.next()[2]["entry"]["type"] == "RevisionOpen"
    out = ask(port, "/sign-out", "POST", headers={**FORM, **cookie}, body="")
    assert out.status == 303 and "Max-Age=0" in out.headers["Set-Cookie"]


def test_a_form_from_elsewhere_or_of_another_kind_is_refused(ledger):
    port, body = ledger.ports["FRA"], urllib.parse.urlencode({"token": ledger.token("FRA")})
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
                    {"Origin": "http://elsewhere.example"}):
        refused = ask(port, "/sign-in", "POST", headers={**FORM, **headers}, body=body)
        assert refused.status == 403 and "Set-Cookie" not in refused.headers, headers
    for headers in ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, {"Origin": f"http://127.0.0.1:{port}"}):
        assert ask(port, "/sign-in", "POST", headers={**FORM, **headers}, body=body).status == 303, headers
    assert ask(port, "/sign-in", "POST", headers=FORM, body="token=" + "x" * FORM_BYTES_MAX).status == 413
    assert ask(port, "/sign-in", "POST", headers=FORM, body="token=").status == 400
    assert ask(port, "/sign-in", "POST", headers=FORM, body="token=nonsense").status == 401
    assert " 413 " in raw(port, b"POST /sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
    put = ask(port, "/sign-in", "PUT", headers=FORM, body=body)
    assert put.status == 405 and put.headers["Allow"] == "GET, HEAD, POST"
    assert ask(port, "/", "POST", headers=FORM, body=body).status == 405


def test_a_token_in_an_address_is_not_taken(ledger):
    for name in ("token", "access_token"):
        assert MARKER not in ledger.ask("FRA", f"/entries/{ledger.launch}?{name}={ledger.token('FRA')}").text


def test_a_token_is_for_one_node_and_one_time(ledger):
    stranger = lf.State("AAA", "Stranger").keys["reader"]
    good = ledger.token("FRA")
    changed = good[:-1] + ("B" if good[-1] == "A" else "A")
    wrong = (
        (ledger.token("IND"), 401, "not for this node"),
        (ledger.token("FRA", until_us=now_us() - 1), 401, "has expired"),
        (ledger.token("FRA", until_us=now_us() + 3 * 3600 * 1_000_000), 401, f"more than {MINUTES_MAX} minutes"),
        (changed, 401, "or was changed"), ("nonsense", 401, "no access token"),
        (ledger.token("FRA", key=stranger), 403, "no member and of no inspector"))
    for token, status, says in wrong:
        for path in ("/", "/events", f"/entries/{ledger.launch}/receipt"):
            answer = ledger.ask("FRA", path, token, **JSON)
            assert answer.status == status and says in json.loads(answer.text)["message"], (answer.text, path)
            assert status != 401 or answer.headers["WWW-Authenticate"].startswith("Bearer ")
    stale = ask(ledger.ports["FRA"], "/", headers={"Cookie": f"assent-access={wrong[1][0]}"})
    assert stale.status == 401 and "Max-Age=0" in stale.headers["Set-Cookie"]
    for minutes in ("0", str(MINUTES_MAX + 1)):
        ledger.cluster.cli("FRA", "access-token", "--minutes", minutes, expect=2)
    nobody = run(ASSENT, "access-token", "--act", ledger.cluster.act, "--member", "FRA")
    assert nobody.returncode == 2 and "--reader is needed" in nobody.stderr


def test_an_inspector_sees_its_scope_and_is_logged(ledger, inspector, say):
    key, accredit = inspector
    by_ind = notification(reference="of IND " + MARKER)
    by_ind.visibility = entry_pb.MEMBERS
    by_ind = ledger.file("IND", by_ind)
    given = accredit("FRA")
    token = ledger.token("USA", key=key)
    shown = ledger.ask("USA", f"/entries/{ledger.launch}", token)
    assert MARKER in shown.text and f"an inspector, by accreditation {given}" in shown.text
    assert MARKER not in ledger.ask("USA", f"/entries/{by_ind}", token).text
    done = run(ASSENT_NODE, "inspections", "--config", ledger.cluster["USA"].config, "--key",
               bytes(key.verify_key).hex())
    lines = done.stdout.splitlines()
    assert [line.split("  ")[-1] for line in lines] == [f"/entries/{ledger.launch}", f"/entries/{by_ind}"], done
    assert all("  Page  " in line for line in lines)

    say("the accreditation ends: what is open ends, and what is asked for anew is refused")
    with Events(ledger.ports["USA"], f"/events?from={ledger.launch}",
                headers={"Authorization": f"Bearer {token}"}) as events:
        assert events.next()[2]["entry"]["type"] == "LaunchNotification"
        ledger.file("JPN", members_only(inspector_accreditation_end=inspection.InspectorAccreditationEnd(
            accreditation=given, reason="Done.")))
        with pytest.raises(AssertionError, match="the stream has ended"):
            while True:
                events.next()
    assert ledger.ask("USA", "/", token).status == 403


def test_a_stream_ends_with_its_token(ledger, say):
    token = ledger.token("JPN", until_us=now_us() + 3_000_000)
    start = time.monotonic()
    with Events(ledger.ports["JPN"], headers={"Authorization": f"Bearer {token}"}) as events:
        with pytest.raises(AssertionError, match="the stream has ended"):
            while True:
                events.next()
    say(f"ended after {time.monotonic() - start:.1f} s")
    wait_until("the token has expired", lambda: ledger.ask("JPN", "/", token).status == 401)


def test_no_token_is_in_a_log(ledger):
    token = ledger.token("FRA")
    ledger.ask("FRA", "/", token)
    ask(ledger.ports["FRA"], "/sign-in", "POST", headers=FORM, body=urllib.parse.urlencode({"token": token}))
    assert token not in ledger.cluster["FRA"].log()
