/* An LSTM layer of several networks, stepped one frame at a time. Reading the weights is what it
 * costs, so they have 16 bits.
 *
 * The prototypes between the "cdef" marks are also what Python sees (build.py).
 */
#ifndef LB_LSTM_H
#define LB_LSTM_H

#include <stdint.h>

/* cdef begin */
#define LB_ROWS 64 /* of a block: outputs that are summed side by side */

void lb_products(const int16_t *weights, const float *scales, const float *bias,
                 const float *inputs, float *outputs, uint32_t networks, uint32_t columns,
                 uint32_t blocks);
void lb_lstm_cells(const float *gates, float *cell, float *output, uint32_t networks,
                   uint32_t cells, uint32_t stride);
/* cdef end */

#endif
