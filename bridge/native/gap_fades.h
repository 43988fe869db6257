/* Playback of a stem at its delay, with fades over its gaps: hops that came too late, or
 * not at all. */
#ifndef LB_GAP_FADES_H
#define LB_GAP_FADES_H

#include <stdbool.h>
#include <stdint.h>

/* Stem frames that may be played now. */
typedef struct {
    const float *ring;
    int64_t begin, end;
} lb_window;

/* Reads the stem `delay` frames late, early where that is negative. Where frames are missing,
 * the last value decays to zero over `span` frames; where they return, they fade in over as
 * many. */
typedef struct {
    int32_t delay;
    uint32_t span;
    uint32_t closing, opening; /* frames left of the decay and of the fade-in */
    float held, last;
    bool sounding;
} lb_tap;

void lb_tap_reset(lb_tap *tap, int32_t delay, bool open);
void lb_tap_cut(lb_tap *tap);
bool lb_tap_is_silent(const lb_tap *tap);
void lb_tap_read(lb_tap *tap, const lb_window *window, uint64_t frame, float *out,
                 uint32_t frames);

#endif
