/* Audio processing of one cycle; see host.h. */
#define _GNU_SOURCE
#include "host.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "channel_strip.h"
#include "denormals.h"
#include "finite.h"
#include "meter.h"
#include "mix_down.h"
#include "monotonic_clock.h"
#include "waiting.h"

#define DECAYS_PER_SECOND 200u /* 5 ms: missing and returning stem, panic */

struct lb_host {
    lb_share *share;
    uint64_t frame, generation, epoch_frame;
    int memory_locked;

    lb_ramp gain_in, listening;
    lb_ramp join_ramp; /* crossfade from `last_frame` to the mix */
    float last_frame;  /* of the mix an earlier host wrote */
    lb_strip strips[LB_PLAYERS];
    uint32_t players;    /* number of strips in use */
    int32_t delay;       /* of every strip's tap */
    int32_t next_delay;  /* of its second tap while `delay_crossfade` goes from 0 to 1 */
    lb_ramp delay_crossfade;
    bool is_crossfading;

    uint64_t serial;         /* of the newest stem span seen */
    uint32_t panics;         /* number seen */
    uint64_t dropped_serial; /* span in which the last panic happened */
    int64_t dropped_until;   /* frames of that span before this one are dropped */

    bool freewheel, rolling, relocated;
    uint64_t transport_next;    /* expected transport frame of the next cycle */
    lb_patience patience;

    lb_meter in[2], out[LB_PLAYERS][2];
    float dry[2][LB_RING];
};

/* -- lifecycle ------------------------------------------------------------------------ */

/* Start a new hop grid at the present frame and publish it. */
static void start_generation(lb_host *host) {
    lb_share *share = host->share;
    host->epoch_frame = host->frame;
    host->generation += 1;
    LB_STORE(share->host.epochs[host->generation % LB_SLOTS], host->frame);
    LB_STORE(share->host.generation, host->generation);
    sem_post(&share->hop_ready);
}

/* Set every ramp to its target at once; see lb_strip_snap for `open`. */
static void snap_ramps(lb_host *host, bool open) {
    const lb_share *share = host->share;
    lb_ramp_set(&host->gain_in, LB_LOAD(share->control.gain_in));
    lb_ramp_set(&host->listening, lb_switch_gain(LB_LOAD(share->control.listening)));
    host->delay = lb_share_delay(share);
    for (uint32_t p = 0; p < host->players; ++p) {
        lb_strip_snap(&host->strips[p], share, p, host->delay, open);
    }
    lb_ramp_set(&host->join_ramp, 1.0f);
    host->is_crossfading = false;
}

/* Add strips for new players; their stem fades in, as one that was missing. */
static void add_players(lb_host *host, uint32_t players) {
    for (uint32_t p = host->players; p < players; ++p) {
        lb_strip_snap(&host->strips[p], host->share, p, host->delay, false);
        lb_tap_reset(&host->strips[p].next, host->next_delay, false);
    }
    host->players = players;
}

/* Lock the memory, further players' rings last; 0 where the system's limit is too low for all. */
static int lock_memory(lb_host *host) {
    lb_share *share = host->share;
    const size_t ring = sizeof share->stem[0];
    int locked = mlock(share, offsetof(lb_share, stem)) == 0 && mlock(host, sizeof *host) == 0;
    for (uint32_t p = 0; p < LB_PLAYERS; ++p) locked &= mlock(share->stem[p], ring) == 0;
    return locked;
}

/* After an earlier host of this share, frames, hops and stems continue. The mix crossfades from
 * its last frame, as the engine hears both as one signal. */
static void continue_from_last_host(lb_host *host) {
    if (host->frame == host->epoch_frame) return;
    lb_ring_read(host->share->mix, host->frame - 1, &host->last_frame, 1);
    lb_ramp_set(&host->join_ramp, 0.0f);
    lb_ramp_aim(&host->join_ramp, 1.0f, host->share->rate / DECAYS_PER_SECOND);
}

lb_host *lb_host_new(lb_share *share) {
    lb_host *host = malloc(sizeof *host);
    if (host == NULL) return NULL;
    memset(host, 0, sizeof *host); /* also maps every page */
    host->share = share;
    host->patience.cycle_s = LB_SERVER_PATIENCE_S;
    host->memory_locked = lock_memory(host);
    host->frame = LB_LOAD(share->host.frame);
    for (uint32_t p = 0; p < LB_PLAYERS; ++p) {
        lb_strip_init(&host->strips[p], share->rate / DECAYS_PER_SECOND);
    }
    host->panics = LB_LOAD(share->control.panics);
    lb_share_epoch(share, &host->generation, &host->epoch_frame);
    snap_ramps(host, false);
    continue_from_last_host(host);
    LB_STORE(share->driver.offline, 0);
    return host;
}

void lb_host_free(lb_host *host) {
    if (host != NULL) munlock(host, sizeof *host);
    free(host);
}

int lb_host_memory_locked(const lb_host *host) { return host->memory_locked; }
size_t lb_host_lock_bytes(void) { return sizeof(lb_share) + sizeof(lb_host); }
lb_share *lb_host_share(lb_host *host) { return host->share; }

static void wait_for_stem(lb_host *host, uint32_t nframes) {
    const lb_demand demand = {host->generation, host->epoch_frame, host->frame + nframes};
    lb_await_stem(&host->patience, host->share, &demand);
}

void lb_host_wait_at_most(lb_host *host, double seconds) { host->patience.cycle_s = seconds; }

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

/* An export is a fresh take: hop 0 at its first frame, every ramp at its target. The callback
 * waits until the engine has joined: it then publishes a latency that may be less than the last
 * one, and frames played by that one would miss hop 0. */
static void update_freewheel(lb_host *host, bool freewheel) {
    const bool begins = freewheel && !host->freewheel;
    if (host->freewheel && !freewheel) {
        LB_STORE(host->share->host.quiet_until, host->frame + host->share->rate);
    }
    host->freewheel = freewheel;
    LB_STORE(host->share->host.freewheel, (uint32_t)freewheel);
    if (begins) lb_patience_begin_export(&host->patience, host->share);
    if (begins || (freewheel && host->relocated)) {
        start_generation(host);
        wait_for_stem(host, 0);
        snap_ramps(host, true);
    }
    host->relocated = false;
}

static void update_ramps(lb_host *host) {
    const lb_share *share = host->share;
    const uint32_t ramp = share->rate / LB_RAMPS_PER_SECOND;
    lb_ramp_aim(&host->gain_in, LB_LOAD(share->control.gain_in), ramp);
    lb_ramp_aim(&host->listening, lb_switch_gain(LB_LOAD(share->control.listening)), ramp);
    for (uint32_t p = 0; p < host->players; ++p) lb_strip_update(&host->strips[p], share, p);
}

/* -- mix in --------------------------------------------------------------------------- */

static void crossfade_join(lb_host *host, float *mix, uint32_t n) {
    float weights[LB_CHUNK];
    lb_ramp_fill(&host->join_ramp, weights, n);
    for (uint32_t i = 0; i < n; ++i) {
        mix[i] = host->last_frame * (1.0f - weights[i]) + mix[i] * weights[i];
    }
}

static void write_mix(lb_host *host, const float *left, const float *right, uint32_t nframes) {
    lb_share *share = host->share;
    float mix[LB_CHUNK], dry[LB_CHUNK];
    for (uint32_t done = 0; done < nframes; done += LB_CHUNK) {
        const uint32_t n = nframes - done < LB_CHUNK ? nframes - done : LB_CHUNK;
        lb_finite_copy(dry, left + done, n);
        lb_ring_write(host->dry[0], host->frame + done, dry, n);
        lb_finite_copy(dry, right + done, n);
        lb_ring_write(host->dry[1], host->frame + done, dry, n);
        lb_mix_down(mix, left + done, right + done, n, &host->gain_in, &host->listening);
        if (!lb_ramp_rests_at(&host->join_ramp, 1.0f)) crossfade_join(host, mix, n);
        lb_ring_write(share->mix, host->frame + done, mix, n);
    }
    const uint64_t since = host->frame - host->epoch_frame;
    LB_STORE(share->host.mix_written, host->frame + nframes);
    if ((since + nframes) / share->hop > since / share->hop) sem_post(&share->hop_ready);
}

/* -- stem out ------------------------------------------------------------------------- */

/* Frames of the newest span that may be played; after a panic only those written since. */
static lb_window playable(lb_host *host, const lb_stem_view *view) {
    const uint32_t panics = LB_LOAD(host->share->control.panics);
    if (panics != host->panics) {
        host->panics = panics;
        host->dropped_serial = view->serial;
        host->dropped_until = view->written;
    }
    if (view->serial != host->serial) {
        host->serial = view->serial;
        for (uint32_t p = 0; p < host->players; ++p) lb_strip_cut(&host->strips[p]);
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
    const int32_t delay = host->is_crossfading ? host->next_delay : host->delay;
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

static void update_delay(lb_host *host, const lb_window *window) {
    const int32_t wanted = lb_share_delay(host->share);
    if (host->is_crossfading || wanted == host->delay) return;
    bool silent = true;
    for (uint32_t p = 0; p < host->players; ++p) {
        silent = silent && lb_strip_is_silent(&host->strips[p]);
    }
    if (silent) {
        host->delay = wanted; /* inaudible, so no crossfade */
        for (uint32_t p = 0; p < host->players; ++p) host->strips[p].tap.delay = wanted;
        return;
    }
    const int64_t start = (int64_t)host->frame - wanted;
    const bool open = start >= window->begin && start < window->end;
    for (uint32_t p = 0; p < host->players; ++p) {
        lb_tap_reset(&host->strips[p].next, wanted, open);
    }
    host->next_delay = wanted;
    lb_ramp_set(&host->delay_crossfade, 0.0f);
    lb_ramp_aim(&host->delay_crossfade, 1.0f, LB_LOAD(host->share->control.fade));
    host->is_crossfading = true;
}

static void finish_delay_crossfade(lb_host *host) {
    for (uint32_t p = 0; p < host->players; ++p) host->strips[p].tap = host->strips[p].next;
    host->delay = host->next_delay;
    host->is_crossfading = false;
}

/* Play `n` frames of every strip, `done` frames into the cycle. */
static void write_outputs(lb_host *host, const lb_window *window, float *const *out,
                          uint32_t done, uint32_t n) {
    float weights[LB_CHUNK];
    lb_chunk chunk = {.frame = host->frame + done, .frames = n};
    chunk.dry[0] = host->dry[0];
    chunk.dry[1] = host->dry[1];
    if (host->is_crossfading) {
        lb_ramp_fill(&host->delay_crossfade, weights, n);
        chunk.delay_weights = weights;
    }
    for (uint32_t p = 0; p < host->players; ++p) {
        lb_window own = *window;
        own.ring = host->share->stem[p];
        lb_strip_play(&host->strips[p], &own, &chunk, out[2 * p] + done, out[2 * p + 1] + done);
    }
    if (host->is_crossfading && host->delay_crossfade.left == 0) finish_delay_crossfade(host);
}

/* -- meters --------------------------------------------------------------------------- */

static void update_meter(lb_host *host, lb_meter *meter, _Atomic float *peak,
                         _Atomic float *rms, const float *audio, uint32_t nframes) {
    lb_meter_measure(meter, audio, nframes, host->share->rate);
    LB_STORE(*peak, meter->peak);
    LB_STORE(*rms, sqrtf(meter->mean_square));
}

static void meter_inputs(lb_host *host, int side, const float *audio, uint32_t nframes) {
    lb_share *share = host->share;
    update_meter(host, &host->in[side], &share->host.in_peak[side], &share->host.in_rms[side],
                 audio, nframes);
}

static void meter_outputs(lb_host *host, float *const *out, uint32_t nframes) {
    lb_share *share = host->share;
    for (uint32_t p = 0; p < host->players; ++p) {
        for (int side = 0; side < 2; ++side) {
            update_meter(host, &host->out[p][side], &share->host.out_peak[p][side],
                         &share->host.out_rms[p][side], out[2 * p + side], nframes);
        }
    }
}

/* -- cycle ---------------------------------------------------------------------------- */

static void process_block(lb_host *host, const float *in_l, const float *in_r,
                          float *const *out, uint32_t nframes) {
    update_ramps(host);
    meter_inputs(host, 0, in_l, nframes);
    meter_inputs(host, 1, in_r, nframes);
    write_mix(host, in_l, in_r, nframes);
    if (host->freewheel) wait_for_stem(host, nframes);
    const lb_stem_view view = lb_share_stem_view(host->share);
    const lb_window window = playable(host, &view);
    update_delay(host, &window);
    count_underrun(host, &view, &window, nframes);
    for (uint32_t done = 0; done < nframes; done += LB_CHUNK) {
        const uint32_t left = nframes - done;
        write_outputs(host, &window, out, done, left < LB_CHUNK ? left : LB_CHUNK);
    }
    meter_outputs(host, out, nframes);
    host->frame += nframes;
    LB_STORE(host->share->host.frame, host->frame);
}

void lb_host_process(lb_host *host, const float *in_l, const float *in_r, float *const *out,
                     uint32_t players, uint32_t nframes, int freewheel) {
    const lb_float_mode mode = lb_flush_denormals();
    const struct timespec began = lb_now();
    float *block_out[2 * LB_PLAYERS];
    if (freewheel) lb_patience_begin_cycle(&host->patience, began);
    add_players(host, players);
    update_freewheel(host, freewheel != 0);
    if (host->rolling) host->transport_next += nframes;
    for (uint32_t done = 0; done < nframes; done += LB_MAX_BLOCK) {
        const uint32_t n = nframes - done < LB_MAX_BLOCK ? nframes - done : LB_MAX_BLOCK;
        for (uint32_t port = 0; port < 2 * players; ++port) block_out[port] = out[port] + done;
        process_block(host, in_l + done, in_r + done, block_out, n);
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
    if (due > *offset) *offset = due; /* never before the previous event */
    lb_queue_drop(&host->share->midi_out);
    return 1;
}

/* -- calls from the driver's other threads ------------------------------------------- */

void lb_host_block_changed(lb_host *host, uint32_t n) { lb_share_set_block(host->share, n); }

/* jack2 reports false xruns until a second after freewheeling (jack2 issue 758). */
void lb_host_xrun(lb_host *host) {
    lb_share *share = host->share;
    if (LB_LOAD(share->host.freewheel)) return;
    if (LB_LOAD(share->host.frame) < LB_LOAD(share->host.quiet_until)) return;
    LB_ADD(share->driver.xruns, 1);
}

void lb_host_went_offline(lb_host *host) { LB_STORE(host->share->driver.offline, 1); }
