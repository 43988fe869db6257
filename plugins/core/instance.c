/* One liveband in a host program; see instance.h. */
#define _GNU_SOURCE
#include "instance.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "controls.h"
#include "host.h"
#include "memory.h"
#include "monotonic_clock.h"
#include "process.h"

#define HOPS_PER_SECOND 20u
#define MODEL_DELAY_S 0.02 /* converters and decoder of the checkpoints there are, and some */
#define SETTLING_S 75.0    /* longest wait in all, in an export, for a band that starts */
#define TOLD_BEATS (2.0 / 1920) /* that a host's beat may be off: two of Ardour's ticks */
#define MOST_WORDS 32      /* of the program's command line */
#define MILLION 1e6        /* values are whole millionths: 0.3f is what a project keeps, 0.3 */
#define SAID 512

struct lbp_instance {
    lb_share *share;
    lb_host *host;
    lbp_memory memory;
    lbp_process *process;
    lbp_log log;
    char *const *program;
    char checkpoint[LB_NAME];
    uint32_t rate, block, players;
    bool offline, rolling, gave_up;
    uint64_t exported;  /* frames of this export */
    int64_t expected;   /* place of the next piece, where the song rolls on */
    int64_t take_start; /* place where the hop grid of an export begins */
    struct timespec settle_by;
    float unused[LB_MAX_BLOCK]; /* written where an output is not connected */
};

static void tell(const lbp_instance *instance, const char *text) {
    if (instance->log.tell != NULL) instance->log.tell(instance->log.context, text);
}

static void tell_error(const lbp_instance *instance, const char *what, int error) {
    char text[SAID];
    snprintf(text, sizeof text, "liveband: %.400s: %.80s", what, strerror(error));
    tell(instance, text);
}

/* -- life ----------------------------------------------------------------------------- */

lbp_instance *lbp_new(uint32_t rate, uint32_t block, char *const *program, lbp_log log) {
    lbp_instance *instance = calloc(1, sizeof *instance);
    if (instance == NULL) return NULL;
    instance->log = log;
    instance->program = program;
    instance->rate = rate;
    instance->block = block < 1 ? 1 : block;
    if (rate < 8000 || rate > 192000 || rate % HOPS_PER_SECOND != 0) {
        char text[SAID];
        snprintf(text, sizeof text,
                 "liveband: the sample rate must be 8000..192000 Hz and divisible by %u, got %u",
                 HOPS_PER_SECOND, rate);
        tell(instance, text);
    } else if (!lbp_memory_make(&instance->memory, lb_share_bytes())) {
        tell_error(instance, "no shared memory in /dev/shm", errno);
    } else if (lb_share_init(instance->memory.start, lb_share_bytes(), rate,
                             rate / HOPS_PER_SECOND)
               == 0) {
        instance->share = instance->memory.start;
        instance->host = lb_host_new(instance->share);
    }
    if (instance->host == NULL) {
        lbp_free(instance);
        return NULL;
    }
    lb_host_wait_at_most(instance->host, 0.0);
    lbp_set_block(instance, instance->block);
    return instance;
}

void lbp_free(lbp_instance *instance) {
    if (instance == NULL) return;
    if (instance->process != NULL) lbp_process_end(instance->process);
    lb_host_free(instance->host);
    lbp_memory_remove(&instance->memory);
    free(instance);
}

/* The least latency that will do with the anticipation that was asked for. A checkpoint that needs
 * more, or a shorter anticipation while playing, raises it. */
static uint32_t promised_latency(const lbp_instance *instance) {
    const size_t last = sizeof LBP_ANTICIPATIONS / sizeof *LBP_ANTICIPATIONS - 1;
    size_t choice = LBP_DEFAULT_ANTICIPATION;
    const uint64_t logged = lb_share_changes(instance->share);
    lb_change change;
    for (uint64_t i = logged > LB_CHANGES - 1 ? logged - LB_CHANGES + 1 : 0; i < logged; ++i) {
        if (lb_share_change(instance->share, i, &change) != LB_OK) continue;
        if (change.row == LBP_ANTICIPATION) choice = (size_t)lrint(change.value);
    }
    const double ahead_s = LBP_ANTICIPATIONS[choice > last ? last : choice];
    const double hop = instance->rate / HOPS_PER_SECOND;
    const double total = hop + instance->block - 2 + ceil(MODEL_DELAY_S * instance->rate);
    const double musical = total - ahead_s * instance->rate;
    return musical > 0.0 ? (uint32_t)musical : 0;
}

/* Log the values that a control process which has ended left, for the next one to find. */
static void keep_values(lbp_instance *instance) {
    if (!lbp_has_values(instance)) return;
    for (uint32_t player = 0; player < LB_PLAYERS; ++player) {
        for (uint32_t i = 0; i < LBP_CONTROLS; ++i) {
            const lbp_control *control = &LBP_CONTROL[i];
            if (control->player != player || control->row >= LB_TRIGGER) continue;
            lbp_move(instance, player, control->row, lbp_value(instance, player, control->row));
        }
    }
}

static void start(lbp_instance *instance) {
    char *words[MOST_WORDS + 12];
    size_t count = 0;
    while (count < MOST_WORDS && instance->program[count] != NULL) {
        words[count] = instance->program[count];
        ++count;
    }
    char name[LB_NAME];
    lbp_checkpoint(instance, name);
    char *options[] = {"run", "--backend", "hosted", "--share", instance->memory.name,
                       "--checkpoint", name, NULL};
    const size_t given = name[0] == '\0' ? 5 : 7;
    memcpy(words + count, options, given * sizeof *options);
    words[count + given] = NULL;
    lb_share_set_engine_live(instance->share, 0);
    lb_share_set_engine_state(instance->share, 1); /* LOADING: an export waits for it */
    instance->process = lbp_process_start(words, instance->share);
    if (instance->process != NULL) return;
    lb_share_set_engine_state(instance->share, 4); /* FAILED */
    const int error = errno;
    char what[SAID];
    snprintf(what, sizeof what, "%.300s does not start",
             words[0]);
    tell_error(instance, what, error);
}

void lbp_activate(lbp_instance *instance) {
    const uint32_t promised = promised_latency(instance);
    if (instance->process != NULL && !lbp_process_runs(instance->process)) {
        lbp_process_end(instance->process);
        instance->process = NULL;
        keep_values(instance);
    }
    lb_share_promise_latency(instance->share, promised);
    if (instance->process != NULL && promised > lbp_latency(instance)) {
        lb_share_set_latency(instance->share, promised, 0); /* as the engine is about to */
    }
    if (instance->process != NULL) return;
    lb_share_set_latency(instance->share, promised, 0);
    start(instance);
}

void lbp_set_block(lbp_instance *instance, uint32_t frames) {
    instance->block = frames < 1 ? 1 : frames;
    lb_host_block_changed(instance->host, instance->block);
}

void lbp_set_checkpoint(lbp_instance *instance, const char *name) {
    char now[LB_NAME];
    lbp_checkpoint(instance, now);
    snprintf(instance->checkpoint, sizeof instance->checkpoint, "%s", name);
    if (instance->process == NULL || strcmp(now, instance->checkpoint) == 0) return;
    lbp_process_end(instance->process);
    instance->process = NULL;
    lb_share_set_checkpoint(instance->share, ""); /* the next process tells its own, with values */
    start(instance);
}

void lbp_checkpoint(const lbp_instance *instance, char *name) {
    lb_share_checkpoint(instance->share, name);
    if (name[0] == '\0') memcpy(name, instance->checkpoint, LB_NAME);
}

bool lbp_has_values(const lbp_instance *instance) {
    char name[LB_NAME];
    lb_share_checkpoint(instance->share, name); /* told with the values */
    return name[0] != '\0';
}

double lbp_value(const lbp_instance *instance, uint32_t player, uint32_t row) {
    return lb_share_value(instance->share, player, row);
}

/* -- controls ------------------------------------------------------------------------- */

static float linear(double gain_db) {
    const double most_db = gain_db < LBP_GAIN_MOST_DB ? gain_db : LBP_GAIN_MOST_DB;
    return gain_db <= LBP_GAIN_OFF_DB ? 0.0f : (float)pow(10.0, most_db / 20.0);
}

/* What the audio callback itself obeys is in force at this very frame; everything is logged for
 * the engine and the control process. */
void lbp_move(lbp_instance *instance, uint32_t player, uint32_t row, double value) {
    lb_share *share = instance->share;
    if (!isfinite(value) || player >= LB_PLAYERS) return;
    value = rint(value * MILLION) / MILLION;
    const int on = value > 0.5;
    switch (row) {
    case LBP_GAIN_IN: lb_share_set_gain_in(share, linear(value)); break;
    case LBP_LISTEN: lb_share_set_listening(share, on); break;
    case LBP_GAIN_OUT: lb_share_set_gain_out(share, player, linear(value)); break;
    case LBP_MUTE: lb_share_set_mute(share, player, on); break;
    case LBP_BYPASS: lb_share_set_bypass(share, player, on); break;
    case LBP_ENABLE: lb_share_set_enabled(share, player, on); break;
    default: break;
    }
    const lb_change change = {lb_share_frame(share), player, row, value};
    lb_share_log_change(share, &change);
}

/* -- sound ---------------------------------------------------------------------------- */

static void tell_loss(const lbp_instance *instance) {
    char lost[SAID / 4], fate[SAID / 4] = "", text[SAID];
    if (instance->process != NULL) lbp_process_fate(instance->process, fate, sizeof fate);
    if (instance->exported == 0) {
        snprintf(lost, sizeof lost, "the band does not play, so this export is without it");
    } else {
        snprintf(lost, sizeof lost, "the band was lost %.1f s into this export, which goes on in "
                                    "silence", (double)instance->exported / instance->rate);
    }
    snprintf(text, sizeof text, "liveband: %s%s%s; see the log of `liveband` for why, and export "
                                "again once the plugin's status is `playing`",
             lost, fate[0] != '\0' ? "; its program " : "", fate);
    tell(instance, text);
}

/* In an export: wait for a band that starts, until all that was asked for is in force. */
static void await_band(lbp_instance *instance) {
    if (instance->gave_up) return;
    while (lbp_state(instance) == LBP_STARTING) {
        if (lb_is_after(lb_now(), instance->settle_by)) break;
        usleep(2000);
    }
    if (lbp_state(instance) == LBP_PLAYING) return;
    instance->gave_up = true;
    tell_loss(instance);
}

/* Say where the hop grid of an export begins. Hosts begin early, by as much as they please, so it
 * begins on a multiple of a hop of their timeline, the same every time. */
static void begin_take(lbp_instance *instance, const lbp_place *place, bool offline) {
    const bool goes_on = instance->rolling && place->frame == instance->expected;
    const bool begins = offline && place->rolling && !(instance->offline && goes_on);
    if (!begins) return;
    const int64_t hop = lb_share_hop(instance->share);
    const int64_t past = ((place->frame % hop) + hop) % hop;
    instance->take_start = place->frame + (past > 0 ? hop - past : 0);
}

/* Hosts round beats to ticks, and to floats. Where the tempo was the same from frame 0 of the song
 * on, its beat is known exactly. */
static double exact_beat(const lbp_place *place, uint32_t rate) {
    const double exact = (double)place->frame * place->tempo_bpm / (60.0 * rate);
    return fabs(exact - place->beat) < TOLD_BEATS ? exact : place->beat;
}

static void set_tempo(lbp_instance *instance, const lbp_place *place) {
    const uint64_t frame = lb_share_frame(instance->share);
    const lb_tempo tempo = {
        .since = frame,
        .frame = (double)frame,
        .beat = exact_beat(place, instance->rate),
        .tempo_bpm = place->tempo_bpm,
        .beats_per_bar = place->beats_per_bar,
        .rolling = place->rolling,
    };
    const bool is_sane = place->has_tempo && isfinite(place->beat) && place->tempo_bpm > 0.0
                         && isfinite(place->tempo_bpm) && place->beats_per_bar > 0.0
                         && isfinite(place->beats_per_bar);
    lb_share_set_tempo(instance->share, is_sane ? &tempo : NULL);
}

static uint32_t used_players(lbp_instance *instance) {
    const uint32_t players = lb_share_players(instance->share);
    if (players > instance->players) instance->players = players;
    return instance->players;
}

/* At most LB_MAX_BLOCK frames, all before the take's start, or none. Before it the transport stands
 * there still: a place that moved would begin a generation at every block. */
static void process(lbp_instance *instance, const lbp_piece *piece, uint32_t from, uint32_t n,
                    const lbp_place *place, bool early) {
    float *out[LBP_OUTPUTS];
    const uint32_t players = used_players(instance);
    for (uint32_t side = 0; side < LBP_OUTPUTS; ++side) {
        out[side] = piece->out[side] != NULL ? piece->out[side] + from : instance->unused;
    }
    const int64_t frame = early ? instance->take_start : place->frame;
    lb_host_set_transport(instance->host, place->rolling && !early,
                          frame < 0 ? 0 : (uint64_t)frame);
    set_tempo(instance, place);
    lb_host_process(instance->host, piece->in[0] + from, piece->in[1] + from, out, players, n,
                    piece->offline);
    for (uint32_t side = 2 * players; side < LBP_OUTPUTS; ++side) {
        if (piece->out[side] != NULL) memset(piece->out[side] + from, 0, n * sizeof **out);
    }
}

static void move_on(lbp_place *place, uint32_t frames, uint32_t rate) {
    if (!place->rolling) return;
    place->frame += frames;
    place->beat += frames * place->tempo_bpm / (60.0 * rate);
}

static void begin_export(lbp_instance *instance) {
    instance->gave_up = false;
    instance->exported = 0;
    instance->settle_by = lb_later(lb_now(), SETTLING_S);
}

void lbp_run(lbp_instance *instance, const lbp_piece *piece) {
    lbp_place place = piece->place;
    place.rolling = place.known && place.rolling;
    if (piece->offline && !instance->offline) begin_export(instance);
    if (piece->offline) await_band(instance);
    if (piece->place_is_heard && place.known) {
        place.frame += lbp_latency(instance);
        place.beat += lbp_latency(instance) * place.tempo_bpm / (60.0 * instance->rate);
    }
    begin_take(instance, &place, piece->offline);
    uint32_t done = 0;
    while (done < piece->frames) {
        const bool early = piece->offline && place.rolling && place.frame < instance->take_start;
        uint32_t n = piece->frames - done;
        if (n > LB_MAX_BLOCK) n = LB_MAX_BLOCK;
        if (early && instance->take_start - place.frame < (int64_t)n) {
            n = (uint32_t)(instance->take_start - place.frame);
        }
        process(instance, piece, done, n, &place, early);
        move_on(&place, n, instance->rate);
        done += n;
    }
    instance->offline = piece->offline;
    instance->exported += piece->frames;
    instance->rolling = place.rolling;
    instance->expected = place.frame;
}

uint32_t lbp_latency(const lbp_instance *instance) { return lb_share_latency(instance->share); }

lbp_status lbp_state(const lbp_instance *instance) {
    const lb_share *share = instance->share;
    if (instance->process == NULL) return LBP_STOPPED;
    if (!lbp_process_runs(instance->process)) return LBP_FAILED;
    if (lbp_process_stands(instance->process)) return LBP_FAILED;
    if (lb_share_engine_live(share) && lb_share_settled(share)) return LBP_PLAYING;
    return lb_share_engine_state(share) == 4 ? LBP_FAILED : LBP_STARTING;
}
