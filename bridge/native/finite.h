/* Sound that other programs hand us may hold NaN or infinity; to us such a sample is silence. */
#ifndef LB_FINITE_H
#define LB_FINITE_H

#include <math.h>

static inline float lb_finite(float sample) { return isfinite(sample) ? sample : 0.0f; }

#endif
