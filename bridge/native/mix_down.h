/* Mono mix of the input; mix_down in bridge/stream/offline.py computes the same. NaN and
 * infinity, which no gain can silence, become 0: the model would remember them for 25 s. */
#ifndef LB_MIX_DOWN_H
#define LB_MIX_DOWN_H

#include "finite.h"
#include "ramp.h"

static inline void lb_mix_down(float *mix, const float *left, const float *right,
                               uint32_t frames, lb_ramp *gain, lb_ramp *listening) {
    for (uint32_t i = 0; i < frames; ++i) mix[i] = 0.5f * (left[i] + right[i]);
    lb_ramp_scale(gain, mix, frames);
    lb_finite_copy(mix, mix, frames);
    lb_ramp_scale(listening, mix, frames);
}

#endif
