/* Ramps and stem taps, which keep every change of the sound free of steps. */
#ifndef LB_ENVELOPE_H
#define LB_ENVELOPE_H

#include <stdbool.h>
#include <stdint.h>

/* A value that moves to its target in a straight line and then is exactly the target. */
typedef struct {
    float value, target, step;
    uint32_t left;
} lb_ramp;

void lb_ramp_set(lb_ramp *ramp, float value);
void lb_ramp_aim(lb_ramp *ramp, float target, uint32_t frames);
/* Whether the ramp has ended at this value. */
bool lb_ramp_rests_at(const lb_ramp *ramp, float value);
void lb_ramp_fill(lb_ramp *ramp, float *out, uint32_t frames);
void lb_ramp_scale(lb_ramp *ramp, float *audio, uint32_t frames);

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
