/* One cycle of sound; see host.h. */
#define _GNU_SOURCE
#include "host.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "denormals.h"
#include "envelope.h"

#define CHUNK 256u              /* frames shaped at a time: 6 kB of stack */
#define RAMPS_PER_SECOND 100u   /* 10 ms: gains, mute, bypass, listening */
#define DECAYS_PER_SECOND 200u  /* 5 ms: missing and returning stem, panic */
#define PEAK_FALL_PER_S 2.302585f /* 20 dB, as a natural logarithm */
#define RMS_PER_S (1.0f / 0.3f)
#define PATIENCE_S 8.0 /* JACK gives a freewheeling client 10 s */
#define SLICE_S 0.005  /* after which a waiting callback looks whether the engine lives */

struct lb_host {
    lb_share *share;
    uint64_t frame, generation, epoch_frame;
    int memory_locked;

    lb_ramp gain_in, listening, gain_out, enabled, bypass, unmuted;
    lb_tap tap, next; /* `next` reads at the new latency while `turn` goes from 0 to 1 */
    lb_ramp turn;
    bool turning;

    uint64_t serial;           /* of the stem span seen last */
    uint32_t panics;           /* seen */
    uint64_t dropped_serial;   /* span in which a panic */
    int64_t dropped_until;     /* drops the frames before this one */

    bool freewheel, rolling, relocated;
    uint64_t transport_next; /* where the transport is due in the next cycle */
    struct timespec patience; /* until when this cycle may wait for the engine */

    float peak[4], mean_square[4];
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
    lb_ramp_set(&host->gain_out, LB_LOAD(share->control.gain_out));
    lb_ramp_set(&host->listening, target(LB_LOAD(share->control.listening)));
    lb_ramp_set(&host->enabled, target(LB_LOAD(share->control.enabled)));
    lb_ramp_set(&host->bypass, target(LB_LOAD(share->control.bypass)));
    lb_ramp_set(&host->unmuted, target(!LB_LOAD(share->control.mute)));
    lb_tap_reset(&host->tap, LB_LOAD(share->engine.latency), open);
    host->turning = false;
}

lb_host *lb_host_new(lb_share *share) {
    lb_host *host = malloc(sizeof *host);
    if (host == NULL) return NULL;
    memset(host, 0, sizeof *host); /* also maps every page */
    host->share = share;
    host->memory_locked = mlock(share, sizeof *share) == 0 && mlock(host, sizeof *host) == 0;
    host->frame = LB_LOAD(share->host.frame);
    host->tap.span = host->next.span = share->rate / DECAYS_PER_SECOND;
    host->panics = LB_LOAD(share->control.panics);
    lb_share_epoch(share, &host->generation, &host->epoch_frame);
    if (host->frame > 0) anchor(host); /* an earlier host ran: time has passed */
    settle(host, false);
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
    const int64_t end = (int64_t)(host->frame + nframes) - lb_share_latency(host->share);
    if (end <= (int64_t)host->epoch_frame) return true; /* nothing is due before the take */
    return view.origin != LB_NOWHERE && view.written >= end;
}

static struct timespec later(struct timespec now, double seconds) {
    now.tv_nsec += (long)(seconds * 1e9);
    now.tv_sec += now.tv_nsec / 1000000000L;
    now.tv_nsec %= 1000000000L;
    return now;
}

static bool is_after(struct timespec time, struct timespec other) {
    if (time.tv_sec != other.tv_sec) return time.tv_sec > other.tv_sec;
    return time.tv_nsec > other.tv_nsec;
}

static void set_patience(lb_host *host) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    host->patience = later(now, PATIENCE_S);
}

/* Wait until a live engine has joined the generation and written what `nframes` need. */
static void await_stem(lb_host *host, uint32_t nframes) {
    while (lb_share_engine_live(host->share) && !stem_covers(host, nframes)) {
        struct timespec now;
        clock_gettime(CLOCK_MONOTONIC, &now);
        if (is_after(now, host->patience)) return;
        const struct timespec slice = later(now, SLICE_S);
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
    const uint32_t ramp = share->rate / RAMPS_PER_SECOND;
    lb_ramp_aim(&host->gain_in, LB_LOAD(share->control.gain_in), ramp);
    lb_ramp_aim(&host->gain_out, LB_LOAD(share->control.gain_out), ramp);
    lb_ramp_aim(&host->listening, target(LB_LOAD(share->control.listening)), ramp);
    lb_ramp_aim(&host->bypass, target(LB_LOAD(share->control.bypass)), ramp);
    lb_ramp_aim(&host->unmuted, target(!LB_LOAD(share->control.mute)), ramp);
    lb_ramp_aim(&host->enabled, target(LB_LOAD(share->control.enabled)),
                LB_LOAD(share->control.fade));
}

/* -- mix in --------------------------------------------------------------------------- */

static void hear(lb_host *host, const float *left, const float *right, uint32_t nframes) {
    lb_share *share = host->share;
    float mix[CHUNK];
    lb_ring_write(host->dry[0], host->frame, left, nframes);
    lb_ring_write(host->dry[1], host->frame, right, nframes);
    for (uint32_t done = 0; done < nframes; done += CHUNK) {
        const uint32_t n = nframes - done < CHUNK ? nframes - done : CHUNK;
        for (uint32_t i = 0; i < n; ++i) mix[i] = 0.5f * (left[done + i] + right[done + i]);
        lb_ramp_scale(&host->gain_in, mix, n);
        lb_ramp_scale(&host->listening, mix, n);
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
        lb_tap_cut(&host->tap);
        lb_tap_cut(&host->next);
    }
    lb_window window = {.ring = host->share->stem};
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
    const uint32_t latency = host->turning ? host->next.latency : host->tap.latency;
    int64_t first = (int64_t)host->frame - latency;
    const int64_t end = first + nframes;
    if (first < view->origin) first = view->origin;
    if (host->dropped_serial == view->serial && first < host->dropped_until) {
        first = host->dropped_until;
    }
    if (first < end && (first < window->begin || end > window->end)) {
        LB_ADD(host->share->host.underruns, 1);
    }
}

static void follow_latency(lb_host *host, const lb_window *window) {
    const uint32_t wanted = lb_share_latency(host->share);
    if (host->turning || wanted == host->tap.latency) return;
    if (lb_tap_is_silent(&host->tap) && lb_ramp_rests_at(&host->bypass, 0.0f)) {
        host->tap.latency = wanted; /* nobody hears it move */
        return;
    }
    const int64_t start = (int64_t)host->frame - wanted;
    lb_tap_reset(&host->next, wanted, start >= window->begin && start < window->end);
    lb_ramp_set(&host->turn, 0.0f);
    lb_ramp_aim(&host->turn, 1.0f, LB_LOAD(host->share->control.fade));
    host->turning = true;
}

static void blend(float *audio, const float *other, const float *weights, uint32_t n) {
    for (uint32_t i = 0; i < n; ++i) {
        audio[i] = audio[i] * (1.0f - weights[i]) + other[i] * weights[i];
    }
}

static void blend_dry(lb_host *host, int side, uint64_t frame, const float *turn,
                      const float *bypass, float *out, uint32_t n) {
    float dry[CHUNK], other[CHUNK];
    lb_ring_read(host->dry[side], frame - host->tap.latency, dry, n);
    if (host->turning) {
        lb_ring_read(host->dry[side], frame - host->next.latency, other, n);
        blend(dry, other, turn, n);
    }
    blend(out, dry, bypass, n);
}

static void play(lb_host *host, const lb_window *window, uint64_t frame, float *out_l,
                 float *out_r, uint32_t n) {
    float other[CHUNK], turn[CHUNK], weights[CHUNK];
    lb_tap_read(&host->tap, window, frame, out_l, n);
    if (host->turning) {
        lb_tap_read(&host->next, window, frame, other, n);
        lb_ramp_fill(&host->turn, turn, n);
        blend(out_l, other, turn, n);
    }
    lb_ramp_scale(&host->gain_out, out_l, n);
    lb_ramp_scale(&host->enabled, out_l, n);
    memcpy(out_r, out_l, n * sizeof *out_r);
    if (!lb_ramp_rests_at(&host->bypass, 0.0f)) {
        lb_ramp_fill(&host->bypass, weights, n);
        blend_dry(host, 0, frame, turn, weights, out_l, n);
        blend_dry(host, 1, frame, turn, weights, out_r, n);
    }
    if (!lb_ramp_rests_at(&host->unmuted, 1.0f)) {
        lb_ramp_fill(&host->unmuted, weights, n);
        for (uint32_t i = 0; i < n; ++i) {
            out_l[i] *= weights[i];
            out_r[i] *= weights[i];
        }
    }
    if (host->turning && host->turn.left == 0) {
        host->tap = host->next;
        host->turning = false;
    }
}

/* -- meters --------------------------------------------------------------------------- */

static void measure(lb_host *host, int port, const float *audio, uint32_t nframes) {
    float peak = 0.0f, sum = 0.0f;
    for (uint32_t i = 0; i < nframes; ++i) {
        const float level = fabsf(audio[i]);
        peak = level > peak ? level : peak;
        sum += level * level;
    }
    const float seconds = (float)nframes / (float)host->share->rate;
    const float fallen = host->peak[port] * expf(-PEAK_FALL_PER_S * seconds);
    const float kept = expf(-RMS_PER_S * seconds);
    host->peak[port] = peak > fallen ? peak : fallen;
    host->mean_square[port] =
        kept * host->mean_square[port] + (1.0f - kept) * sum / (float)nframes;
    LB_STORE(host->share->host.peak[port], host->peak[port]);
    LB_STORE(host->share->host.rms[port], sqrtf(host->mean_square[port]));
}

/* -- the cycle ------------------------------------------------------------------------ */

static void cycle(lb_host *host, const float *in_l, const float *in_r, float *out_l,
                  float *out_r, uint32_t nframes) {
    follow_controls(host);
    measure(host, 0, in_l, nframes);
    measure(host, 1, in_r, nframes);
    hear(host, in_l, in_r, nframes);
    if (host->freewheel) await_stem(host, nframes);
    const lb_stem_view view = lb_share_stem_view(host->share);
    const lb_window window = playable(host, &view);
    follow_latency(host, &window);
    count_underrun(host, &view, &window, nframes);
    for (uint32_t done = 0; done < nframes; done += CHUNK) {
        const uint32_t n = nframes - done < CHUNK ? nframes - done : CHUNK;
        play(host, &window, host->frame + done, out_l + done, out_r + done, n);
    }
    measure(host, 2, out_l, nframes);
    measure(host, 3, out_r, nframes);
    host->frame += nframes;
    LB_STORE(host->share->host.frame, host->frame);
}

void lb_host_process(lb_host *host, const float *in_l, const float *in_r, float *out_l,
                     float *out_r, uint32_t nframes, int freewheel) {
    const lb_float_mode mode = lb_flush_denormals();
    if (freewheel) set_patience(host);
    follow_freewheel(host, freewheel != 0);
    if (host->rolling) host->transport_next += nframes;
    for (uint32_t done = 0; done < nframes; done += LB_MAX_BLOCK) {
        const uint32_t n = nframes - done < LB_MAX_BLOCK ? nframes - done : LB_MAX_BLOCK;
        cycle(host, in_l + done, in_r + done, out_l + done, out_r + done, n);
    }
    LB_ADD(host->share->host.cycles, 1);
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
