/* Waiting for the engine, only while freewheeling; see waiting.h. */
#define _GNU_SOURCE
#include "waiting.h"

#define SLICE_S 0.005      /* after which a waiting callback looks again whether the engine lives */
#define STANDING_S 7.5     /* an engine that does nothing for so long is not waited for */
#define FIRST_START_S 60.0 /* granted to an engine that loads for the first time, in all */
#define RESTART_S 15.0     /* granted to later ones, which find the files in the page cache */

/* As in EngineState of bridge/audio/shared/counters.py. */
enum { LOADING = 1, WARMING = 2 };

/* A number that changes whenever the engine does anything. */
static uint64_t progress_of(const lb_share *share) {
    return LB_LOAD(share->engine.hops) + LB_LOAD(share->engine.serial)
           + LB_LOAD(share->engine.live);
}

static bool is_starting(const lb_share *share) {
    const int state = lb_share_engine_state(share);
    return state == LOADING || state == WARMING;
}

static bool is_met(const lb_share *share, const lb_demand *demand) {
    const lb_stem_view view = lb_share_stem_view(share);
    if (view.generation != demand->generation) return false; /* the latency may be an old one */
    const int64_t end = (int64_t)demand->end - lb_share_delay(share);
    if (end <= (int64_t)demand->epoch_frame) return true; /* nothing is due before the take */
    return view.origin != LB_NOWHERE && view.written >= end;
}

void lb_patience_begin_export(lb_patience *patience, const lb_share *share) {
    const bool has_played = LB_LOAD(share->engine.hops) > 0;
    patience->gave_up = false;
    patience->start_end = lb_later(lb_now(), has_played ? RESTART_S : FIRST_START_S);
}

void lb_patience_begin_cycle(lb_patience *patience, struct timespec now) {
    patience->cycle_end = lb_later(now, patience->cycle_s);
}

void lb_await_stem(lb_patience *patience, lb_share *share, const lb_demand *demand) {
    uint64_t progress = progress_of(share);
    if (patience->gave_up && progress == patience->progress) return;
    patience->gave_up = false;
    struct timespec stood_since = lb_now();
    while (!is_met(share, demand)) {
        const struct timespec now = lb_now();
        const bool live = lb_share_engine_live(share);
        if (!live && (!is_starting(share) || lb_is_after(now, patience->start_end))) return;
        if (patience->cycle_s > 0.0 && lb_is_after(now, patience->cycle_end)) return;
        if (!live || progress_of(share) != progress) {
            progress = progress_of(share);
            stood_since = now;
        }
        if (lb_is_after(now, lb_later(stood_since, STANDING_S))) {
            patience->gave_up = true;
            patience->progress = progress;
            return;
        }
        const struct timespec slice = lb_later(now, SLICE_S);
        sem_clockwait(&share->stem_ready, CLOCK_MONOTONIC, &slice);
    }
}
