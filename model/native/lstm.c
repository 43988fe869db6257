/* See lstm.h. Each output is summed column by column whatever the vectors' width, so that all
 * processors with fused multiply-add get the same numbers. */
#include "lstm.h"

#include <string.h>

/* One block: outputs = scales * (weights x inputs) + bias. weights: [columns][LB_ROWS]. */
typedef void lb_block(const int16_t *weights, const float *scales, const float *bias,
                      const float *inputs, float *outputs, uint32_t columns);

static void any_block(const int16_t *weights, const float *scales, const float *bias,
                      const float *inputs, float *outputs, uint32_t columns) {
    float sums[LB_ROWS] = {0};
    for (uint32_t c = 0; c < columns; ++c, weights += LB_ROWS) {
        for (uint32_t r = 0; r < LB_ROWS; ++r) sums[r] += (float)weights[r] * inputs[c];
    }
    for (uint32_t r = 0; r < LB_ROWS; ++r) outputs[r] = sums[r] * scales[r] + bias[r];
}

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

#define LB_VECTORS (LB_ROWS / 8)

__attribute__((target("avx2,fma"))) static void
avx2_block(const int16_t *weights, const float *scales, const float *bias, const float *inputs,
           float *outputs, uint32_t columns) {
    __m256 sums[LB_VECTORS];
    for (int v = 0; v < LB_VECTORS; ++v) sums[v] = _mm256_setzero_ps();
    for (uint32_t c = 0; c < columns; ++c, weights += LB_ROWS) {
        const __m256 x = _mm256_set1_ps(inputs[c]);
#pragma GCC unroll 8
        for (int v = 0; v < LB_VECTORS; ++v) {
            const __m128i eight = _mm_loadu_si128((const __m128i *)(weights + 8 * v));
            const __m256 wide = _mm256_cvtepi32_ps(_mm256_cvtepi16_epi32(eight));
            sums[v] = _mm256_fmadd_ps(wide, x, sums[v]);
        }
    }
    for (int v = 0; v < LB_VECTORS; ++v) {
        const __m256 scale = _mm256_loadu_ps(scales + 8 * v), add = _mm256_loadu_ps(bias + 8 * v);
        _mm256_storeu_ps(outputs + 8 * v, _mm256_fmadd_ps(sums[v], scale, add));
    }
}

static int has_avx2(void) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

static lb_block *fastest(void) { return has_avx2() ? avx2_block : any_block; }
#else
static lb_block *fastest(void) { return any_block; }
#endif

/* outputs = scales * (weights x inputs) + bias, for each network.
 *
 * weights: [networks][blocks][columns][LB_ROWS]; scales, bias and outputs: [networks][blocks *
 * LB_ROWS]; inputs: [networks][columns]. */
void lb_products(const int16_t *weights, const float *scales, const float *bias,
                 const float *inputs, float *outputs, uint32_t networks, uint32_t columns,
                 uint32_t blocks) {
    lb_block *const block = fastest();
    for (uint32_t n = 0; n < networks; ++n, inputs += columns) {
        for (uint32_t b = 0; b < blocks; ++b) {
            block(weights, scales, bias, inputs, outputs, columns);
            weights += (uint64_t)columns * LB_ROWS;
            scales += LB_ROWS, bias += LB_ROWS, outputs += LB_ROWS;
        }
    }
}

/* 2 to the power of n is put into a float's exponent, the rest is the series of exp, to 1e-7. */
static inline __attribute__((always_inline)) float exp_near(float x) {
    const float whole = 12582912.0f; /* 1.5 * 2^23: adding it rounds to a whole number */
    x = x < -80.0f ? -80.0f : x > 80.0f ? 80.0f : x;
    const float n = (x * 1.44269504f + whole) - whole;
    const float r = (x - n * 0.693359375f) + n * 2.12194440e-4f; /* ln 2 in two parts */
    const float series =
        1.0f +
        r * (1.0f +
             r * (1.0f / 2 +
                  r * (1.0f / 6 + r * (1.0f / 24 + r * (1.0f / 120 + r * (1.0f / 720))))));
    const int32_t bits = ((int32_t)n + 127) * (1 << 23);
    float power;
    memcpy(&power, &bits, sizeof power);
    return series * power;
}

static inline __attribute__((always_inline)) float sigmoid(float x) {
    return 1.0f / (1.0f + exp_near(-x));
}

static inline __attribute__((always_inline)) void
cells_of(const float *restrict gates, float *restrict cell, float *restrict output, uint32_t n) {
    for (uint32_t i = 0; i < n; ++i) { /* input, forget, candidate, output */
        const float candidate = 2.0f * sigmoid(2.0f * gates[2 * n + i]) - 1.0f;
        const float c = sigmoid(gates[n + i]) * cell[i] + sigmoid(gates[i]) * candidate;
        cell[i] = c;
        output[i] = sigmoid(gates[3 * n + i]) * (2.0f * sigmoid(2.0f * c) - 1.0f);
    }
}

static void any_cells(const float *gates, float *cell, float *output, uint32_t n) {
    cells_of(gates, cell, output, n);
}

#if defined(__x86_64__) && defined(__GNUC__)
__attribute__((target("avx2,fma"))) static void avx2_cells(const float *gates, float *cell,
                                                           float *output, uint32_t n) {
    cells_of(gates, cell, output, n);
}
#endif

/* One step of every cell, from the sums at its gates: [networks][stride], in each row those of
 * input, forget, candidate and output. cell is read and written, output written:
 * [networks][cells]. */
void lb_lstm_cells(const float *gates, float *cell, float *output, uint32_t networks,
                   uint32_t cells, uint32_t stride) {
    void (*step)(const float *, float *, float *, uint32_t) = any_cells;
#if defined(__x86_64__) && defined(__GNUC__)
    if (has_avx2()) step = avx2_cells;
#endif
    for (uint32_t n = 0; n < networks; ++n) {
        step(gates + (uint64_t)n * stride, cell + (uint64_t)n * cells,
             output + (uint64_t)n * cells, cells);
    }
}
