"""How a code of conduct comes to be, from an invitation to a text that every member has signed and any state may join.

86 states are invited and two decline. A draft goes to the capitals and to nobody else; the chair sums up what they say
of it, and a second draft reflects it. Consensus fails for one missing state, and is reached when that one has signed,
too. The text is presented, a new state joins, and two pledges are answered case by case.
"""

import json

import ledger_format as lf
from clocks import DAY_S, Clock
from cluster import ASSENT, run, wait_until
from steps import (appoint_chair, await_epoch, endorse, file_record, from_now, lodge_note, start_from_the_act, vote,
                   write_record)

SIGNATURES_DAYS = 3
FOUNDERS = ("FRA", "IND", "JPN", "USA")
CHAIR, DRAFTER, SILENT = "FRA", "JPN", "USA"
PROMPT = [code for code in FOUNDERS if code != SILENT]
CAPITALS = [code for code in FOUNDERS if code != DRAFTER]
NEW = "NOR"
INVITED = dict(state.split(" ", 1) for state in """\
ALB Albania, AND Andorra, ARG Argentina, ARM Armenia, AUS Australia, AUT Austria, AZE Azerbaijan, BDI Burundi, \
BEL Belgium, BEN Benin, BFA Burkina Faso, BGR Bulgaria, BIH Bosnia and Herzegovina, BRA Brazil, CAN Canada, \
CHE Switzerland, CHL Chile, CMR Cameroon, COK Cook Islands, COL Colombia, CPV Cabo Verde, CRI Costa Rica, CYP Cyprus, \
CZE Czechia, DEU Germany, DNK Denmark, ECU Ecuador, ESP Spain, EST Estonia, FIN Finland, FJI Fiji, GAB Gabon, \
GBR United Kingdom, GEO Georgia, GHA Ghana, GRC Greece, GTM Guatemala, HRV Croatia, HUN Hungary, IND India, \
IRL Ireland, ISL Iceland, ITA Italy, JOR Jordan, JPN Japan, KAZ Kazakhstan, KEN Kenya, KOR Republic of Korea, \
LIE Liechtenstein, LTU Lithuania, LUX Luxembourg, LVA Latvia, MAR Morocco, MCO Monaco, MDA Republic of Moldova, \
MDG Madagascar, MLI Mali, MLT Malta, MNG Mongolia, MUS Mauritius, NIC Nicaragua, NLD Netherlands, NOR Norway, \
NZL New Zealand, PAN Panama, PER Peru, PHL Philippines, POL Poland, PRT Portugal, PRY Paraguay, ROU Romania, \
SEN Senegal, SGP Singapore, SLE Sierra Leone, SLV El Salvador, SVK Slovakia, SVN Slovenia, SWE Sweden, \
TLS Timor-Leste, TON Tonga, TUN Tunisia, TUR Turkiye, URY Uruguay, USA United States of America, VAT Holy See, \
ZAF South Africa\
""".split(", "))
DECLINE = {"MUS", "TON"}
FIRST = "1. States announce their launches.\n"
SECOND = "1. States announce their launches a day before.\n"
THIRD = "1. States announce their launches a day before.\n2. They invite observers.\n"


class Story:
    """The states, what they have filed so far, and what one sees of it."""

    def __init__(self, cluster, clock, say):
        self.states = cluster
        self.clock = clock
        self.say = say
        self.stranger = cluster.folder / "stranger.key"
        made = run(ASSENT, "keygen", "reader", "-o", self.stranger)
        assert made.returncode == 0, made.stderr

    def draft(self, code, index):
        return self.states.json(code, "revision", "show", index)["drafts"][0]

    def round(self, code, index):
        return self.states.json(code, "revision", "show", index)["revisions"][0]

    def seen_outside(self, *command, reader=None):
        """What `assent` tells who is no member, by a node of theirs."""
        return json.loads(self.states.outside(DRAFTER, *command, "--json", reader=reader).stdout)

    def check_only_members_see(self, index):
        """Neither who shows no key nor who shows one that nobody has accredited; every member does."""
        for reader in (None, self.stranger):
            for code in FOUNDERS:
                shown = json.loads(self.states.outside(code, "show", index, "--json", reader=reader).stdout)
                assert shown["type"] == "" and "record" not in shown
            hidden = self.states.outside(DRAFTER, "show", index, "--record", reader=reader, expect=1)
            assert "does not show this record" in hidden.stderr
        for code in FOUNDERS:
            assert self.states.json(code, "show", index)["record"]

    def check_not_public(self, text):
        """No draft, no round and no record that says the text is shown to who is no member."""
        for reader in (None, self.stranger):
            told = self.seen_outside("revision", "show", reader=reader)
            assert not told["drafts"] and [revision["number"] for revision in told["revisions"]] == [0]
            assert not self.seen_outside("ask", "revision-status", reader=reader)["rows"]
            assert text.strip() not in json.dumps(self.seen_outside("list", reader=reader))

    def check_missing(self, round_id, missing):
        """Every node, asked again, says the same: it is open, and who has not signed."""
        for code in self.states.nodes:
            shown = self.round(code, round_id)
            assert (shown["status"], shown["missing"]) == ("OPEN_FOR_SIGNATURE", missing)
            assert "number" not in shown

    def check_instrument(self, round_id, number, text, signers):
        """It proves the revision without a network, and nothing when a byte of it is another."""
        path = self.states.folder / f"revision-{number}.instrument"
        self.states.json("IND", "revision", "instrument", round_id, "-o", path)
        done = run(ASSENT, "verify", path, "--act", self.states.act, "--json")
        assert done.returncode == 0, done.stderr
        proof = json.loads(done.stdout)
        assert (proof["revision"], proof["text"]) == (number, text)
        assert sorted(signature["member"] for signature in proof["signatures"]) == sorted(signers)
        altered = bytearray(path.read_bytes())
        altered[altered.index(text.encode())] ^= 1
        path.with_suffix(".altered").write_bytes(altered)
        refused = run(ASSENT, "verify", path.with_suffix(".altered"), "--act", self.states.act)
        assert refused.returncode == 1 and "proves nothing" in refused.stderr


def eighty_six_are_invited_and_two_decline(story):
    states = story.states
    assert len(INVITED) == 86
    conference = file_record(states, CHAIR, "Conference", title="Conference on a code of conduct", venue="Paris",
                             invited=[{"code": code, "name": name} for code, name in INVITED.items()],
                             **{"from": from_now(-3600, story.clock), "until": from_now(DAY_S, story.clock)})

    def answer(code):
        return write_record(states.folder / f"answer-{code}.json", "ConferenceAnswer", conference=conference,
                            state=code, answer="DECLINE" if code in DECLINE else "ACCEPT")

    for code in [code for code in FOUNDERS if code != CHAIR]:  # a member answers for itself, and nobody for it
        assert "ANSWERS_ITSELF" in states.cli(CHAIR, "file", answer(code), expect=1).stderr
        states.file(code, "file", answer(code))
    uninvited = write_record(states.folder / "uninvited.json", "ConferenceAnswer", conference=conference, state="SMR",
                             answer="ACCEPT")
    assert "NOT_INVITED" in states.cli(CHAIR, "file", uninvited, expect=1).stderr
    states.file(CHAIR, "file", *(answer(code) for code in INVITED if code not in FOUNDERS))
    file_record(states, CHAIR, "ConferenceAttendance", conference=conference,
                attended=[code for code in INVITED if code not in DECLINE])

    invited = story.seen_outside("show", conference)["record"]["invited"]
    assert {state["code"] for state in invited} == set(INVITED) and len(invited) == 86
    answers = [entry["record"] for entry in story.seen_outside("list", "--type", "ConferenceAnswer")["entries"]]
    assert len(answers) == 86
    assert {said["state"] for said in answers if said["answer"] == "DECLINE"} == DECLINE
    attendance, = story.seen_outside("list", "--type", "ConferenceAttendance")["entries"]
    assert len(attendance["record"]["attended"]) == 84


def a_draft_reaches_the_capitals_and_nobody_else(story):
    states = story.states
    first = states.file(DRAFTER, "revision", "draft", "--text", states.write("first.txt", FIRST), "--title", "Notice")
    assert story.draft(SILENT, first)["status"] == "DRAFTED"
    story.say("no member's node tells an outsider what it says")
    story.check_only_members_see(first)
    story.say(f"{CHAIR}, which chairs by now, circulates it; each capital confirms that it has it")
    states.file(CHAIR, "revision", "circulate", first)
    states.file_each(CAPITALS, "revision", "receipt", first)
    shown = story.draft("IND", first)
    assert shown["status"] == "CIRCULATED" and shown["text"] == FIRST
    assert {receipt["member"] for receipt in shown["receipts"]["received"]} == set(CAPITALS)
    assert shown["receipts"]["missing"] == [DRAFTER]
    return first


def two_capitals_comment(story, first):
    states = story.states
    said = {"IND": "How long before?", "USA": "States should count their missiles."}
    comments = {code: states.file(code, "revision", "comment", first, "--text", states.write(f"{code}.txt", text))
                for code, text in said.items()}
    assert [comment["index"] for comment in story.draft("FRA", first)["comments"]] == sorted(comments.values())
    story.check_only_members_see(comments["IND"])
    story.check_not_public(FIRST)
    return comments


def the_chair_sums_up(story, first):
    states = story.states
    said = "One capital asks for a period, one for more than a notice."
    summarise = ("revision", "summarise", first, "--text", states.write("summary.txt", said))
    assert "refused: NOT_CHAIR" in states.cli("IND", *summarise, expect=1).stderr
    assert "refused: COMMENT_PERIOD_OPEN" in states.cli(CHAIR, *summarise, expect=1).stderr
    story.clock.go_on(DAY_S)
    summary = states.file(CHAIR, *summarise)
    states.file_each([code for code in FOUNDERS if code != CHAIR], "revision", "receipt", summary)
    shown = story.draft("IND", first)
    assert (shown["status"], shown["summary"]["by"]["member"], shown["summary"]["text"]) == ("SUMMARISED", CHAIR, said)
    assert shown["summary"]["receipts"]["missing"] == [CHAIR]
    story.check_only_members_see(summary)


def a_second_draft_says_what_became_of_each_comment(story, first, comments):
    states = story.states
    text = states.write("second.txt", SECOND)
    command = ("revision", "draft", "--text", text, "--title", "A day's notice", "--after", first)
    answers = {"IND": ("ADOPTED", "A day."), "USA": ("NOT_ADOPTED", "It is for another text.")}
    lines = [f'  {{ comments = [ {comments[code]} ], outcome = "{outcome}", reason = "{reason}" }},\n'
             for code, (outcome, reason) in answers.items()]
    partly = states.write("partly.toml", f"answers = [\n{lines[0]}]\n")
    assert "refused: COMMENT_UNANSWERED" in states.cli(DRAFTER, *command, "--answers", partly, expect=1).stderr
    wholly = states.write("answers.toml", f"answers = [\n{''.join(lines)}]\n")
    second = states.file(DRAFTER, *command, "--answers", wholly)
    shown = story.draft("USA", second)
    assert shown["previous_draft"] == first
    assert {answer["comments"][0]: answer["outcome"] for answer in shown["answers"]} == {
        comments[code]: outcome for code, (outcome, _) in answers.items()}
    return second


def all_but_one_sign(story, second):
    """Returns the round, which is open however often one asks."""
    states = story.states
    round_id = states.file(DRAFTER, "revision", "open", second)
    states.file_each(PROMPT, "revision", "sign", round_id, "--text", states.folder / "second.txt")
    story.check_missing(round_id, [SILENT])
    return round_id


def consensus_fails_for_one_missing_state(story, second):
    states = story.states
    round_id = all_but_one_sign(story, second)

    def lapsed():
        shown = story.round("IND", round_id)
        assert shown["status"] in ("OPEN_FOR_SIGNATURE", "LAPSED") and "number" not in shown
        return shown["status"] == "LAPSED"

    for _ in range(SIGNATURES_DAYS):
        story.check_missing(round_id, [SILENT])
        story.clock.go_on(DAY_S)
    wait_until("the time for signatures to be over", lapsed)
    assert "refused: ROUND_LAPSED" in states.cli(SILENT, "revision", "sign", round_id, expect=1).stderr
    assert states.cli("IND", "revision", "instrument", round_id, "-o", states.folder / "none", expect=1)
    assert not (states.folder / "none").exists()
    story.say(f"{SILENT} was silent, which is no consent, on each of {SIGNATURES_DAYS} days, until the round lapsed")


def consensus_is_reached_at_the_last_signature(story, second):
    states = story.states
    round_id = all_but_one_sign(story, second)
    last = states.file(SILENT, "revision", "sign", round_id)
    for code in FOUNDERS:
        shown = story.round(code, round_id)
        assert (shown["status"], shown["number"], shown["ended_by"]) == ("FINAL", 1, last)
    height = states.json("IND", "show", last)["height"]
    before, at = (states.json("IND", "ask", "revision-status", round_id, "--as-of", at)["rows"][0]
                  for at in (height - 1, height))
    assert (before["status"], before["missing"]) == ("OPEN_FOR_SIGNATURE", [SILENT])
    assert (at["status"], at["ended_by"]) == ("FINAL", last)
    story.check_not_public(SECOND)
    return round_id


def it_is_officially_presented(story, round_id, first, second):
    states = story.states
    assert "refused: NOT_CHAIR" in states.cli(DRAFTER, "revision", "present", round_id, expect=1).stderr
    presentation = states.file(CHAIR, "revision", "present", round_id)
    for reader in (None, story.stranger):
        assert story.seen_outside("show", presentation, reader=reader)["record"]["text"] == SECOND
        assert SECOND.strip() in json.dumps(story.seen_outside("list", reader=reader))
        told = story.seen_outside("revision", "show", reader=reader)
        assert (told["revisions"][0]["number"], told["revisions"][0]["text"]) == (1, SECOND)
        assert {signature["member"] for signature in told["revisions"][0]["signatures"]} == set(FOUNDERS)
        assert not told["drafts"]
        asked, = story.seen_outside("ask", "revision-status", reader=reader)["rows"]
        assert (asked["number"], asked["status"]) == (1, "FINAL")
    for draft in (first, second):  # who drafted what stays among members
        story.check_only_members_see(draft)


def a_new_state_joins(story):
    states = story.states
    states.add(lf.State(NEW, INVITED[NEW]), CHAIR)

    def status():
        members = story.seen_outside("members", "--all")["members"]
        return next((member["status"] for member in members if member["code"] == NEW), "NONE")

    assert status() == "NONE"
    file_record(states, CHAIR, "SubscriptionInvitation", code=NEW, name=INVITED[NEW])
    assert status() == "INVITED"
    question = lodge_note(states, NEW, CHAIR)
    endorse(states, ["IND"], question)
    assert status() == "NOTED"
    endorse(states, ["JPN"], question)
    assert status() == "ACTIVE"
    story.say(f"three of four attest that the note is really that of {NEW}; its node has only the founding act")
    start_from_the_act(states, NEW)
    before = states.json(NEW, "status")["epoch"]
    vote(states, NEW)
    await_epoch(states, before + 1)
    voters = [member["code"] for member in states.json(NEW, "members")["members"] if member.get("votes")]
    assert voters == sorted((*FOUNDERS, NEW))


def the_next_revision_needs_the_new_state(story):
    states = story.states
    round_id = states.file(DRAFTER, "revision", "open", "--text", states.write("third.txt", THIRD), "--title",
                           "Observers")
    states.file_each(FOUNDERS, "revision", "sign", round_id)
    story.check_missing(round_id, [NEW])
    last = states.file(NEW, "revision", "sign", round_id)
    shown = story.round("USA", round_id)
    assert (shown["status"], shown["number"], shown["ended_by"]) == ("FINAL", 2, last)
    return round_id


def pledges_are_answered_case_by_case(story):
    states = story.states

    def asked():
        rows = story.seen_outside("ask", "pledges-and-offers")["rows"]
        return {row["to"]: (row["from"], row["offer"], row["status"]) for row in rows if "offer" in row}

    offered = {"state": NEW, "expires": from_now(DAY_S, story.clock),
               "text": "Three launches of civil satellites at cost."}
    unpledged = write_record(states.folder / "unpledged.json", "IncentiveOffer", **offered)
    assert "refused: PLEDGE_MISSING" in states.cli("JPN", "file", unpledged, expect=1).stderr
    offers = {}
    for code in (NEW, "IND"):
        pledge = file_record(states, code, "Pledge", target_date=from_now(3650 * DAY_S),
                             text="All ballistic missiles are destroyed, and none are acquired again.")
        offers[code] = file_record(states, "JPN", "IncentiveOffer", **{**offered, "state": code, "pledge": pledge})
    assert asked() == {code: ("JPN", offer, "OFFERED") for code, offer in offers.items()}

    file_record(states, NEW, "IncentiveAnswer", offer=offers[NEW], answer="ACCEPT")
    assert {code: row[2] for code, row in asked().items()} == {NEW: "ACCEPTED", "IND": "OFFERED"}
    file_record(states, "IND", "IncentiveAnswer", offer=offers["IND"], answer="DECLINE")
    assert {code: row[2] for code, row in asked().items()} == {NEW: "ACCEPTED", "IND": "DECLINED"}
    late = write_record(states.folder / "late.json", "IncentiveAnswer", offer=offers["IND"], answer="ACCEPT")
    assert "refused: OFFER_ANSWERED" in states.cli("IND", "file", late, expect=1).stderr


def everybody_has_the_same_ledger(story):
    states = story.states
    agreed = states.wait_for_agreement()  # of height, entries, root and state digest
    for code in FOUNDERS:
        audited = states.json(code, "audit")
        assert audited["good"] and audited["complete"], audited
    story.say(f"five nodes, {agreed.tree_size} entries, root {agreed.root.hex()[:16]}; four audits find no fault")


def test_from_an_invitation_to_a_code_that_any_state_may_join(new_cluster, tmp_path, say):
    clock = Clock(tmp_path / "clock")
    states = new_cluster(before=clock.give, codes=FOUNDERS, heartbeat_s=2, skew_s=1, comment_period_s=DAY_S,
                         signature_period_s=SIGNATURES_DAYS * DAY_S)
    story = Story(states, clock, say)
    say(f"four states have founded a ledger, and decide that {CHAIR} chairs")
    appoint_chair(states, CHAIR, clock)
    say("86 states are invited to a conference, and two decline, as anyone can see")
    eighty_six_are_invited_and_two_decline(story)
    say(f"{DRAFTER} drafts a code")
    first = a_draft_reaches_the_capitals_and_nobody_else(story)
    say("two capitals comment on it")
    comments = two_capitals_comment(story, first)
    say("the chair sums up, when the time for comments is over")
    the_chair_sums_up(story, first)
    say("a second draft reflects their views")
    second = a_second_draft_says_what_became_of_each_comment(story, first, comments)
    say("it is opened for signature: all sign but one")
    consensus_fails_for_one_missing_state(story, second)
    say("it is opened again: all sign but one, and then that one")
    round_id = consensus_is_reached_at_the_last_signature(story, second)
    say("it is officially presented: now everybody may read it")
    it_is_officially_presented(story, round_id, first, second)
    say("a file proves it offline")
    story.check_instrument(round_id, 1, SECOND, FOUNDERS)
    say(f"{NEW} joins, which nobody can veto")
    a_new_state_joins(story)
    say(f"the next revision needs {NEW}, too")
    story.check_instrument(the_next_revision_needs_the_new_state(story), 2, THIRD, [*FOUNDERS, NEW])
    say(f"{NEW} and IND pledge to give up their missiles; JPN offers something to each, one accepts, one does not")
    pledges_are_answered_case_by_case(story)
    say("at the end everybody has the same ledger, and anybody may check it")
    everybody_has_the_same_ledger(story)
