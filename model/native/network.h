/* The beat tracker's networks, stepped a few frames at a time. Reading the weights is what that
 * costs, so they have 8 bits, and those that do not depend on the frame before are read once for
 * up to LB_TOGETHER frames.
 *
 * The prototypes between the "cdef" marks are also what Python sees (build.py).
 */
#ifndef LB_NETWORK_H
#define LB_NETWORK_H

#include <stdint.h>

/* cdef begin */
#define LB_ROWS 32        /* of a block: outputs that are summed side by side */
#define LB_TOGETHER 3     /* frames */
#define LB_NETWORKS 8     /* at most */
#define LB_FEATURES 272   /* of a frame */
#define LB_MAPS 2         /* of the convolution */
#define LB_KERNEL 10      /* features it spans */
#define LB_POOLED 131     /* places of a map: half of those the kernel fits, less the odd one */
#define LB_CHANNELS 262   /* LB_MAPS * LB_POOLED */
#define LB_CELLS 150      /* of an LSTM layer, and outputs of the linear one */
#define LB_LAYERS 2
#define LB_ACTIVATIONS 3

typedef struct {
    const int8_t *weights; /* [networks][blocks][columns][LB_ROWS] */
    const float *scales;   /* [networks][blocks * LB_ROWS] */
    const float *bias;     /* the same */
    uint32_t columns, blocks;
} lb_linear;

typedef struct {
    uint32_t networks;
    const float *kernel;      /* [networks][LB_MAPS][LB_KERNEL] */
    const float *kernel_bias; /* [networks][LB_MAPS] */
    lb_linear linear;
    lb_linear ahead[LB_LAYERS], back[LB_LAYERS]; /* gates: input, forget, candidate, output */
    const float *out;                            /* [networks][LB_ACTIVATIONS][LB_CELLS] */
    const float *out_bias;                       /* [networks][LB_ACTIVATIONS] */
} lb_network;

void lb_network_step(const lb_network *network, const float *frames, uint32_t count,
                     float *cell, float *output, float *activations);
/* cdef end */

#endif
