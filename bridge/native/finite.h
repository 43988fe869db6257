/* Replacement of NaN and infinity, which other programs may send, by silence. */
#ifndef LB_FINITE_H
#define LB_FINITE_H

#include <math.h>
#include <stdint.h>

static inline float lb_finite(float sample) { return isfinite(sample) ? sample : 0.0f; }

static inline void lb_finite_copy(float *to, const float *from, uint32_t frames) {
    for (uint32_t i = 0; i < frames; ++i) to[i] = lb_finite(from[i]);
}

#endif
