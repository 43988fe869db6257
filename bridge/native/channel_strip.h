/* Output of one player: stem at its delay, gain, fades, bypass, mute.
 *
 * Called from the audio thread only, under the same limits as lb_host_process in host.h.
 */
#ifndef LB_CHANNEL_STRIP_H
#define LB_CHANNEL_STRIP_H

#include "ramp.h"
#include "share.h"
#include "gap_fades.h"

#define LB_CHUNK 256u /* most frames processed at a time: a few kB of stack */
#define LB_RAMPS_PER_SECOND 100u /* 10 ms: gains, mute, bypass, listening */

typedef struct {
    lb_ramp gain, enabled, bypass, unmuted;
    lb_tap tap, next; /* `next` reads at the new delay while the band crossfades to it */
} lb_strip;

/* Value of a ramp that follows a switch. */
static inline float lb_switch_gain(uint32_t on) { return on ? 1.0f : 0.0f; }

/* Input of all strips in one chunk. */
typedef struct {
    uint64_t frame;             /* of the chunk's start */
    uint32_t frames;            /* 1..LB_CHUNK */
    const float *delay_weights; /* of the new delay; NULL while there is none */
    const float *dry[2];        /* rings of the input, left and right */
} lb_chunk;

void lb_strip_init(lb_strip *strip, uint32_t span);
/* Set every ramp to its target. With `open`, a stem starts at full level. */
void lb_strip_snap(lb_strip *strip, const lb_share *share, uint32_t player, int32_t delay,
                     bool open);
void lb_strip_update(lb_strip *strip, const lb_share *share, uint32_t player);
void lb_strip_cut(lb_strip *strip);
/* Whether a change of its delay would be inaudible. */
bool lb_strip_is_silent(const lb_strip *strip);
void lb_strip_play(lb_strip *strip, const lb_window *window, const lb_chunk *chunk,
                   float *out_l, float *out_r);

#endif
