/* The beat tracker's bands: sums over bins of a magnitude spectrum, on a log scale, and their
 * rises since the frame before. See model/beat_tracker/spectrum.py.
 *
 * The prototypes between the "cdef" marks are also what Python sees (build.py).
 */
#ifndef LB_SPECTRUM_H
#define LB_SPECTRUM_H

#include <stdint.h>

/* cdef begin */
typedef struct {
    uint32_t bands;
    const int32_t *first; /* [bands + 1]: of each band in `bins` and `weights` */
    const int32_t *bins;
    const float *weights;
} lb_bands;

void lb_log_bands(const lb_bands *bands, const float *spectrum, float *last, int begun,
                  float *features);
/* cdef end */

#endif
