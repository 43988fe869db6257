/* Level meters; see meter.h. */
#include "meter.h"

#include <float.h>
#include <math.h>

#include "finite.h"

#define PEAK_FALL_PER_S 2.302585f /* 20 dB, as a natural logarithm */
#define RMS_PER_S (1.0f / 0.3f)

void lb_meter_measure(lb_meter *meter, const float *audio, uint32_t frames, uint32_t rate) {
    float peak = 0.0f, sum = 0.0f;
    for (uint32_t i = 0; i < frames; ++i) {
        const float level = fabsf(lb_finite(audio[i]));
        peak = level > peak ? level : peak;
        sum += level * level;
    }
    const float seconds = (float)frames / (float)rate;
    const float fallen = meter->peak * expf(-PEAK_FALL_PER_S * seconds);
    const float kept = expf(-RMS_PER_S * seconds);
    meter->peak = peak > fallen ? peak : fallen;
    const float mean_square = fminf(sum, FLT_MAX) / (float)frames;
    meter->mean_square = kept * meter->mean_square + (1.0f - kept) * mean_square;
}
