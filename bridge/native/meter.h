/* Level meters: a peak that falls by 20 dB a second, a mean square over 0.3 s. */
#ifndef LB_METER_H
#define LB_METER_H

#include <stdint.h>

typedef struct {
    float peak, mean_square;
} lb_meter;

/* Follow the next frames. A NaN or infinity counts as silence: no meter falls from infinity. */
void lb_meter_measure(lb_meter *meter, const float *audio, uint32_t frames, uint32_t rate);

#endif
