/* One liveband in a host program: shared memory, audio callback and control process.
 *
 * Knows no plugin format: LV2 and CLAP are its users. Functions may be called from any thread that
 * is not the audio thread, one at a time. lbp_move and what is declared below it are called from the
 * audio thread, which does not wait, lock, allocate or enter the kernel but to wake the engine,
 * except in an export. While lbp_run runs, only what reads may be called: lbp_checkpoint,
 * lbp_value and lbp_has_values.
 */
#ifndef LBP_INSTANCE_H
#define LBP_INSTANCE_H

#include <stdbool.h>
#include <stdint.h>

#include "share.h"

#define LBP_OUTPUTS (2 * LB_PLAYERS)

typedef struct lbp_instance lbp_instance;

typedef enum { LBP_STOPPED, LBP_STARTING, LBP_PLAYING, LBP_FAILED } lbp_status;

/* Takes a message for people. In an export it is called from the audio thread too. */
typedef struct {
    void (*tell)(void *context, const char *text);
    void *context;
} lbp_log;

/* Where the host's song is at the first frame of a piece. */
typedef struct {
    bool known, rolling, has_tempo;
    int64_t frame; /* of the host's timeline */
    double beat;   /* beats of the song passed there, where it has a tempo */
    double tempo_bpm, beats_per_bar;
} lbp_place;

typedef struct {
    const float *in[2];
    float *out[LBP_OUTPUTS]; /* any of them may be NULL */
    uint32_t frames;
    bool offline;       /* an export: the engine is waited for */
    bool place_is_heard; /* the place is that of the output, `latency` frames after the input */
    lbp_place place;
} lbp_piece;

/* `program` is the command line's beginning, ended by NULL. NULL on failure, which is logged. */
lbp_instance *lbp_new(uint32_t rate, uint32_t block, char *const *program, lbp_log log);
/* Promise a latency and start the control process, unless it runs. */
void lbp_activate(lbp_instance *instance);
void lbp_free(lbp_instance *instance); /* within two seconds, whatever the process does */

void lbp_set_block(lbp_instance *instance, uint32_t frames);
/* Play another checkpoint; a running control process is started anew. */
void lbp_set_checkpoint(lbp_instance *instance, const char *name);
/* What plays, or is to play. */
void lbp_checkpoint(const lbp_instance *instance, char *name); /* LB_NAME bytes */
/* A control's value, as the control process has it. */
double lbp_value(const lbp_instance *instance, uint32_t player, uint32_t row);
bool lbp_has_values(const lbp_instance *instance);

/* -- from the audio thread, or while it does not run ----------------------------------- */

/* Move a control, from the next piece's first frame on. */
void lbp_move(lbp_instance *instance, uint32_t player, uint32_t row, double value);
void lbp_run(lbp_instance *instance, const lbp_piece *piece);
uint32_t lbp_latency(const lbp_instance *instance);
lbp_status lbp_state(const lbp_instance *instance);

#endif
