/* The beat tracker's bar-pointer filter: one frame of its forward algorithm, and what a belief
 * says. See model/beat_tracker/bar_pointer.py and state_space.py.
 *
 * The prototypes between the "cdef" marks are also what Python sees (build.py).
 */
#ifndef LB_BAR_POINTER_H
#define LB_BAR_POINTER_H

#include <stdint.h>

/* cdef begin */
#define LB_TEMPI 64 /* at most */

typedef struct {
    uint32_t states, tempi, joints, beats, downbeats, segments;
    const int32_t *ends, *begins;      /* [joints][tempi]: last place of a beat, first of the next */
    const float *jump;                 /* [tempi][tempi] */
    const int32_t *beat, *downbeat;    /* states in which a beat, a downbeat is seen */
    const int32_t *segment;            /* [segments + 1]: first state of each beat of each row */
    const int32_t *segment_tempo;      /* [segments] */
    const float *cosine, *sine;        /* [states]: place in the beat, on the unit circle */
} lb_space;

double lb_bar_step(const lb_space *space, const float *before, float *after, const float *held,
                   const float *allowed, const float *even, float beat, float downbeat,
                   float leak);
void lb_bar_sums(const lb_space *space, const float *belief, float *segments, float *tempi);
void lb_bar_phase(const lb_space *space, const float *belief, uint32_t first, uint32_t last,
                  double *cosine, double *sine);
/* cdef end */

#endif
