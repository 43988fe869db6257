/* Ramps; see ramp.h. */
#include "ramp.h"

void lb_ramp_set(lb_ramp *ramp, float value) {
    *ramp = (lb_ramp){.value = value, .target = value};
}

void lb_ramp_aim(lb_ramp *ramp, float target, uint32_t frames) {
    if (target == ramp->target) return;
    ramp->target = target;
    ramp->left = frames > 0 ? frames : 1;
    ramp->step = (target - ramp->value) / (float)ramp->left;
}

bool lb_ramp_rests_at(const lb_ramp *ramp, float value) {
    return ramp->left == 0 && ramp->value == value;
}

static float ramp_next(lb_ramp *ramp) {
    ramp->left -= 1;
    ramp->value = ramp->target - ramp->step * (float)ramp->left;
    return ramp->value;
}

void lb_ramp_fill(lb_ramp *ramp, float *out, uint32_t frames) {
    uint32_t i = 0;
    while (i < frames && ramp->left > 0) out[i++] = ramp_next(ramp);
    while (i < frames) out[i++] = ramp->value;
}

void lb_ramp_scale(lb_ramp *ramp, float *audio, uint32_t frames) {
    if (lb_ramp_rests_at(ramp, 1.0f)) return;
    uint32_t i = 0;
    while (i < frames && ramp->left > 0) audio[i++] *= ramp_next(ramp);
    while (i < frames) audio[i++] *= ramp->value;
}
