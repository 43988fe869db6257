/* Access to the shared memory; see share.h. */
#define _GNU_SOURCE
#include "share.h"

#include <math.h>
#include <string.h>

#include "monotonic_clock.h"

_Static_assert((LB_RING & (LB_RING - 1)) == 0, "a ring position is found by masking");
_Static_assert(LB_GUARD >= 2 * LB_MAX_BLOCK, "one block being written, one to spare");
_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2 && ATOMIC_INT_LOCK_FREE == 2,
               "atomics shared by processes must be lock-free");
_Static_assert(sizeof(_Atomic float) == sizeof(uint32_t), "a float is as atomic as an int");

void lb_ring_write(float *ring, uint64_t position, const float *audio, uint32_t frames) {
    const uint32_t at = (uint32_t)(position & (LB_RING - 1));
    const uint32_t first = frames < LB_RING - at ? frames : LB_RING - at;
    memcpy(ring + at, audio, first * sizeof *audio);
    memcpy(ring, audio + first, (frames - first) * sizeof *audio);
}

void lb_ring_read(const float *ring, uint64_t position, float *audio, uint32_t frames) {
    const uint32_t at = (uint32_t)(position & (LB_RING - 1));
    const uint32_t first = frames < LB_RING - at ? frames : LB_RING - at;
    memcpy(audio, ring + at, first * sizeof *audio);
    memcpy(audio + first, ring, (frames - first) * sizeof *audio);
}

/* -- creation ------------------------------------------------------------------------- */

size_t lb_share_bytes(void) { return sizeof(lb_share); }

int lb_share_init(lb_share *share, size_t bytes, uint32_t rate, uint32_t hop) {
    if (bytes < sizeof *share) return -1;
    memset(share, 0, sizeof *share); /* also maps every page */
    if (sem_init(&share->hop_ready, 1, 0) != 0) return -1;
    if (sem_init(&share->stem_ready, 1, 0) != 0) return -1;
    share->bytes = sizeof *share;
    share->version = LB_VERSION;
    LB_STORE(share->rate, rate);
    LB_STORE(share->hop, hop);
    LB_STORE(share->host.generation, 1);
    lb_share_begin_generation(share, LB_NO_GENERATION);
    LB_STORE(share->control.gain_in, 1.0f);
    for (uint32_t p = 0; p < LB_PLAYERS; ++p) {
        LB_STORE(share->control.player[p].gain_out, 1.0f);
        LB_STORE(share->control.player[p].enabled, 1);
        for (uint32_t r = 0; r < LB_ROWS; ++r) LB_STORE(share->control.values[p][r], NAN);
    }
    LB_STORE(share->control.players, 1);
    LB_STORE(share->control.listening, 1);
    LB_STORE(share->control.fade, rate / 25); /* 40 ms */
    atomic_thread_fence(memory_order_release);
    share->magic = LB_MAGIC;
    return 0;
}

int lb_share_check(const lb_share *share, size_t bytes) {
    if (bytes < sizeof *share || share->magic != LB_MAGIC) return -1;
    return share->version == LB_VERSION && share->bytes == sizeof *share ? 0 : -1;
}

uint32_t lb_share_rate(const lb_share *share) { return LB_LOAD(share->rate); }
uint32_t lb_share_hop(const lb_share *share) { return LB_LOAD(share->hop); }

/* Before a driver of another rate runs: start a hop grid of that rate at the next frame. The
 * audio thread, which owns these fields, does not run now. */
void lb_share_set_rate(lb_share *share, uint32_t rate, uint32_t hop) {
    const uint64_t fade = LB_LOAD(share->control.fade);
    LB_STORE(share->control.fade, (uint32_t)(fade * rate / LB_LOAD(share->rate)));
    LB_STORE(share->rate, rate);
    LB_STORE(share->hop, hop);
    const uint64_t generation = LB_LOAD(share->host.generation) + 1;
    LB_STORE(share->host.epochs[generation % LB_SLOTS], LB_LOAD(share->host.frame));
    LB_STORE(share->host.generation, generation);
    sem_post(&share->hop_ready);
}

/* -- the audio clock ------------------------------------------------------------------ */

uint64_t lb_share_frame(const lb_share *share) { return LB_LOAD(share->host.frame); }
uint32_t lb_share_block(const lb_share *share) { return LB_LOAD(share->driver.block); }
void lb_share_set_block(lb_share *share, uint32_t n) { LB_STORE(share->driver.block, n); }
int lb_share_freewheel(const lb_share *share) { return (int)LB_LOAD(share->host.freewheel); }
int lb_share_offline(const lb_share *share) { return (int)LB_LOAD(share->driver.offline); }
uint32_t lb_share_control_connections(const lb_share *share) {
    return LB_LOAD(share->driver.control_connections);
}

void lb_share_epoch(const lb_share *share, uint64_t *generation, uint64_t *frame) {
    do {
        *generation = LB_LOAD(share->host.generation);
        *frame = LB_LOAD(share->host.epochs[*generation % LB_SLOTS]);
    } while (LB_LOAD(share->host.generation) - *generation >= LB_SLOTS - 1);
}

int lb_share_transport(const lb_share *share, uint64_t *frame) {
    *frame = LB_LOAD(share->host.transport_frame);
    return (int)LB_LOAD(share->host.transport_rolling);
}

int lb_share_transport_ahead(const lb_share *share, int64_t *frames) {
    const int64_t packed = LB_LOAD(share->host.transport_ahead);
    const int rolling = (int)(packed & 1);
    *frames = (packed - rolling) / 2;
    return rolling;
}

/* -- the mix, read by the engine ------------------------------------------------------ */

uint64_t lb_share_mix_written(const lb_share *share) {
    return LB_LOAD(share->host.mix_written);
}

int lb_share_wait_mix(lb_share *share, uint64_t frame, double timeout_s) {
    const struct timespec deadline = lb_later(lb_now(), timeout_s);
    for (;;) {
        if (LB_LOAD(share->host.generation) != lb_share_stem_generation(share)) return 0;
        if (lb_share_mix_written(share) >= frame) return 1;
        if (sem_clockwait(&share->hop_ready, CLOCK_MONOTONIC, &deadline) != 0) {
            return lb_share_mix_written(share) >= frame; /* timed out, or a signal came */
        }
    }
}

int lb_share_read_mix(const lb_share *share, uint64_t frame, float *audio, uint32_t frames) {
    if (lb_share_mix_written(share) < frame + frames) return LB_EARLY;
    lb_ring_read(share->mix, frame, audio, frames);
    atomic_thread_fence(memory_order_acquire);
    return lb_share_mix_written(share) - frame > LB_RING - LB_GUARD ? LB_LOST : LB_OK;
}

/* -- the stem, written by the engine -------------------------------------------------- */

static lb_span *newest_span(lb_share *share) {
    return &share->engine.spans[LB_LOAD(share->engine.serial) % LB_SLOTS];
}

static lb_span *open_span(lb_share *share, uint64_t generation, int64_t begin, int64_t origin) {
    const uint64_t serial = LB_LOAD(share->engine.serial) + 1;
    lb_span *span = &share->engine.spans[serial % LB_SLOTS];
    LB_STORE(span->generation, generation);
    LB_STORE(span->begin, begin);
    LB_STORE(span->written, begin);
    LB_STORE(span->origin, origin);
    LB_STORE(share->engine.serial, serial);
    return span;
}

void lb_share_begin_generation(lb_share *share, uint64_t generation) {
    open_span(share, generation, LB_NOWHERE, LB_NOWHERE);
    sem_post(&share->stem_ready);
}

static void ring_silence(float *ring, uint64_t position, uint32_t frames) {
    const uint32_t at = (uint32_t)(position & (LB_RING - 1));
    const uint32_t first = frames < LB_RING - at ? frames : LB_RING - at;
    memset(ring + at, 0, first * sizeof *ring);
    memset(ring, 0, (frames - first) * sizeof *ring);
}

int lb_share_write_stem(lb_share *share, uint64_t position, const float *audio, uint32_t frames,
                        uint32_t players) {
    const int64_t begin = (int64_t)position;
    const int64_t ahead = begin + frames - (int64_t)lb_share_frame(share);
    if (ahead > LB_RING - LB_GUARD - (int64_t)lb_share_delay(share)) return LB_EARLY;
    lb_span *span = newest_span(share);
    if (LB_LOAD(span->written) != begin) {
        const int64_t origin = LB_LOAD(span->origin);
        span = open_span(share, LB_LOAD(span->generation), begin,
                         origin == LB_NOWHERE ? begin : origin);
    }
    for (uint32_t p = 0; p < LB_PLAYERS; ++p) {
        if (!(players >> p & 1u)) {
            ring_silence(share->stem[p], position, frames);
            continue;
        }
        lb_ring_write(share->stem[p], position, audio, frames);
        audio += frames;
    }
    LB_STORE(span->written, begin + frames);
    sem_post(&share->stem_ready);
    return LB_OK;
}

lb_stem_view lb_share_stem_view(const lb_share *share) {
    lb_stem_view view;
    view.serial = LB_LOAD(share->engine.serial);
    const lb_span *span = &share->engine.spans[view.serial % LB_SLOTS];
    view.generation = LB_LOAD(span->generation);
    view.begin = LB_LOAD(span->begin);
    view.written = LB_LOAD(span->written);
    view.origin = LB_LOAD(span->origin);
    if (LB_LOAD(share->engine.serial) - view.serial >= LB_SLOTS - 1) {
        view.generation = LB_NO_GENERATION; /* the slot is being used again */
    }
    return view;
}

/* Read recent frames of a stem; silence where the engine wrote nothing. */
int lb_share_read_stem(const lb_share *share, uint32_t player, uint64_t position, float *audio,
                       uint32_t frames) {
    const int64_t first = (int64_t)position, last = first + frames;
    const uint64_t serial = LB_LOAD(share->engine.serial);
    const uint64_t kept = LB_SLOTS - 2;
    int64_t newest = 0;
    memset(audio, 0, frames * sizeof *audio);
    for (uint64_t s = serial > kept ? serial - kept : 0; s <= serial; ++s) {
        const lb_span *span = &share->engine.spans[s % LB_SLOTS];
        int64_t begin = LB_LOAD(span->begin), end = LB_LOAD(span->written);
        if (begin == LB_NOWHERE) continue;
        newest = end > newest ? end : newest;
        begin = begin > first ? begin : first;
        end = end < last ? end : last;
        if (begin >= end) continue;
        lb_ring_read(share->stem[player], (uint64_t)begin, audio + (begin - first),
                     (uint32_t)(end - begin));
    }
    const int overtaken = LB_LOAD(share->engine.serial) - serial > 1;
    return overtaken || newest - first > LB_RING - LB_GUARD ? LB_LOST : LB_OK;
}

uint64_t lb_share_stem_written(const lb_share *share) {
    const lb_stem_view view = lb_share_stem_view(share);
    return view.begin == LB_NOWHERE ? 0 : (uint64_t)view.written;
}

uint64_t lb_share_stem_generation(const lb_share *share) {
    return lb_share_stem_view(share).generation;
}

uint32_t lb_share_latency(const lb_share *share) {
    return (uint32_t)LB_LOAD(share->engine.latency);
}

int32_t lb_share_delay(const lb_share *share) {
    const uint64_t both = LB_LOAD(share->engine.latency);
    return (int32_t)((int64_t)(uint32_t)both - (int64_t)(both >> 32));
}

void lb_share_set_latency(lb_share *share, uint32_t frames, uint32_t loop) {
    LB_STORE(share->engine.latency, (uint64_t)loop << 32 | frames);
}

int lb_share_engine_live(const lb_share *share) { return (int)LB_LOAD(share->engine.live); }
void lb_share_set_engine_live(lb_share *share, int live) {
    LB_STORE(share->engine.live, live != 0);
}
int lb_share_engine_state(const lb_share *share) { return LB_LOAD(share->engine.state); }
void lb_share_set_engine_state(lb_share *share, int state) {
    LB_STORE(share->engine.state, state);
}

void lb_share_record_step(lb_share *share, float microseconds) {
    const uint64_t hops = LB_LOAD(share->engine.hops);
    LB_STORE(share->engine.step_us[hops % LB_STEPS], microseconds);
    LB_STORE(share->engine.hops, hops + 1);
}

void lb_share_record_cycle(lb_share *share, float microseconds) {
    const uint64_t cycles = LB_LOAD(share->host.cycles);
    LB_STORE(share->host.cycle_us[cycles % LB_STEPS], microseconds);
    LB_STORE(share->host.cycles, cycles + 1);
}

/* Copy the last of `count` times, oldest first; return how many are kept. */
static uint32_t newest(const _Atomic float *times, uint64_t count, float *out) {
    const uint32_t known = count < LB_STEPS ? (uint32_t)count : LB_STEPS;
    for (uint32_t i = 0; i < known; ++i) {
        out[i] = LB_LOAD(times[(count - known + i) % LB_STEPS]);
    }
    return known;
}

uint32_t lb_share_step_times(const lb_share *share, float *microseconds) {
    return newest(share->engine.step_us, LB_LOAD(share->engine.hops), microseconds);
}

uint32_t lb_share_cycle_times(const lb_share *share, float *microseconds) {
    return newest(share->host.cycle_us, LB_LOAD(share->host.cycles), microseconds);
}

void lb_share_add_late(lb_share *share, uint64_t n) { LB_ADD(share->engine.late_hops, n); }
void lb_share_add_skipped(lb_share *share, uint64_t n) {
    LB_ADD(share->engine.skipped_hops, n);
}

/* -- snapshots ------------------------------------------------------------------------ */

void lb_share_counters(const lb_share *share, lb_counters *out) {
    out->cycles = LB_LOAD(share->host.cycles);
    out->frames = LB_LOAD(share->host.frame);
    out->xruns = LB_LOAD(share->driver.xruns);
    out->underruns = LB_LOAD(share->host.underruns);
    out->hops = LB_LOAD(share->engine.hops);
    out->late_hops = LB_LOAD(share->engine.late_hops);
    out->skipped_hops = LB_LOAD(share->engine.skipped_hops);
    out->midi_in_dropped = LB_LOAD(share->midi_in.dropped);
    out->midi_out_dropped = LB_LOAD(share->midi_out.dropped);
    out->sysex_dropped = LB_LOAD(share->host.sysex_dropped);
}

void lb_share_meters(const lb_share *share, uint32_t player, lb_meters *out) {
    for (int i = 0; i < 2; ++i) {
        out->peak[i] = LB_LOAD(share->host.in_peak[i]);
        out->rms[i] = LB_LOAD(share->host.in_rms[i]);
        out->peak[2 + i] = LB_LOAD(share->host.out_peak[player][i]);
        out->rms[2 + i] = LB_LOAD(share->host.out_rms[player][i]);
    }
}

/* -- controls ------------------------------------------------------------------------- */

#define LB_CONTROL(type, stored, name)                                                    \
    type lb_share_##name(const lb_share *share) {                                         \
        return (type)LB_LOAD(share->control.name);                                        \
    }                                                                                     \
    void lb_share_set_##name(lb_share *share, type value) {                               \
        LB_STORE(share->control.name, (stored)value);                                     \
    }

LB_CONTROL(float, float, gain_in)
LB_CONTROL(int, uint32_t, listening)
LB_CONTROL(int, uint32_t, loop)
LB_CONTROL(uint32_t, uint32_t, fade)
LB_CONTROL(uint32_t, uint32_t, players)

#define LB_PLAYER_CONTROL(type, stored, name)                                             \
    type lb_share_##name(const lb_share *share, uint32_t player) {                        \
        return (type)LB_LOAD(share->control.player[player].name);                         \
    }                                                                                     \
    void lb_share_set_##name(lb_share *share, uint32_t player, type value) {              \
        LB_STORE(share->control.player[player].name, (stored)value);                      \
    }

LB_PLAYER_CONTROL(float, float, gain_out)
LB_PLAYER_CONTROL(int, uint32_t, mute)
LB_PLAYER_CONTROL(int, uint32_t, bypass)
LB_PLAYER_CONTROL(int, uint32_t, enabled)

void lb_share_panic(lb_share *share) { LB_ADD(share->control.panics, 1); }

/* -- MIDI queues: one writer, one reader ---------------------------------------------- */

int lb_queue_push(lb_midi_queue *queue, const lb_midi_event *event) {
    const uint64_t pushed = LB_LOAD(queue->pushed);
    if (pushed - LB_LOAD(queue->popped) >= LB_MIDI_EVENTS) {
        LB_ADD(queue->dropped, 1);
        return 0;
    }
    queue->events[pushed % LB_MIDI_EVENTS] = *event;
    LB_STORE(queue->pushed, pushed + 1);
    return 1;
}

int lb_queue_peek(const lb_midi_queue *queue, lb_midi_event *event) {
    const uint64_t popped = LB_LOAD(queue->popped);
    if (popped == LB_LOAD(queue->pushed)) return 0;
    *event = queue->events[popped % LB_MIDI_EVENTS];
    return 1;
}

void lb_queue_drop(lb_midi_queue *queue) {
    LB_STORE(queue->popped, LB_LOAD(queue->popped) + 1);
}

int lb_share_pop_midi(lb_share *share, lb_midi_event *out) {
    if (!lb_queue_peek(&share->midi_in, out)) return 0;
    lb_queue_drop(&share->midi_in);
    return 1;
}

int lb_share_push_midi(lb_share *share, const lb_midi_event *event) {
    return lb_queue_push(&share->midi_out, event);
}
