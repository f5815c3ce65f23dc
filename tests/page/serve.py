"""A ledger of four nodes for the browser to look at: the sample data imported, a revision that was presented and a round that
is open, windows of every form, pledges, offers and questions. Prints one line of JSON when it is there, with an access token of
a member; files a notification for each line that it reads, and answers with its index; ends with its input."""

import json
import pathlib
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "functional"))

import ledger_format as lf  # noqa: E402
from client import DAY_US, Author, file_one, notification, now_us  # noqa: E402
from cluster import ASSENT, CODES, Cluster, free_ports, run  # noqa: E402
from protos import entry as entry_pb  # noqa: E402
from protos import cooperation, record  # noqa: E402
from steps import appoint_chair, file_record, file_when  # noqa: E402

SAMPLE = ROOT / "deploy" / "sample"
HOUR_US = 3_600_000_000
SEA_AREAS = 2


def at(latitude, longitude):
    return record.Coordinates(latitude_udeg=round(latitude * 1e6), longitude_udeg=round(longitude * 1e6))


def areas():
    """Of each form, one of them across the antimeridian."""
    yield record.LaunchArea(site=record.Site(name="Guiana Space Centre", location=at(5.24, -52.77)))
    yield record.LaunchArea(circle=record.Circle(center=at(30.4, 130.97), radius_m=600_000))
    yield record.LaunchArea(circle=record.Circle(center=at(-12, 178), radius_m=900_000))
    yield record.LaunchArea(polygon=record.Polygon(points=[at(8, 82), at(13, 80), at(9, 95), at(2, 92)]))
    yield record.LaunchArea(polygon=record.Polygon(points=[at(12, 165), at(14, -170), at(2, -168), at(1, 166)]))
    for name in ("Barents Sea", "Bay of Bengal")[:SEA_AREAS]:
        yield record.LaunchArea(sea_area=name)


def launch(reference, area, begins_us, ends_us):
    body = notification(reference, window_start_us=begins_us, window_end_us=ends_us)
    body.launch_notification.area.CopyFrom(area)
    return body


def fill(cluster):
    classes = cluster.write("classes.toml", '[classes]\n"" = "SLV_MEDIUM"\n')
    states = [part for code in CODES for part in ("--state", cluster[code].folder / "assent.toml")]
    done = run(ASSENT, "import", SAMPLE / "launches.csv", "--classes", classes, "--visibility", "PUBLIC", *states,
               timeout=300)
    assert done.returncode == 0, done.stderr
    for code in CODES:
        for path in sorted((SAMPLE / "annual-declarations").glob(f"{code}-*.toml")):
            text = path.read_text().replace("SLV_HEAVY", "SLV_MEDIUM").replace("SLV_LIGHT", "SLV_MEDIUM")
            if text.count("SLV_MEDIUM") > 1:
                continue  # no class may stand twice
            cluster.cli(code, "file", cluster.write(path.name, text))
    part = record.DeclarationPart(form=record.NIL)
    nil = entry_pb.Body(visibility=entry_pb.PUBLIC, issued_at_us=now_us(), annual_declaration=record.AnnualDeclaration(
        year=2018, ballistic_missiles=part, space_launch=part))
    for code in CODES:
        client = cluster[code].client()
        author = Author(cluster, code).follow(client)
        if code == "JPN":
            nil.annual_declaration.year = 2019
            file_one(client, author, nil)
        for i, area in enumerate(areas()):
            if i % len(CODES) != CODES.index(code):
                continue
            begins = now_us() + (2 * HOUR_US if i == 1 else (2 + i) * DAY_US)
            file_one(client, author, launch(f"{code}-{i + 1}", area, begins, begins + (1 + i % 3) * DAY_US))
        hidden = notification(f"{code} in confidence")
        hidden.visibility = entry_pb.MEMBERS
        file_one(client, author, hidden)


def exchange(cluster):
    """Pledges and offers, and questions about what was filed."""
    def file(code, **records):
        client = cluster[code].client()
        index = file_one(client, Author(cluster, code).follow(client),
                         entry_pb.Body(visibility=entry_pb.PUBLIC, issued_at_us=now_us(), **records))[1].index
        cluster.wait_for_agreement(at_least=index + 1)
        return index

    pledge = file("IND", pledge={"target_date_us": now_us() + 900 * DAY_US, "text": "None by then."})
    offer = {"state": "IND", "pledge": pledge, "expires_us": now_us() + 30 * DAY_US}
    accepted = file("FRA", incentive_offer={**offer, "text": "A place on a launch."})
    file("IND", incentive_answer={"offer": accepted, "answer": cooperation.ACCEPT})
    file("USA", incentive_offer={**offer, "text": "Data of a satellite."})
    asked = file("FRA", clarification_request={"about": first_of(cluster, "IND"), "question": "From which site?"})
    file("IND", clarification_reply={"request": asked, "text": "From the second."})
    file("USA", clarification_request={"about": first_of(cluster, "FRA"), "question": "Which class?"})
    report = {"launched_at_us": now_us() - DAY_US, "outcome": record.LAUNCHED, "kind": record.SPACE_LAUNCH,
              "class_id": "SLV_MEDIUM"}
    file("JPN", launch_report=report)


def first_of(cluster, code):
    """A notification of a state."""
    listed = cluster.json("FRA", "list", "--author", code, "--type", "LaunchNotification")["entries"]
    return int(listed[0]["index"])


def revise(cluster):
    appoint_chair(cluster, "JPN")
    text = SAMPLE / "code-revision-1.txt"
    opened = cluster.json("FRA", "revision", "open", "--text", text, "--title", "Three days' notice")
    number = opened["entries"][0]["index"]
    cluster.file_each(CODES, "revision", "sign", number, "--text", text)
    file_when(cluster, "JPN", "NOT_CHAIR", "revision", "present", number)


def open_round(cluster):
    """One that waits for two signatures. Returns its index."""
    text = cluster.write("next.txt", (SAMPLE / "code-revision-1.txt").read_text() + "\nReports name the site.\n")
    number = cluster.file("USA", "revision", "open", "--text", text, "--title", "Sites in reports")
    cluster.file_each(("IND", "USA"), "revision", "sign", number, "--text", text)
    return number


def main():
    with tempfile.TemporaryDirectory(prefix="assent-page.") as folder:
        cluster = Cluster(pathlib.Path(folder) / "ledger", founded="2016-01-01T00:00:00Z", heartbeat_s=5,
                          code=(SAMPLE / "code-revision-0.txt").read_text())
        (port,) = free_ports(1)
        with open(cluster["FRA"].config, "a", encoding="utf-8") as file:
            file.write(f'page.listen = "127.0.0.1:{port}"\n')
        try:
            cluster.start()
            fill(cluster)
            exchange(cluster)
            revise(cluster)
            state = cluster["FRA"].state
            token = lf.access_token(cluster.ledger_id, state.public("transport"), state.keys["reader"],
                                    now_us() + HOUR_US)
            print(json.dumps({"port": port, "round": open_round(cluster), "token": token}), flush=True)
            client = cluster["IND"].client()
            for line in sys.stdin:
                author = Author(cluster, "IND").follow(client)
                _, receipt = file_one(client, author, notification(line.strip()))
                print(receipt.index, flush=True)
        finally:
            cluster.close()


main()
