"""Nodes of a cluster under load are killed, one or several or all of them at a moment, and started again."""

import random
import time

from cluster import CommandFailed
from load import SteadyLoad, check_nothing_is_lost

PER_SECOND = 60
ENTRIES_AFTER = 8  # have become final before the next kill
TOGETHER_WEIGHTS = {1: 4, 2: 2, 3: 1, 4: 2}  # of four nodes so many die at once


def kill_and_restart(cluster, kills, seed, say, together=None):
    """Kills so many processes in all, and checks that nothing that was answered as final is lost and that no step is
    needed but to start again. `together`: so many at a moment, else by chance. Returns how many entries were final."""
    choose = random.Random(seed)
    left = kills
    with SteadyLoad(cluster, cluster.nodes, PER_SECOND, seed=seed, follow=True) as load:
        load.wait_for(ENTRIES_AFTER)
        while left > 0:
            time.sleep(choose.uniform(0.0, 0.8))
            count = together or choose.choices(*zip(*TOGETHER_WEIGHTS.items()))[0]
            victims = choose.sample(sorted(cluster.nodes), min(count, left, len(cluster.nodes)))
            before = load.count()
            kill_at_once(cluster, victims)
            time.sleep(choose.choice((0.0, 0.0, 0.4)))
            for code in victims:
                cluster[code].start(wait=False)
            left -= len(victims)
            load.wait_for(ENTRIES_AFTER)
            say(f"killed {' '.join(victims)} at {before} entries; {kills - left} of {kills} kills, "
                f"{load.count()} entries answered as final")
    agreed = cluster.wait_for_agreement(at_least=len(load.final))
    check_nothing_is_lost(cluster, load.final)
    for node in cluster:
        status = cluster.operator_status(node.code)
        if status["mode"] != "VOTING":
            raise CommandFailed(f"the node of {node.code} is {status['mode']} after kills alone")
        if status["evidence"]:
            raise CommandFailed(f"the node of {node.code} holds evidence against an honest node")
    say(f"all agree at height {agreed.height}; each of {len(load.final)} entries is at its place on all of them; "
        f"{load.retries} times an author had to send again")
    return len(load.final)


def kill_at_once(cluster, codes):
    """Within a millisecond or so: nobody is left to tell the others."""
    for code in codes:
        cluster[code].process.kill()
    for code in codes:
        cluster[code].kill()
