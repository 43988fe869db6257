/* The memory shared by the audio callback, the engine process and the control process.
 *
 * Every field has one writer, and every writer has cache lines of its own. All numbers that
 * change are C11 atomics, written with release and read with acquire order. There is no lock,
 * so a process killed at any instruction leaves the others a consistent view: a stem span or
 * an epoch is filled in first and then published by one store.
 *
 * Positions are absolute frames, counted by the callback; they never wrap.
 *
 * The prototypes between the "cdef" marks are also what Python sees (build.py).
 */
#ifndef LB_SHARE_H
#define LB_SHARE_H

#include <semaphore.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/* cdef begin */
#define LB_PLAYERS 8          /* most players of a band; counted from 0 in C */
#define LB_RING 262144        /* frames held by the mix ring and by each stem ring */
#define LB_GUARD 16384        /* ring frames kept free for what is being written: two blocks */
#define LB_MAX_BLOCK 8192     /* frames in the longest block processed in one piece */
#define LB_MAX_LATENCY 98304  /* frames, the longest musical latency */
#define LB_STEPS 1024         /* times remembered, of steps and of cycles */
#define LB_MIDI_EVENTS 1024   /* MIDI events a queue holds */
#define LB_CHANGES 4096       /* control changes of a host program that stay readable */
#define LB_ROWS 64            /* rows of the parameter table that keep a value, by number */
#define LB_TRIGGER 256        /* what is added to a trigger's MIDI controller to name its row */
#define LB_NAME 256           /* bytes of a checkpoint's name, its end included */

#define LB_OK 0
#define LB_EARLY 1 /* not there yet, or too far ahead */
#define LB_LOST 2  /* overwritten by newer frames */

typedef struct lb_share lb_share;

typedef struct {
    uint64_t frame; /* absolute; in the output queue 0 means as soon as possible */
    uint8_t size;   /* 1..3 */
    uint8_t bytes[3];
} lb_midi_event;

typedef struct {
    uint64_t cycles, frames, xruns, underruns;
    uint64_t hops, late_hops, skipped_hops;
    uint64_t midi_in_dropped, midi_out_dropped, sysex_dropped;
} lb_counters;

typedef struct {
    float peak[4]; /* in L, in R, a player's out L, out R; linear, falling by 20 dB/s */
    float rms[4];  /* the same, averaged over 0.3 s */
} lb_meters;

/* A control moved by the program that hosts us as a plugin, or by its automation. */
typedef struct {
    uint64_t frame;  /* absolute: the first that it holds for */
    uint32_t player; /* counted from 0 */
    uint32_t row;    /* number in the parameter table, or LB_TRIGGER + controller */
    double value;    /* of a choice its index, of a trigger 1 */
} lb_change;

/* Tempo and bar of the host program: `beat` beats of its song have passed at `frame`. */
typedef struct {
    uint64_t since; /* the first frame that it holds for */
    double frame, beat, tempo_bpm, beats_per_bar;
    uint32_t rolling;
} lb_tempo;

/* Estimate of the beat tracker: `beat` beats have passed at `frame`. */
typedef struct {
    double frame, beat;
    float tempo_bpm, beats_per_bar, confidence;
    uint32_t rolling;
} lb_beat;

size_t lb_share_bytes(void);
int lb_share_init(lb_share *share, size_t bytes, uint32_t rate, uint32_t hop);
int lb_share_check(const lb_share *share, size_t bytes);

uint32_t lb_share_rate(const lb_share *share);
uint32_t lb_share_hop(const lb_share *share);
void lb_share_set_rate(lb_share *share, uint32_t rate, uint32_t hop); /* while no driver runs */
uint64_t lb_share_frame(const lb_share *share);
uint32_t lb_share_block(const lb_share *share);
void lb_share_set_block(lb_share *share, uint32_t frames);
void lb_share_epoch(const lb_share *share, uint64_t *generation, uint64_t *frame);
int lb_share_freewheel(const lb_share *share);
int lb_share_offline(const lb_share *share);
uint32_t lb_share_control_connections(const lb_share *share);
int lb_share_transport(const lb_share *share, uint64_t *frame);
int lb_share_transport_ahead(const lb_share *share, int64_t *frames);

uint64_t lb_share_mix_written(const lb_share *share);
int lb_share_wait_mix(lb_share *share, uint64_t frame, double timeout_s);
int lb_share_read_mix(const lb_share *share, uint64_t frame, float *audio, uint32_t frames);

void lb_share_begin_generation(lb_share *share, uint64_t generation);
int lb_share_write_stem(lb_share *share, uint64_t position, const float *audio, uint32_t frames,
                        uint32_t players); /* a row for each bit, others are silent */
uint64_t lb_share_stem_written(const lb_share *share);
int lb_share_read_stem(const lb_share *share, uint32_t player, uint64_t position, float *audio,
                       uint32_t frames);
uint64_t lb_share_stem_generation(const lb_share *share);
uint32_t lb_share_latency(const lb_share *share);
int32_t lb_share_delay(const lb_share *share); /* the latency less the loop */
void lb_share_set_latency(lb_share *share, uint32_t frames, uint32_t loop);
void lb_share_publish_beat(lb_share *share, const lb_beat *beat); /* NULL: there is none */
int lb_share_beat(const lb_share *share, lb_beat *out);           /* whether there is one */
int lb_share_engine_live(const lb_share *share);
void lb_share_set_engine_live(lb_share *share, int live);
int lb_share_engine_state(const lb_share *share);
void lb_share_set_engine_state(lb_share *share, int state);
void lb_share_record_step(lb_share *share, float microseconds);
uint32_t lb_share_step_times(const lb_share *share, float *microseconds);
uint32_t lb_share_cycle_times(const lb_share *share, float *microseconds);
void lb_share_add_late(lb_share *share, uint64_t hops);
void lb_share_add_skipped(lb_share *share, uint64_t hops);

void lb_share_counters(const lb_share *share, lb_counters *out);
void lb_share_meters(const lb_share *share, uint32_t player, lb_meters *out);

float lb_share_gain_in(const lb_share *share);
void lb_share_set_gain_in(lb_share *share, float linear);
float lb_share_gain_out(const lb_share *share, uint32_t player);
void lb_share_set_gain_out(lb_share *share, uint32_t player, float linear);
int lb_share_mute(const lb_share *share, uint32_t player);
void lb_share_set_mute(lb_share *share, uint32_t player, int on);
int lb_share_bypass(const lb_share *share, uint32_t player);
void lb_share_set_bypass(lb_share *share, uint32_t player, int on);
int lb_share_enabled(const lb_share *share, uint32_t player);
void lb_share_set_enabled(lb_share *share, uint32_t player, int on);
uint32_t lb_share_players(const lb_share *share);
void lb_share_set_players(lb_share *share, uint32_t players);
int lb_share_listening(const lb_share *share);
void lb_share_set_listening(lb_share *share, int on);
int lb_share_loop(const lb_share *share);
void lb_share_set_loop(lb_share *share, int on);
uint32_t lb_share_fade(const lb_share *share);
void lb_share_set_fade(lb_share *share, uint32_t frames);
void lb_share_panic(lb_share *share);

/* By the audio thread, or while it does not run by who owns it. */
void lb_share_log_change(lb_share *share, const lb_change *change);
uint64_t lb_share_changes(const lb_share *share); /* how many were logged so far */
int lb_share_change(const lb_share *share, uint64_t index, lb_change *out);
/* By the audio thread: what holds from the next cycle on; NULL for no tempo. */
void lb_share_set_tempo(lb_share *share, const lb_tempo *tempo);
/* The map in force at a frame; 0 where there was none. */
int lb_share_tempo(const lb_share *share, uint64_t frame, lb_tempo *out);

/* A driver with blocks of any length up to `block` promises its host a latency. */
void lb_share_promise_latency(lb_share *share, uint32_t frames);
int lb_share_promised_latency(const lb_share *share, uint32_t *frames); /* whether it does */
uint32_t lb_share_host_heartbeats(const lb_share *share);
void lb_share_count_host_heartbeat(lb_share *share);
uint32_t lb_share_control_heartbeats(const lb_share *share);
void lb_share_count_control_heartbeat(lb_share *share);
int lb_share_settled(const lb_share *share); /* every control is in force, and the beat's source */
void lb_share_set_settled(lb_share *share, int settled);
double lb_share_value(const lb_share *share, uint32_t player, uint32_t row); /* NaN: not told */
void lb_share_set_value(lb_share *share, uint32_t player, uint32_t row, double value);
void lb_share_checkpoint(const lb_share *share, char *name); /* LB_NAME bytes */
void lb_share_set_checkpoint(lb_share *share, const char *name);

int lb_share_pop_midi(lb_share *share, lb_midi_event *out);
int lb_share_push_midi(lb_share *share, const lb_midi_event *event);
/* cdef end */

#define LB_MAGIC UINT64_C(0x6c69766562616e64) /* "liveband" */
#define LB_VERSION 6u
#define LB_LINE 64
#define LB_SLOTS 8u /* spans and epochs that stay readable after newer ones were published */
#define LB_TEMPI 64u /* tempo maps of the host that stay readable */
#define LB_NOWHERE INT64_MAX
#define LB_NO_GENERATION UINT64_MAX

/* A run of stem frames without a gap, the same of every player: [begin, written). `origin` is
 * where the stem of this generation began, before any gap; LB_NOWHERE while nothing was
 * written. */
typedef struct {
    _Atomic uint64_t generation;
    _Atomic int64_t begin, written, origin;
} lb_span;

typedef struct {
    _Atomic double frame, beat;
    _Atomic float tempo_bpm, beats_per_bar, confidence;
    _Atomic uint32_t rolling;
} lb_beat_slot;

typedef struct {
    _Atomic uint64_t since;
    _Atomic double frame, beat, tempo_bpm, beats_per_bar;
    _Atomic uint32_t rolling, known;
} lb_tempo_slot;

typedef struct {
    _Atomic uint64_t frame;
    _Atomic uint32_t player, row;
    _Atomic double value;
} lb_change_slot;

typedef struct {
    _Alignas(LB_LINE) _Atomic uint64_t pushed;
    _Atomic uint64_t dropped;
    _Alignas(LB_LINE) _Atomic uint64_t popped;
    _Alignas(LB_LINE) lb_midi_event events[LB_MIDI_EVENTS];
} lb_midi_queue;

struct lb_share {
    uint64_t magic; /* written last by the creator */
    uint64_t bytes;
    uint32_t version;
    _Atomic uint32_t rate, hop; /* written while no driver runs */

    _Alignas(LB_LINE) sem_t hop_ready;  /* posted by the callback: hop complete, new epoch */
    _Alignas(LB_LINE) sem_t stem_ready; /* posted by the engine: stem written */

    struct { /* written by the audio thread */
        _Alignas(LB_LINE) _Atomic uint64_t frame;
        _Atomic uint64_t mix_written;
        _Atomic uint64_t generation;
        _Atomic uint64_t epochs[LB_SLOTS]; /* epoch frame of generation g: epochs[g % 8] */
        _Atomic uint64_t cycles, underruns, sysex_dropped;
        _Atomic uint64_t transport_frame;
        _Atomic int64_t transport_ahead; /* of `frame`, doubled; plus 1 while it rolls */
        _Atomic uint64_t quiet_until; /* xruns before this frame are the freewheel's */
        _Atomic uint32_t transport_rolling, freewheel;
        _Atomic float in_peak[2], in_rms[2];
        _Atomic float out_peak[LB_PLAYERS][2], out_rms[LB_PLAYERS][2];
        _Atomic float cycle_us[LB_STEPS]; /* of cycle c: cycle_us[c % LB_STEPS] */
        _Atomic uint64_t tempi; /* maps published; the newest: tempo[tempi % LB_TEMPI] */
        lb_tempo_slot tempo[LB_TEMPI];
        _Atomic uint64_t changes; /* logged; change c: change[c % LB_CHANGES] */
        lb_change_slot change[LB_CHANGES];
    } host;

    struct { /* written by the driver's notification thread */
        _Alignas(LB_LINE) _Atomic uint64_t xruns;
        _Atomic uint32_t block, offline;
        _Atomic uint32_t control_connections; /* made from control_out so far */
        _Atomic uint32_t heartbeats;
        _Atomic uint64_t promise; /* the latency promised, plus 1; 0 without a promise */
    } driver;

    struct { /* written by the engine process, engine_live also by its supervisor */
        _Alignas(LB_LINE) _Atomic uint64_t serial; /* newest span: spans[serial % 8] */
        lb_span spans[LB_SLOTS];
        _Atomic uint64_t hops, late_hops, skipped_hops;
        _Atomic uint64_t latency; /* musical; by 32 bits up what a loop takes of it */
        _Atomic uint32_t live;
        _Atomic int32_t state;
        _Atomic float step_us[LB_STEPS];
        _Atomic uint64_t beats_published; /* newest: beats[told % 8] */
        _Atomic uint32_t beat_known;
        lb_beat_slot beats[LB_SLOTS];
    } engine;

    struct { /* written by the control process; a plugin's audio thread moves the strips too */
        _Alignas(LB_LINE) _Atomic float gain_in;
        _Atomic uint32_t listening, loop, fade, panics, players;
        _Atomic uint32_t heartbeats, settled;
        _Atomic double values[LB_PLAYERS][LB_ROWS];
        _Atomic uint32_t checkpoints; /* names told; the newest: checkpoint[told % 2] */
        _Atomic char checkpoint[2][LB_NAME];
        struct {
            _Atomic float gain_out;
            _Atomic uint32_t mute, bypass, enabled;
        } player[LB_PLAYERS];
    } control;

    lb_midi_queue midi_in;  /* audio thread to control process */
    lb_midi_queue midi_out; /* control process to audio thread */
    _Alignas(LB_LINE) float mix[LB_RING];
    _Alignas(LB_LINE) float stem[LB_PLAYERS][LB_RING];
};

/* Content of the stem rings at one moment. */
typedef struct {
    uint64_t serial, generation;
    int64_t begin, written, origin;
} lb_stem_view;

lb_stem_view lb_share_stem_view(const lb_share *share);
int lb_queue_push(lb_midi_queue *queue, const lb_midi_event *event);
int lb_queue_peek(const lb_midi_queue *queue, lb_midi_event *event);
void lb_queue_drop(lb_midi_queue *queue);
void lb_share_record_cycle(lb_share *share, float microseconds);
void lb_ring_write(float *ring, uint64_t position, const float *audio, uint32_t frames);
void lb_ring_read(const float *ring, uint64_t position, float *audio, uint32_t frames);

#define LB_LOAD(field) atomic_load_explicit(&(field), memory_order_acquire)
#define LB_STORE(field, value) atomic_store_explicit(&(field), (value), memory_order_release)
#define LB_ADD(field, value) atomic_fetch_add_explicit(&(field), (value), memory_order_acq_rel)

#endif
