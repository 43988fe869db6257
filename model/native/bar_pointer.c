/* See bar_pointer.h. */
#include "bar_pointer.h"

#include <string.h>

#define LB_LANES 8 /* sums side by side: always the same order, whatever the processor */

static double sum(const float *x, uint32_t count) {
    float lanes[LB_LANES] = {0};
    uint32_t i = 0;
    for (; i + LB_LANES <= count; i += LB_LANES) {
        for (uint32_t k = 0; k < LB_LANES; ++k) lanes[k] += x[i + k];
    }
    double total = 0.0;
    for (uint32_t k = 0; k < LB_LANES; ++k) total += lanes[k];
    for (; i < count; ++i) total += x[i];
    return total;
}

static float dot(const float *x, const float *y, uint32_t count) {
    float lanes[LB_LANES] = {0}, total = 0.0f;
    uint32_t i = 0;
    for (; i + LB_LANES <= count; i += LB_LANES) {
        for (uint32_t k = 0; k < LB_LANES; ++k) lanes[k] += x[i + k] * y[i + k];
    }
    for (uint32_t k = 0; k < LB_LANES; ++k) total += lanes[k];
    for (; i < count; ++i) total += x[i] * y[i];
    return total;
}

/* Move a belief on by one frame: held[tempo] is the share that a beat's end keeps, allowed[tempo]
 * is 0 where it may not go; beat and downbeat weigh the states that see one; a share `leak` is
 * made even. Returns what the belief summed to before it was made 1 again. */
double lb_bar_step(const lb_space *space, const float *before, float *after, const float *held,
                   const float *allowed, const float *even, float beat, float downbeat,
                   float leak) {
    const uint32_t tempi = space->tempi;
    after[0] = before[0];
    memcpy(after + 1, before, (space->states - 1) * sizeof *after);
    for (uint32_t j = 0; j < space->joints; ++j) {
        float arriving[LB_TEMPI] = {0};
        for (uint32_t t = 0; t < tempi; ++t) {
            const float leaving = before[space->ends[j * tempi + t]] * held[t];
            const float *row = space->jump + t * tempi;
            for (uint32_t to = 0; to < tempi; ++to) arriving[to] += leaving * row[to];
        }
        for (uint32_t t = 0; t < tempi; ++t) {
            after[space->begins[j * tempi + t]] = arriving[t] * allowed[t];
        }
    }
    for (uint32_t i = 0; i < space->beats; ++i) after[space->beat[i]] *= beat;
    for (uint32_t i = 0; i < space->downbeats; ++i) after[space->downbeat[i]] *= downbeat;
    const double total = sum(after, space->states);
    const float scale = (float)((1.0 - leak) / (total > 1e-12 ? total : 1e-12));
    for (uint32_t i = 0; i < space->states; ++i) after[i] = after[i] * scale + leak * even[i];
    return total;
}

/* The probability of each beat of each row, and of each tempo. */
void lb_bar_sums(const lb_space *space, const float *belief, float *segments, float *tempi) {
    memset(tempi, 0, space->tempi * sizeof *tempi);
    for (uint32_t s = 0; s < space->segments; ++s) {
        const int32_t first = space->segment[s];
        segments[s] = (float)sum(belief + first, (uint32_t)(space->segment[s + 1] - first));
        tempi[space->segment_tempo[s]] += segments[s];
    }
}

/* Add what states first..last - 1 say of the place in the beat. */
void lb_bar_phase(const lb_space *space, const float *belief, uint32_t first, uint32_t last,
                  double *cosine, double *sine) {
    *cosine += dot(belief + first, space->cosine + first, last - first);
    *sine += dot(belief + first, space->sine + first, last - first);
}
