/* One player's sound on its way out: the stem at its place, gain, fades, bypass, meters.
 *
 * Called from the audio thread only; keeps to what host.h promises.
 */
#ifndef LB_VOICE_H
#define LB_VOICE_H

#include "envelope.h"
#include "share.h"

#define LB_CHUNK 256u /* most frames shaped at a time: a few kB of stack */
#define LB_RAMPS_PER_SECOND 100u /* 10 ms: gains, mute, bypass, listening */

typedef struct {
    lb_ramp gain, enabled, bypass, unmuted;
    lb_tap tap, next; /* `next` reads at the new delay while the band turns to it */
} lb_voice;

/* What all voices share in a chunk. */
typedef struct {
    uint64_t frame;         /* of the chunk's start */
    uint32_t frames;        /* 1..LB_CHUNK */
    const float *turn;      /* weights of the new delay; NULL while there is none */
    const float *dry[2];    /* rings of what came in */
} lb_moment;

void lb_voice_init(lb_voice *voice, uint32_t span);
/* Let every fade be over. With `open`, a stem that is there sounds from its first frame. */
void lb_voice_settle(lb_voice *voice, const lb_share *share, uint32_t player, int32_t delay,
                     bool open);
void lb_voice_follow(lb_voice *voice, const lb_share *share, uint32_t player);
void lb_voice_cut(lb_voice *voice);
/* Whether nobody would hear its place in time move. */
bool lb_voice_is_silent(const lb_voice *voice);
void lb_voice_play(lb_voice *voice, const lb_window *window, const lb_moment *moment,
                   float *out_l, float *out_r);

typedef struct {
    float peak, mean_square;
} lb_meter;

void lb_meter_measure(lb_meter *meter, const float *audio, uint32_t frames, uint32_t rate);

#endif
