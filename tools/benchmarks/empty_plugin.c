/* An LV2 plugin with the ports of liveband that passes the mix to the first pair of outputs and
 * is silent on the others; plugins.py compiles it. */
#include <lv2/core/lv2.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { INPUTS = 2, OUTPUTS = 16, AUDIO = INPUTS + OUTPUTS };

typedef struct {
    float *audio[AUDIO];
} empty_plugin;

static LV2_Handle instantiate(const LV2_Descriptor *descriptor, double rate, const char *bundle,
                              const LV2_Feature *const *features) {
    (void)descriptor, (void)rate, (void)bundle, (void)features;
    return calloc(1, sizeof(empty_plugin));
}

static void connect_port(LV2_Handle handle, uint32_t port, void *data) {
    if (port < AUDIO) ((empty_plugin *)handle)->audio[port] = data;
}

static void run(LV2_Handle handle, uint32_t frames) {
    float *const *in = ((empty_plugin *)handle)->audio, *const *out = in + INPUTS;
    for (int side = 0; side < OUTPUTS; ++side) {
        if (out[side] == NULL) continue;
        if (side < INPUTS) {
            memmove(out[side], in[side], frames * sizeof(float));
        } else {
            memset(out[side], 0, frames * sizeof(float));
        }
    }
}

LV2_SYMBOL_EXPORT const LV2_Descriptor *lv2_descriptor(uint32_t index) {
    static const LV2_Descriptor descriptor = {
        "urn:liveband:band", instantiate, connect_port, NULL, run, NULL, free, NULL,
    };
    return index == 0 ? &descriptor : NULL;
}
