/* See spectrum.h. */
#include "spectrum.h"

#include <math.h>

/* spectrum: real and imaginary parts in turn. last: the bands of the frame before, replaced by
 * those of this one. features: the bands, then their rises; none where nothing has begun. */
void lb_log_bands(const lb_bands *bands, const float *spectrum, float *last, int begun,
                  float *features) {
    for (uint32_t b = 0; b < bands->bands; ++b) {
        float sum = 1.0f;
        for (int32_t i = bands->first[b]; i < bands->first[b + 1]; ++i) {
            const float re = spectrum[2 * bands->bins[i]], im = spectrum[2 * bands->bins[i] + 1];
            sum += bands->weights[i] * sqrtf(re * re + im * im);
        }
        const float level = log10f(sum), rise = level - last[b];
        features[b] = level;
        features[bands->bands + b] = begun && rise > 0.0f ? rise : 0.0f;
        last[b] = level;
    }
}
