/* One cycle of sound; see host.h. */
#define _GNU_SOURCE
#include "host.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "denormals.h"
#include "finite.h"
#include "mix.h"
#include "moment.h"
#include "voice.h"

#define DECAYS_PER_SECOND 200u /* 5 ms: missing and returning stem, panic */
#define PATIENCE_S 8.0 /* JACK gives a freewheeling client 10 s */
#define SLICE_S 0.005  /* after which a waiting callback looks whether the engine lives */

struct lb_host {
    lb_share *share;
    uint64_t frame, generation, epoch_frame;
    int memory_locked;

    lb_ramp gain_in, listening;
    lb_ramp arrival; /* of the mix, after the last frame of an earlier host, */
    float parting;   /* which was this */
    lb_voice voices[LB_PLAYERS];
    uint32_t players;      /* voices in use: the first ones */
    int32_t delay;         /* of every voice's tap, */
    int32_t next_delay;    /* and of its other one while `turn` goes from 0 to 1 */
    lb_ramp turn;
    bool turning;

    uint64_t serial;           /* of the stem span seen last */
    uint32_t panics;           /* seen */
    uint64_t dropped_serial;   /* span in which a panic */
    int64_t dropped_until;     /* drops the frames before this one */

    bool freewheel, rolling, relocated;
    uint64_t transport_next; /* where the transport is due in the next cycle */
    struct timespec patience; /* until when this cycle may wait for the engine */

    lb_meter in[2], out[LB_PLAYERS][2];
    float dry[2][LB_RING];
};

/* -- life ----------------------------------------------------------------------------- */

static float target(uint32_t on) { return on ? 1.0f : 0.0f; }

static void anchor(lb_host *host) {
    lb_share *share = host->share;
    host->epoch_frame = host->frame;
    host->generation += 1;
    LB_STORE(share->host.epochs[host->generation % LB_SLOTS], host->frame);
    LB_STORE(share->host.generation, host->generation);
    sem_post(&share->hop_ready);
}

static void settle(lb_host *host, bool open) {
    const lb_share *share = host->share;
    lb_ramp_set(&host->gain_in, LB_LOAD(share->control.gain_in));
    lb_ramp_set(&host->listening, target(LB_LOAD(share->control.listening)));
    host->delay = lb_share_delay(share);
    for (uint32_t p = 0; p < host->players; ++p) {
        lb_voice_settle(&host->voices[p], share, p, host->delay, open);
    }
    lb_ramp_set(&host->arrival, 1.0f);
    host->turning = false;
}

/* Let further voices begin: their stem fades in, as one that was missing. */
static void enlist(lb_host *host, uint32_t players) {
    for (uint32_t p = host->players; p < players; ++p) {
        lb_voice_settle(&host->voices[p], host->share, p, host->delay, false);
        lb_tap_reset(&host->voices[p].next, host->next_delay, false);
    }
    host->players = players;
}

/* The rings of players there may never be are locked where the system's limit allows it. */
static int lock_memory(lb_host *host) {
    lb_share *share = host->share;
    const size_t needed = offsetof(lb_share, stem) + sizeof share->stem[0];
    const int locked = mlock(share, needed) == 0 && mlock(host, sizeof *host) == 0;
    for (uint32_t p = 1; p < LB_PLAYERS; ++p) mlock(share->stem[p], sizeof share->stem[p]);
    return locked;
}

/* An earlier host may have run: its frames, its hops and what was played ahead of them go on.
 * The mix crosses over from where it broke off, for the engine hears both as one. */
static void go_on(lb_host *host) {
    if (host->frame == host->epoch_frame) return;
    lb_ring_read(host->share->mix, host->frame - 1, &host->parting, 1);
    lb_ramp_set(&host->arrival, 0.0f);
    lb_ramp_aim(&host->arrival, 1.0f, host->share->rate / DECAYS_PER_SECOND);
}

lb_host *lb_host_new(lb_share *share) {
    lb_host *host = malloc(sizeof *host);
    if (host == NULL) return NULL;
    memset(host, 0, sizeof *host); /* also maps every page */
    host->share = share;
    host->memory_locked = lock_memory(host);
    host->frame = LB_LOAD(share->host.frame);
    for (uint32_t p = 0; p < LB_PLAYERS; ++p) {
        lb_voice_init(&host->voices[p], share->rate / DECAYS_PER_SECOND);
    }
    host->panics = LB_LOAD(share->control.panics);
    lb_share_epoch(share, &host->generation, &host->epoch_frame);
    settle(host, false);
    go_on(host);
    LB_STORE(share->driver.offline, 0);
    return host;
}

void lb_host_free(lb_host *host) {
    if (host != NULL && host->memory_locked) munlock(host, sizeof *host);
    free(host);
}

int lb_host_memory_locked(const lb_host *host) { return host->memory_locked; }
lb_share *lb_host_share(lb_host *host) { return host->share; }

/* -- waiting, only while freewheeling -------------------------------------------------- */

static bool stem_covers(const lb_host *host, uint32_t nframes) {
    const lb_stem_view view = lb_share_stem_view(host->share);
    if (view.generation != host->generation) return false; /* the latency may be an old one */
    const int64_t end = (int64_t)(host->frame + nframes) - lb_share_delay(host->share);
    if (end <= (int64_t)host->epoch_frame) return true; /* nothing is due before the take */
    return view.origin != LB_NOWHERE && view.written >= end;
}

/* Wait until a live engine has joined the generation and written what `nframes` need. */
static void await_stem(lb_host *host, uint32_t nframes) {
    while (lb_share_engine_live(host->share) && !stem_covers(host, nframes)) {
        const struct timespec now = lb_now();
        if (lb_is_after(now, host->patience)) return;
        const struct timespec slice = lb_later(now, SLICE_S);
        sem_clockwait(&host->share->stem_ready, CLOCK_MONOTONIC, &slice);
    }
}

/* -- time ----------------------------------------------------------------------------- */

void lb_host_set_transport(lb_host *host, int rolling, uint64_t frame) {
    const bool jumped = frame != host->transport_next;
    host->relocated = (rolling && !host->rolling) || jumped;
    host->rolling = rolling != 0;
    host->transport_next = frame;
    LB_STORE(host->share->host.transport_frame, frame);
    LB_STORE(host->share->host.transport_ahead,
             ((int64_t)frame - (int64_t)host->frame) * 2 + host->rolling);
    LB_STORE(host->share->host.transport_rolling, (uint32_t)host->rolling);
}

/* An export is a fresh take: hop 0 at its first frame, every fade already over. Not a frame
 * of it passes before the engine has joined: it would miss hop 0, were the latency that it
 * publishes then less than the one before, by which we had gone ahead. */
static void follow_freewheel(lb_host *host, bool freewheel) {
    const bool begins = freewheel && !host->freewheel;
    if (host->freewheel && !freewheel) {
        LB_STORE(host->share->host.quiet_until, host->frame + host->share->rate);
    }
    host->freewheel = freewheel;
    LB_STORE(host->share->host.freewheel, (uint32_t)freewheel);
    if (begins || (freewheel && host->relocated)) {
        anchor(host);
        await_stem(host, 0);
        settle(host, true);
    }
    host->relocated = false;
}

static void follow_controls(lb_host *host) {
    const lb_share *share = host->share;
    const uint32_t ramp = share->rate / LB_RAMPS_PER_SECOND;
    lb_ramp_aim(&host->gain_in, LB_LOAD(share->control.gain_in), ramp);
    lb_ramp_aim(&host->listening, target(LB_LOAD(share->control.listening)), ramp);
    for (uint32_t p = 0; p < host->players; ++p) lb_voice_follow(&host->voices[p], share, p);
}

/* -- mix in --------------------------------------------------------------------------- */

static void arrive(lb_host *host, float *mix, uint32_t n) {
    float weights[LB_CHUNK];
    lb_ramp_fill(&host->arrival, weights, n);
    for (uint32_t i = 0; i < n; ++i) {
        mix[i] = host->parting * (1.0f - weights[i]) + mix[i] * weights[i];
    }
}

static void hear(lb_host *host, const float *left, const float *right, uint32_t nframes) {
    lb_share *share = host->share;
    float mix[LB_CHUNK], dry[LB_CHUNK];
    for (uint32_t done = 0; done < nframes; done += LB_CHUNK) {
        const uint32_t n = nframes - done < LB_CHUNK ? nframes - done : LB_CHUNK;
        lb_finite_copy(dry, left + done, n);
        lb_ring_write(host->dry[0], host->frame + done, dry, n);
        lb_finite_copy(dry, right + done, n);
        lb_ring_write(host->dry[1], host->frame + done, dry, n);
        lb_mix_down(mix, left + done, right + done, n, &host->gain_in, &host->listening);
        if (!lb_ramp_rests_at(&host->arrival, 1.0f)) arrive(host, mix, n);
        lb_ring_write(share->mix, host->frame + done, mix, n);
    }
    const uint64_t since = host->frame - host->epoch_frame;
    LB_STORE(share->host.mix_written, host->frame + nframes);
    if ((since + nframes) / share->hop > since / share->hop) sem_post(&share->hop_ready);
}

/* -- stem out ------------------------------------------------------------------------- */

/* What may be played of the newest span, after a panic only what was written since. */
static lb_window playable(lb_host *host, const lb_stem_view *view) {
    const uint32_t panics = LB_LOAD(host->share->control.panics);
    if (panics != host->panics) {
        host->panics = panics;
        host->dropped_serial = view->serial;
        host->dropped_until = view->written;
    }
    if (view->serial != host->serial) {
        host->serial = view->serial;
        for (uint32_t p = 0; p < host->players; ++p) lb_voice_cut(&host->voices[p]);
    }
    lb_window window = {0};
    if (view->generation != host->generation || view->origin == LB_NOWHERE) return window;
    window.begin = view->begin;
    window.end = view->written;
    if (host->dropped_serial == view->serial && host->dropped_until > window.begin) {
        window.begin = host->dropped_until;
    }
    return window;
}

static void count_underrun(lb_host *host, const lb_stem_view *view, const lb_window *window,
                           uint32_t nframes) {
    if (view->generation != host->generation || view->origin == LB_NOWHERE) return;
    if (!lb_share_engine_live(host->share)) return;
    const int32_t delay = host->turning ? host->next_delay : host->delay;
    int64_t first = (int64_t)host->frame - delay;
    const int64_t end = first + nframes;
    if (first < view->origin) first = view->origin;
    if (host->dropped_serial == view->serial && first < host->dropped_until) {
        first = host->dropped_until;
    }
    if (first < end && (first < window->begin || end > window->end)) {
        LB_ADD(host->share->host.underruns, 1);
    }
}

static void follow_delay(lb_host *host, const lb_window *window) {
    const int32_t wanted = lb_share_delay(host->share);
    if (host->turning || wanted == host->delay) return;
    bool silent = true;
    for (uint32_t p = 0; p < host->players; ++p) {
        silent = silent && lb_voice_is_silent(&host->voices[p]);
    }
    if (silent) {
        host->delay = wanted; /* nobody hears it move */
        for (uint32_t p = 0; p < host->players; ++p) host->voices[p].tap.delay = wanted;
        return;
    }
    const int64_t start = (int64_t)host->frame - wanted;
    const bool open = start >= window->begin && start < window->end;
    for (uint32_t p = 0; p < host->players; ++p) {
        lb_tap_reset(&host->voices[p].next, wanted, open);
    }
    host->next_delay = wanted;
    lb_ramp_set(&host->turn, 0.0f);
    lb_ramp_aim(&host->turn, 1.0f, LB_LOAD(host->share->control.fade));
    host->turning = true;
}

static void have_turned(lb_host *host) {
    for (uint32_t p = 0; p < host->players; ++p) host->voices[p].tap = host->voices[p].next;
    host->delay = host->next_delay;
    host->turning = false;
}

/* Play `n` frames of every voice, `done` frames into the cycle. */
static void play(lb_host *host, const lb_window *window, float *const *out, uint32_t done,
                 uint32_t n) {
    float turn[LB_CHUNK];
    lb_moment moment = {.frame = host->frame + done, .frames = n};
    moment.dry[0] = host->dry[0];
    moment.dry[1] = host->dry[1];
    if (host->turning) {
        lb_ramp_fill(&host->turn, turn, n);
        moment.turn = turn;
    }
    for (uint32_t p = 0; p < host->players; ++p) {
        lb_window own = *window;
        own.ring = host->share->stem[p];
        lb_voice_play(&host->voices[p], &own, &moment, out[2 * p] + done, out[2 * p + 1] + done);
    }
    if (host->turning && host->turn.left == 0) have_turned(host);
}

/* -- meters --------------------------------------------------------------------------- */

static void measure(lb_host *host, lb_meter *meter, _Atomic float *peak, _Atomic float *rms,
                    const float *audio, uint32_t nframes) {
    lb_meter_measure(meter, audio, nframes, host->share->rate);
    LB_STORE(*peak, meter->peak);
    LB_STORE(*rms, sqrtf(meter->mean_square));
}

static void measure_in(lb_host *host, int side, const float *audio, uint32_t nframes) {
    lb_share *share = host->share;
    measure(host, &host->in[side], &share->host.in_peak[side], &share->host.in_rms[side], audio,
            nframes);
}

static void measure_out(lb_host *host, float *const *out, uint32_t nframes) {
    lb_share *share = host->share;
    for (uint32_t p = 0; p < host->players; ++p) {
        for (int side = 0; side < 2; ++side) {
            measure(host, &host->out[p][side], &share->host.out_peak[p][side],
                    &share->host.out_rms[p][side], out[2 * p + side], nframes);
        }
    }
}

/* -- the cycle ------------------------------------------------------------------------ */

static void cycle(lb_host *host, const float *in_l, const float *in_r, float *const *out,
                  uint32_t nframes) {
    follow_controls(host);
    measure_in(host, 0, in_l, nframes);
    measure_in(host, 1, in_r, nframes);
    hear(host, in_l, in_r, nframes);
    if (host->freewheel) await_stem(host, nframes);
    const lb_stem_view view = lb_share_stem_view(host->share);
    const lb_window window = playable(host, &view);
    follow_delay(host, &window);
    count_underrun(host, &view, &window, nframes);
    for (uint32_t done = 0; done < nframes; done += LB_CHUNK) {
        play(host, &window, out, done, nframes - done < LB_CHUNK ? nframes - done : LB_CHUNK);
    }
    measure_out(host, out, nframes);
    host->frame += nframes;
    LB_STORE(host->share->host.frame, host->frame);
}

void lb_host_process(lb_host *host, const float *in_l, const float *in_r, float *const *out,
                     uint32_t players, uint32_t nframes, int freewheel) {
    const lb_float_mode mode = lb_flush_denormals();
    const struct timespec began = lb_now();
    float *here[2 * LB_PLAYERS];
    if (freewheel) host->patience = lb_later(began, PATIENCE_S);
    enlist(host, players);
    follow_freewheel(host, freewheel != 0);
    if (host->rolling) host->transport_next += nframes;
    for (uint32_t done = 0; done < nframes; done += LB_MAX_BLOCK) {
        const uint32_t n = nframes - done < LB_MAX_BLOCK ? nframes - done : LB_MAX_BLOCK;
        for (uint32_t port = 0; port < 2 * players; ++port) here[port] = out[port] + done;
        cycle(host, in_l + done, in_r + done, here, n);
    }
    lb_share_record_cycle(host->share, lb_us_between(began, lb_now()));
    lb_restore_float_mode(mode);
}

/* -- MIDI ----------------------------------------------------------------------------- */

int lb_host_midi_in(lb_host *host, uint32_t offset, const uint8_t *data, size_t size) {
    lb_midi_event event = {.frame = host->frame + offset, .size = (uint8_t)size};
    if (size < 1 || size > sizeof event.bytes) {
        LB_ADD(host->share->host.sysex_dropped, 1);
        return 0;
    }
    memcpy(event.bytes, data, size);
    return lb_queue_push(&host->share->midi_in, &event);
}

int lb_host_midi_out(lb_host *host, uint32_t nframes, uint32_t *offset, lb_midi_event *event) {
    if (!lb_queue_peek(&host->share->midi_out, event)) return 0;
    if (event->frame >= host->frame + nframes) return 0;
    const uint32_t due = event->frame > host->frame ? (uint32_t)(event->frame - host->frame) : 0;
    if (due > *offset) *offset = due; /* never before the event written last */
    lb_queue_drop(&host->share->midi_out);
    return 1;
}

/* -- what the driver's other threads report ------------------------------------------- */

void lb_host_block_changed(lb_host *host, uint32_t n) { lb_share_set_block(host->share, n); }

/* jack2 reports xruns that are none until a second after freewheeling (jack2 issue 758). */
void lb_host_xrun(lb_host *host) {
    lb_share *share = host->share;
    if (LB_LOAD(share->host.freewheel)) return;
    if (LB_LOAD(share->host.frame) < LB_LOAD(share->host.quiet_until)) return;
    LB_ADD(share->driver.xruns, 1);
}

void lb_host_went_offline(lb_host *host) { LB_STORE(host->share->driver.offline, 1); }
