/*
 * The vote rules of node/consensus/SPECIFICATION.md, checked in all orders of events: the three
 * votes, certificates, views, the journal, crashes, one hostile voter of four, the end of an epoch,
 * and a node that has lost its journal. tests/model/test_votes.py says which sizes and mistakes are
 * tried.
 *
 * The net may do anything: what was sent is there for ever, and anybody may come to know it at any
 * time, or never. So what a node holds is not modelled: a certificate can be used from the moment
 * in which enough votes for it were sent. The rules ask only for certificates, never for the lack
 * of one, so that a node that holds less can only do less. For the same reason a node has no
 * present view: it votes in any that it can have entered.
 *
 * Leaders are not modelled either: anybody may propose, and two blocks in each view. A block is
 * there from the first vote of an honest voter for it, on a parent that is justified then.
 *
 * Left out because they only take votes away: time, timers, work, what is in a block, that nobody
 * votes up to the view that it knows to be final. Left out because liveness alone needs them:
 * fetching blocks, standstill, who sends what to whom.
 */

#ifndef VIEWS
#define VIEWS 3     /* of the first epoch, at most 3 */
#endif
/* Blocks proposed in each view, 1 or 2. */
#ifndef BLOCKS_1
#define BLOCKS_1 2
#endif
#ifndef BLOCKS_2
#define BLOCKS_2 2
#endif
#ifndef BLOCKS_3
#define BLOCKS_3 1
#endif
/* -DEPOCHS:  the first epoch may be closed; a second of one view follows. */
/* -DRESTORE: nobody is hostile; node 0 may lose its journal, again and again. */
/* -DTRACE=\"FILE\": instead of all orders the one that FILE says, which driven.py makes. */

/* What is checked; a run that wants to see one property fail leaves the others out. */
#define AGREEMENT    1  /* one final block at each height */
#define VOTES        2  /* nobody contradicts what it has sent */
#define CERTIFICATES 4  /* no two of a view that exclude each other */
#define VOTERS       8  /* an epoch has the voters that the final block before it names */
#ifndef PROPERTIES
#define PROPERTIES (AGREEMENT | VOTES | CERTIFICATES | VOTERS)
#endif
#define CHECKED(property) ((PROPERTIES & (property)) != 0)

/*
 * Each epoch has four voters. The honest ones are numbered; the hostile one has voted for
 * everything everywhere, so that it is only a number to add. Sets of voters: 0 is that of the first
 * epoch; a closing block replaces one of its voters by the newcomer 3, and names the set so.
 */
#ifdef RESTORE
#define NODES 4
#define HOSTILE 0
#define IN(i, set) true
#else
#define HOSTILE 1
#ifdef EPOCHS
#define NODES 4
#define IN(i, set) ((set) == 0 -> (i) != 3 : ((set) == 1 -> (i) != 2 : (i) != 1))
#else
#define NODES 3
#define IN(i, set) true
#endif
#endif

#ifdef BROKEN_QUORUM
#define QUORUM 2
#else
#define QUORUM 3    /* floor(2 * 4 / 3) + 1 */
#endif

#ifdef EPOCHS
#define SLOTS (VIEWS + 1)       /* the last slot is view 1 of the second epoch */
#define SECOND(v) ((v) > VIEWS)
#else
#define SLOTS VIEWS
#define SECOND(v) false
#endif

/* Votes of a node, and certificates, five bits for each view. */
#define NOTARIZE(b) (1 << (b))
#define FINALIZE(b) (4 << (b))
#define SKIP 16
#define ANY_NOTARIZE 3
#define ANY_FINALIZE 12
#define BIT(v, what) ((what) << (5 * ((v) - 1)))
#define OF(votes, v, what) ((votes >> (5 * ((v) - 1))) & (what))

int memory[NODES];   /* what a node knows that it has voted; lost in a crash */
int journal[NODES];  /* the same on disk */
int sent[NODES];     /* others may have seen it */
int certified;       /* in the first epoch */

/* Blocks are numbered from 1, two for each view; 0 is the one that the first epoch starts on. */
#define ID(v, b) (2 * ((v) - 1) + (b) + 1)
#define VIEW_OF(id) (((id) + 1) / 2)
#define B_OF(id) (((id) + 1) % 2)
#define NONE 255
#define NORMAL 0
#define CLOSING 1
#define TAIL 2
byte parent[2 * SLOTS + 1] = NONE;
byte height[2 * SLOTS + 1];
byte kind[2 * SLOTS + 1];
byte log[SLOTS + 2]; /* what is final at a height; 0: nothing */

#ifdef BROKEN_SEND_FIRST
#define LOST_MAX 1     /* writes that do not come before a crash */
byte lost;
#endif

hidden byte k, m, x;
hidden int swap;

/* --- Certificates */

#define VOTED(i, v, what) ((OF(sent[i], v, what)) != 0)
#define COUNT3(v, what) (HOSTILE + VOTED(0, v, what) + VOTED(1, v, what) + VOTED(2, v, what))
#ifdef RESTORE
#define COUNT(v, what) (COUNT3(v, what) + VOTED(3, v, what))
#else
#define COUNT(v, what) COUNT3(v, what)
#endif
#define CERTIFIED(v, what) (OF(certified, v, what) != 0)
#define NOTARIZED(id) CERTIFIED(VIEW_OF(id), NOTARIZE(B_OF(id)))
#define FINALIZED(id) CERTIFIED(VIEW_OF(id), FINALIZE(B_OF(id)))

/* A view can be entered when the one before has ended, by whatever certificate. */
#define ENTERED(v) ((v) == 1 || CERTIFIED((v) - 1, 31))

/* Who votes in the second epoch counts by the set that it takes for the right one. */
#define COUNT_BY(set, v, what) (HOSTILE + (IN(0, set) && VOTED(0, v, what)) \
  + (IN(1, set) && VOTED(1, v, what)) + (IN(2, set) && VOTED(2, v, what)) \
  + (IN(3, set) && VOTED(3, v, what)))
#define CERTIFIED_BY(set, v, what) (COUNT_BY(set, v, what) >= QUORUM)

#ifdef EPOCHS
byte base[NODES];    /* closing block that the second epoch starts on; 0: in the first */
#define NAMED_BY(id) (1 + (VIEW_OF(id) + B_OF(id)) % 2)
#ifdef BROKEN_OLD_SET
#define SET_OF(i) 0
#else
#define SET_OF(i) (base[i] == 0 -> 0 : NAMED_BY(base[i]))
#endif
#define PRESENT(i, v) (IN(i, SET_OF(i)) && (base[i] != 0) == SECOND(v) && (SECOND(v) || ENTERED(v)))
#define BASE(i) base[i]
#define HOLDS_NOTARIZED(i, v, b) \
  (SECOND(v) -> CERTIFIED_BY(SET_OF(i), v, NOTARIZE(b)) : CERTIFIED(v, NOTARIZE(b)))
#else
#define BASE(i) 0
#define HOLDS_NOTARIZED(i, v, b) CERTIFIED(v, NOTARIZE(b))
#ifndef RESTORE
#define PRESENT(i, v) ENTERED(v)
#endif
#endif

/* --- A node that has lost its journal asks where the others are, and votes from later on */

#ifdef RESTORE
byte votes_from = 1;
/* In the last view the others need not vote to show what node 0 does there. */
#define PRESENT(i, v) (ENTERED(v) && (i == 0 -> (v) >= votes_from : (v) < VIEWS))
#ifdef BROKEN_NO_RESTORING
#define FLOOR(told) 1
#else
#ifdef BROKEN_FLOOR
#define FLOOR(told) ((told) + 1)
#else
#define FLOOR(told) ((told) + 2)
#endif
#endif
/* The lowest view that a node can tell is the one that its journal proves, as after a crash: the
   certificate that led into a view is written with the first vote there, the notarize certificate
   with a Finalize vote. Who tells a higher one, or tells it later, keeps node 0 from voting longer:
   so all answers are the lowest, and come at once. */
#ifdef BROKEN_ENTERED
#define ENTERED_BY(i, v) false
#else
#define ENTERED_BY(i, v) (OF(journal[i], v, 31) != 0)
#endif
#define PROVED_OF(i, v, below) \
  (OF(journal[i], v, ANY_FINALIZE) != 0 -> (v) + 1 : (ENTERED_BY(i, v) -> (v) : below))
#define TELLS(i) PROVED_OF(i, 3, PROVED_OF(i, 2, PROVED_OF(i, 1, 1)))
#define LOSE_JOURNAL(a, b, c) \
  :: d_step { \
      i == 0 && journal[0] != 0 -> \
      memory[0] = 0; \
      journal[0] = 0; \
      k = (TELLS(a) > TELLS(b) -> TELLS(a) : TELLS(b)); \
      k = (TELLS(c) > k -> TELLS(c) : k); \
      votes_from = FLOOR(k) \
    }
#endif

/* Goals: a run with -DGOAL=NAME must come to see that it is not true that this never happens. */
#define LAST_VIEW_FINAL (log[VIEWS] != 0)
#define SECOND_EPOCH_FINAL (base[0] != 0 && CERTIFIED_BY(SET_OF(0), SLOTS, FINALIZE(0)))
#define VOTES_AGAIN (votes_from > 1 && journal[0] != 0)
#ifndef GOAL
#define GOAL false
#endif

/* --- What is checked, whenever a vote has been sent */

inline count(v) {
  for (k : 0 .. 4) {
    if
    :: COUNT(v, 1 << k) >= QUORUM -> certified = certified | BIT(v, 1 << k)
    :: else
    fi
  }
}

/* The chain that ends in a block is final. */
inline make_final(id) {
  x = id;
  do
  :: x == 0 -> break
  :: else ->
    if
    :: kind[x] != TAIL ->
      assert(!CHECKED(AGREEMENT) || log[height[x]] == 0 || log[height[x]] == x);
      log[height[x]] = x
    :: else
    fi;
    x = parent[x]
  od
}

#define EXCLUDED(votes, v) \
  (OF(votes, v, ANY_NOTARIZE) == ANY_NOTARIZE || OF(votes, v, ANY_FINALIZE) == ANY_FINALIZE \
   || (OF(votes, v, SKIP) != 0 && OF(votes, v, ANY_FINALIZE) != 0))

inline check(i, v) {
  assert(!CHECKED(VOTES) || !EXCLUDED(sent[i], v));
  if
  :: !SECOND(v) ->
    count(v);
    assert(!CHECKED(CERTIFICATES) || !EXCLUDED(certified, v));
    for (k : ID(v, 0) .. ID(v, 1)) {
      if
      :: parent[k] != NONE && FINALIZED(k) -> make_final(k)
      :: else
      fi
    }
#ifdef EPOCHS
  :: else ->
    for (m : 0 .. NODES - 1) {
      for (k : ID(v, 0) .. ID(v, 1)) {
        if
        :: base[m] != 0 && parent[k] != NONE && CERTIFIED_BY(SET_OF(m), v, FINALIZE(B_OF(k))) ->
          make_final(k)
        :: else
        fi
      }
    }
#else
  :: else
#endif
  fi;
  assert(!(GOAL))
}

/* Honest voters are alike: their states are kept in order, so that fewer are to be looked at. */
inline exchange(a, b) {
  if
  :: sent[a] < sent[b] ->
    swap = sent[a]; sent[a] = sent[b]; sent[b] = swap;
    swap = memory[a]; memory[a] = memory[b]; memory[b] = swap;
    swap = journal[a]; journal[a] = journal[b]; journal[b] = swap;
    swap = 0
  :: else
  fi
}

inline order() {
#ifndef TRACE
#ifdef RESTORE
  exchange(1, 2); exchange(2, 3); exchange(1, 2)
#else
#ifndef EPOCHS
  exchange(0, 1); exchange(1, 2); exchange(0, 1)
#endif
#endif
#endif
  skip
}

/* --- Journal and crashes */

#ifdef BROKEN_FORGET
#define AFTER_CRASH(i) 0
#else
#define AFTER_CRASH(i) journal[i]
#endif

/* A vote is written, and then sent. A crash before it is written undoes it, as if it had come
   before: others cannot tell. */
inline cast(i, v, what) {
  memory[i] = memory[i] | BIT(v, what);
  sent[i] = sent[i] | BIT(v, what);
#ifdef BROKEN_SEND_FIRST
  if
  :: lost < LOST_MAX -> lost++  /* a crash will come before the write is done */
  :: else -> journal[i] = journal[i] | BIT(v, what)
  fi;
#else
  journal[i] = journal[i] | BIT(v, what);
#endif
  check(i, v);
  order()
}

/* --- Blocks */

/* May a block of view v stand on block p? p has its certificate, and each view between a skip. */
#ifdef BROKEN_PARENT
#define GOOD_PARENT(p) (p == 0 || parent[p] != NONE)
#else
#define GOOD_PARENT(p) (p == 0 || NOTARIZED(p) || FINALIZED(p))
#endif
#ifdef BROKEN_BETWEEN
#define SKIPPED(u, p, v) true
#else
#define SKIPPED(u, p, v) (VIEW_OF(p) >= u || u >= (v) || CERTIFIED(u, SKIP))
#endif
#define JUSTIFIED(p, v) \
  (GOOD_PARENT(p) && SKIPPED(1, p, v) && SKIPPED(2, p, v) && SKIPPED(3, p, v))

/* The first vote for a block says what it stands on, and whether it closes the epoch. */
#define MAKE(v, b, p, what) \
  parent[ID(v, b)] = p; \
  kind[ID(v, b)] = what; \
  height[ID(v, b)] = height[p] + (what == TAIL -> 0 : 1)

/* --- The rules of the votes */

#ifdef BROKEN_NOTARIZE_TWICE
#define MAY_NOTARIZE(i, v, b) (OF(memory[i], v, NOTARIZE(b)) == 0)
#else
#define MAY_NOTARIZE(i, v, b) (OF(memory[i], v, ANY_NOTARIZE) == 0)
#endif

#ifdef BROKEN_FINALIZE_AFTER_SKIP
#define NOT_SKIPPED_BY(i, v) true
#else
#define NOT_SKIPPED_BY(i, v) (OF(memory[i], v, SKIP) == 0)
#endif
#ifdef BROKEN_FINALIZE_UNSEEN
#define SEEN_NOTARIZED(i, v, b) (parent[ID(v, b)] != NONE)
#else
#define SEEN_NOTARIZED(i, v, b) \
  (OF(memory[i], v, NOTARIZE(b)) != 0 && HOLDS_NOTARIZED(i, v, b))
#endif
#define MAY_FINALIZE(i, v, b) \
  (SEEN_NOTARIZED(i, v, b) && OF(memory[i], v, ANY_FINALIZE) == 0 && NOT_SKIPPED_BY(i, v))

#ifdef BROKEN_SKIP_AFTER_FINALIZE
#define MAY_SKIP(i, v) (OF(memory[i], v, SKIP) == 0)
#else
#define MAY_SKIP(i, v) (OF(memory[i], v, SKIP | ANY_FINALIZE) == 0)
#endif

/* For a new block: B is tried after A, they are alike. */
#define NEW(v, b) (parent[ID(v, b)] == NONE && (b == 0 || parent[ID(v, 0)] != NONE))

#define NOTARIZE_OLD(v, b) \
  :: d_step { \
      PRESENT(i, v) && MAY_NOTARIZE(i, v, b) && parent[ID(v, b)] != NONE \
      && (SECOND(v) -> parent[ID(v, b)] == BASE(i) : JUSTIFIED(parent[ID(v, b)], v)) -> \
      cast(i, v, NOTARIZE(b)) \
    }
#define NOTARIZE_NEW(v, b, p, what, fits) \
  :: d_step { \
      PRESENT(i, v) && MAY_NOTARIZE(i, v, b) && NEW(v, b) && JUSTIFIED(p, v) && fits -> \
      MAKE(v, b, p, what); \
      cast(i, v, NOTARIZE(b)) \
    }
#ifdef EPOCHS
#ifdef BROKEN_NORMAL_AFTER_CLOSING
#define NORMAL_FITS(p) true
#else
#define NORMAL_FITS(p) (kind[p] == NORMAL)
#endif
#define NOTARIZE_ON(v, b, p) \
  NOTARIZE_NEW(v, b, p, NORMAL, NORMAL_FITS(p)) \
  NOTARIZE_NEW(v, b, p, CLOSING, (kind[p] == NORMAL)) \
  NOTARIZE_NEW(v, b, p, TAIL, (kind[p] != NORMAL))
#else
#define NOTARIZE_ON(v, b, p) NOTARIZE_NEW(v, b, p, NORMAL, true)
#endif
#define FINALIZE_IN(v, b) \
  :: d_step { PRESENT(i, v) && MAY_FINALIZE(i, v, b) -> cast(i, v, FINALIZE(b)) }
#define SKIP_IN(v) \
  :: d_step { PRESENT(i, v) && MAY_SKIP(i, v) -> cast(i, v, SKIP) }
#define ONE(action, v) action(v, 0)
#define TWO(action, v) action(v, 0) action(v, 1)
#define ONE_ON(v, p) NOTARIZE_ON(v, 0, p)
#define TWO_ON(v, p) NOTARIZE_ON(v, 0, p) NOTARIZE_ON(v, 1, p)
#if BLOCKS_1 == 2
#define EACH_1 TWO
#define ON_1(v) EACH_ON_##v(v, 1) EACH_ON_##v(v, 2)
#define EACH_ON_1 TWO_ON
#else
#define EACH_1 ONE
#define ON_1(v) EACH_ON_##v(v, 1)
#define EACH_ON_1 ONE_ON
#endif
#if BLOCKS_2 == 2
#define EACH_2 TWO
#define ON_2(v) EACH_ON_##v(v, 3) EACH_ON_##v(v, 4)
#define EACH_ON_2 TWO_ON
#else
#define EACH_2 ONE
#define ON_2(v) EACH_ON_##v(v, 3)
#define EACH_ON_2 ONE_ON
#endif
#if BLOCKS_3 == 2
#define EACH_3 TWO
#define EACH_ON_3 TWO_ON
#else
#define EACH_3 ONE
#define EACH_ON_3 ONE_ON
#endif
#define IN_VIEW(v) \
  EACH_##v(NOTARIZE_OLD, v) EACH_##v(FINALIZE_IN, v) SKIP_IN(v) EACH_ON_##v(v, 0)

/* --- The end of the epoch: its closing block is final, and the next one begins on it */

#ifdef EPOCHS
#ifdef BROKEN_EPOCH_ON_NOTARIZED
#define CLOSED_BY(id) (kind[id] == CLOSING && NOTARIZED(id))
#else
#define CLOSED_BY(id) (kind[id] == CLOSING && log[height[id]] == id)
#endif
#define ENTER_EPOCH(id) \
  :: d_step { \
      base[i] == 0 && CLOSED_BY(id) -> \
      base[i] = id; \
      assert(!CHECKED(VOTERS) || (log[height[id]] == id && SET_OF(i) == NAMED_BY(id))) \
    }
#define NOTARIZE_SECOND(v, b) \
  :: d_step { \
      PRESENT(i, v) && MAY_NOTARIZE(i, v, b) && NEW(v, b) -> \
      MAKE(v, b, base[i], NORMAL); \
      cast(i, v, NOTARIZE(b)) \
    }
#endif

#ifdef TRACE
#include TRACE
#else
active [NODES] proctype Node() {
#define i _pid
end:
  do
  IN_VIEW(1)
#if VIEWS > 1
  IN_VIEW(2) ON_1(2)
#endif
#if VIEWS > 2
  IN_VIEW(3) ON_1(3) ON_2(3)
#endif
#ifdef EPOCHS
  ENTER_EPOCH(1) ENTER_EPOCH(2) ENTER_EPOCH(3) ENTER_EPOCH(4)
  ONE(NOTARIZE_OLD, SLOTS) ONE(NOTARIZE_SECOND, SLOTS) ONE(FINALIZE_IN, SLOTS)
#endif
  /* A crash: only the journal is left. */
  :: d_step {
      memory[i] != AFTER_CRASH(i) ->
      memory[i] = AFTER_CRASH(i);
      order()
    }
#ifdef RESTORE
#ifdef BROKEN_ONE_ANSWER
  LOSE_JOURNAL(1, 1, 1) LOSE_JOURNAL(2, 2, 2) LOSE_JOURNAL(3, 3, 3)
#else
  LOSE_JOURNAL(1, 2, 3)
#endif
#endif
  od
}
#endif
