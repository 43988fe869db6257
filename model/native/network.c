/* See network.h. Each output is summed column by column, whatever the width of the processor's
 * vectors and however many frames are stepped together: how a stream is cut changes nothing. */
#include "network.h"

#include <string.h>

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define LB_AVX2 __attribute__((target("avx2,fma")))
static int has_avx2(void) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}
#endif

#define LB_INLINE static inline __attribute__((always_inline))
#define LB_UNITS 160  /* LB_CELLS, filled up to whole blocks */
#define LB_GATES 608  /* 4 * LB_CELLS, likewise */
#define LB_MOST LB_GATES

/* -- products ------------------------------------------------------------------------------ */

/* One block: outputs[f] = scales * (weights x inputs[f]) + bias[f], each [LB_ROWS], for some
 * frames that lie `in`, `out` and `add` floats apart. */
typedef struct {
    const int8_t *weights;
    const float *scales, *bias, *inputs;
    float *outputs;
    uint32_t columns, frames, in, out, add;
} lb_block;

static void any_block(const lb_block *b) {
    for (uint32_t f = 0; f < b->frames; ++f) {
        float sums[LB_ROWS] = {0};
        const int8_t *row = b->weights;
        for (uint32_t c = 0; c < b->columns; ++c, row += LB_ROWS) {
            const float x = b->inputs[f * b->in + c];
            for (uint32_t r = 0; r < LB_ROWS; ++r) sums[r] += (float)row[r] * x;
        }
        for (uint32_t r = 0; r < LB_ROWS; ++r) {
            b->outputs[f * b->out + r] = sums[r] * b->scales[r] + b->bias[f * b->add + r];
        }
    }
}

#ifdef LB_AVX2
#define LB_VECTORS (LB_ROWS / 8)

LB_AVX2 LB_INLINE void avx2_frames(const lb_block *b, const uint32_t frames) {
    __m256 sums[LB_TOGETHER][LB_VECTORS];
    for (uint32_t f = 0; f < frames; ++f) {
        for (int v = 0; v < LB_VECTORS; ++v) sums[f][v] = _mm256_setzero_ps();
    }
    const int8_t *row = b->weights;
    for (uint32_t c = 0; c < b->columns; ++c, row += LB_ROWS) {
#pragma GCC unroll 4
        for (int v = 0; v < LB_VECTORS; ++v) {
            const __m128i eight = _mm_loadl_epi64((const __m128i *)(row + 8 * v));
            const __m256 wide = _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(eight));
#pragma GCC unroll 3
            for (uint32_t f = 0; f < frames; ++f) {
                const __m256 x = _mm256_broadcast_ss(b->inputs + f * b->in + c);
                sums[f][v] = _mm256_fmadd_ps(wide, x, sums[f][v]);
            }
        }
    }
    for (uint32_t f = 0; f < frames; ++f) {
        for (int v = 0; v < LB_VECTORS; ++v) {
            const __m256 scale = _mm256_loadu_ps(b->scales + 8 * v);
            const __m256 add = _mm256_loadu_ps(b->bias + f * b->add + 8 * v);
            _mm256_storeu_ps(b->outputs + f * b->out + 8 * v,
                             _mm256_fmadd_ps(sums[f][v], scale, add));
        }
    }
}

LB_AVX2 static void avx2_block(const lb_block *b) {
    switch (b->frames) {
    case 1: avx2_frames(b, 1); break;
    case 2: avx2_frames(b, 2); break;
    default: avx2_frames(b, 3);
    }
}
#endif

/* outputs = linear(inputs) of one network. A bias of NULL is the linear's own. */
static void multiply(const lb_linear *linear, uint32_t network, const float *inputs, uint32_t in,
                     const float *bias, uint32_t add, float *outputs, uint32_t out,
                     uint32_t frames) {
    const uint32_t rows = linear->blocks * LB_ROWS;
    lb_block b = {.columns = linear->columns, .frames = frames, .in = in, .out = out, .add = add,
                  .inputs = inputs};
    for (uint32_t n = 0; n < linear->blocks; ++n) {
        b.weights = linear->weights +
                    ((uint64_t)network * linear->blocks + n) * linear->columns * LB_ROWS;
        b.scales = linear->scales + network * rows + n * LB_ROWS;
        b.bias = (bias ? bias : linear->bias + network * rows) + n * LB_ROWS;
        b.outputs = outputs + n * LB_ROWS;
#ifdef LB_AVX2
        if (has_avx2()) {
            avx2_block(&b);
            continue;
        }
#endif
        any_block(&b);
    }
}

/* -- cells --------------------------------------------------------------------------------- */

/* 2 to the power of n is put into a float's exponent, the rest is the series of exp, to 1e-7. */
LB_INLINE float exp_near(float x) {
    const float whole = 12582912.0f; /* 1.5 * 2^23: adding it rounds to a whole number */
    x = x < -80.0f ? -80.0f : x > 80.0f ? 80.0f : x;
    const float n = (x * 1.44269504f + whole) - whole;
    const float r = (x - n * 0.693359375f) + n * 2.12194440e-4f; /* ln 2 in two parts */
    float series = 1.0f / 720;
    series = 1.0f / 120 + r * series;
    series = 1.0f / 24 + r * series;
    series = 1.0f / 6 + r * series;
    series = 0.5f + r * series;
    series = 1.0f + r * series;
    series = 1.0f + r * series;
    const int32_t bits = ((int32_t)n + 127) * (1 << 23);
    float power;
    memcpy(&power, &bits, sizeof power);
    return series * power;
}

LB_INLINE float sigmoid(float x) { return 1.0f / (1.0f + exp_near(-x)); }
LB_INLINE float tanh_near(float x) { return 2.0f * sigmoid(2.0f * x) - 1.0f; }

LB_INLINE void cells_of(const float *restrict gates, float *restrict cell,
                        float *restrict output) {
    for (uint32_t i = 0; i < LB_CELLS; ++i) {
        const float kept = sigmoid(gates[LB_CELLS + i]) * cell[i];
        const float c = kept + sigmoid(gates[i]) * tanh_near(gates[2 * LB_CELLS + i]);
        cell[i] = c;
        output[i] = sigmoid(gates[3 * LB_CELLS + i]) * tanh_near(c);
    }
}

static void any_cells(const float *gates, float *cell, float *output) {
    cells_of(gates, cell, output);
}

#ifdef LB_AVX2
LB_AVX2 static void avx2_cells(const float *gates, float *cell, float *output) {
    cells_of(gates, cell, output);
}
#endif

static void step_cells(const float *gates, float *cell, float *output) {
#ifdef LB_AVX2
    if (has_avx2()) {
        avx2_cells(gates, cell, output);
        return;
    }
#endif
    any_cells(gates, cell, output);
}

/* -- the whole ----------------------------------------------------------------------------- */

/* Convolution, rectifier and the larger of each two neighbours: [LB_CHANNELS], map by map. */
static void convolve(const float *frame, const float *kernel, const float *bias, float *pooled) {
    for (uint32_t m = 0; m < LB_MAPS; ++m, kernel += LB_KERNEL) {
        float map[2 * LB_POOLED];
        for (uint32_t i = 0; i < 2 * LB_POOLED; ++i) map[i] = bias[m];
        for (uint32_t k = 0; k < LB_KERNEL; ++k) {
            for (uint32_t i = 0; i < 2 * LB_POOLED; ++i) map[i] += kernel[k] * frame[i + k];
        }
        for (uint32_t i = 0; i < LB_POOLED; ++i) {
            const float a = map[2 * i], b = map[2 * i + 1], larger = a > b ? a : b;
            pooled[m * LB_POOLED + i] = larger > 0.0f ? larger : 0.0f;
        }
    }
}

/* Add one network's share of the mean activation of a frame. */
static void tell(const lb_network *n, uint32_t network, const float *output, float *activation) {
    float odds[LB_ACTIVATIONS], largest = -1e30f, total = 0.0f;
    for (uint32_t a = 0; a < LB_ACTIVATIONS; ++a) {
        const uint32_t row = network * LB_ACTIVATIONS + a;
        float sum = n->out_bias[row];
        for (uint32_t i = 0; i < LB_CELLS; ++i) sum += n->out[row * LB_CELLS + i] * output[i];
        odds[a] = sum;
        largest = sum > largest ? sum : largest;
    }
    for (uint32_t a = 0; a < LB_ACTIVATIONS; ++a) {
        odds[a] = exp_near(odds[a] - largest);
        total += odds[a];
    }
    for (uint32_t a = 0; a < LB_ACTIVATIONS; ++a) {
        activation[a] += odds[a] / (total * (float)n->networks);
    }
}

static void step_some(const lb_network *n, const float *frames, uint32_t count, float *cell,
                      float *output, float *activations) {
    float x[LB_TOGETHER][LB_MOST], gates[LB_TOGETHER][LB_GATES];
    memset(activations, 0, count * LB_ACTIVATIONS * sizeof *activations);
    for (uint32_t k = 0; k < n->networks; ++k) {
        for (uint32_t f = 0; f < count; ++f) {
            convolve(frames + f * LB_FEATURES, n->kernel + k * LB_MAPS * LB_KERNEL,
                     n->kernel_bias + k * LB_MAPS, x[f]);
        }
        multiply(&n->linear, k, x[0], LB_MOST, NULL, 0, gates[0], LB_GATES, count);
        for (uint32_t f = 0; f < count; ++f) memcpy(x[f], gates[f], LB_CELLS * sizeof(float));
        for (uint32_t layer = 0; layer < LB_LAYERS; ++layer) {
            const uint64_t at = ((uint64_t)layer * n->networks + k) * LB_CELLS;
            multiply(&n->ahead[layer], k, x[0], LB_MOST, NULL, 0, gates[0], LB_GATES, count);
            for (uint32_t f = 0; f < count; ++f) {
                float sums[LB_GATES];
                multiply(&n->back[layer], k, output + at, 0, gates[f], 0, sums, 0, 1);
                step_cells(sums, cell + at, output + at);
                memcpy(x[f], output + at, LB_CELLS * sizeof(float));
            }
        }
        for (uint32_t f = 0; f < count; ++f) tell(n, k, x[f], activations + f * LB_ACTIVATIONS);
    }
}

/* Take `count` frames, [LB_FEATURES] each, and tell what they look like, [LB_ACTIVATIONS] each.
 * cell and output are the state, [LB_LAYERS][networks][LB_CELLS], and are written into. */
void lb_network_step(const lb_network *network, const float *frames, uint32_t count,
                     float *cell, float *output, float *activations) {
    while (count > 0) {
        const uint32_t some = count < LB_TOGETHER ? count : LB_TOGETHER;
        step_some(network, frames, some, cell, output, activations);
        frames += some * LB_FEATURES;
        activations += some * LB_ACTIVATIONS;
        count -= some;
    }
}
