/* Ramps: values that change without a step. */
#ifndef LB_RAMP_H
#define LB_RAMP_H

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

#endif
