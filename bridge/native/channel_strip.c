/* Output of one player; see channel_strip.h. */
#include "channel_strip.h"

#include <string.h>

typedef struct {
    float gain, enabled, bypass, unmuted;
} lb_targets;

static lb_targets load_targets(const lb_share *share, uint32_t player) {
    return (lb_targets){
        .gain = LB_LOAD(share->control.player[player].gain_out),
        .enabled = lb_switch_gain(LB_LOAD(share->control.player[player].enabled)),
        .bypass = lb_switch_gain(LB_LOAD(share->control.player[player].bypass)),
        .unmuted = lb_switch_gain(!LB_LOAD(share->control.player[player].mute)),
    };
}

void lb_strip_init(lb_strip *strip, uint32_t span) {
    memset(strip, 0, sizeof *strip);
    strip->tap.span = strip->next.span = span;
}

void lb_strip_snap(lb_strip *strip, const lb_share *share, uint32_t player, int32_t delay,
                     bool open) {
    const lb_targets targets = load_targets(share, player);
    lb_ramp_set(&strip->gain, targets.gain);
    lb_ramp_set(&strip->enabled, targets.enabled);
    lb_ramp_set(&strip->bypass, targets.bypass);
    lb_ramp_set(&strip->unmuted, targets.unmuted);
    lb_tap_reset(&strip->tap, delay, open);
}

void lb_strip_update(lb_strip *strip, const lb_share *share, uint32_t player) {
    const uint32_t ramp = share->rate / LB_RAMPS_PER_SECOND;
    const lb_targets targets = load_targets(share, player);
    lb_ramp_aim(&strip->gain, targets.gain, ramp);
    lb_ramp_aim(&strip->bypass, targets.bypass, ramp);
    lb_ramp_aim(&strip->unmuted, targets.unmuted, ramp);
    lb_ramp_aim(&strip->enabled, targets.enabled, LB_LOAD(share->control.fade));
}

void lb_strip_cut(lb_strip *strip) {
    lb_tap_cut(&strip->tap);
    lb_tap_cut(&strip->next);
}

bool lb_strip_is_silent(const lb_strip *strip) {
    return lb_tap_is_silent(&strip->tap) && lb_ramp_rests_at(&strip->bypass, 0.0f);
}

static void blend(float *audio, const float *other, const float *weights, uint32_t n) {
    for (uint32_t i = 0; i < n; ++i) {
        audio[i] = audio[i] * (1.0f - weights[i]) + other[i] * weights[i];
    }
}

/* The dry input is delayed like the stem, but never by less than 0: where the stem is played a
 * block early, to be on the grid after a loop in the graph, the dry input is not delayed. */
static void read_dry(const lb_chunk *chunk, int side, const lb_tap *tap, float *out) {
    const uint32_t delay = tap->delay > 0 ? (uint32_t)tap->delay : 0;
    lb_ring_read(chunk->dry[side], chunk->frame - delay, out, chunk->frames);
}

static void blend_dry(const lb_strip *strip, const lb_chunk *chunk, int side,
                      const float *weights, float *out) {
    float dry[LB_CHUNK], other[LB_CHUNK];
    const uint32_t n = chunk->frames;
    read_dry(chunk, side, &strip->tap, dry);
    if (chunk->delay_weights != NULL) {
        read_dry(chunk, side, &strip->next, other);
        blend(dry, other, chunk->delay_weights, n);
    }
    blend(out, dry, weights, n);
}

void lb_strip_play(lb_strip *strip, const lb_window *window, const lb_chunk *chunk,
                   float *out_l, float *out_r) {
    float other[LB_CHUNK], weights[LB_CHUNK];
    const uint32_t n = chunk->frames;
    lb_tap_read(&strip->tap, window, chunk->frame, out_l, n);
    if (chunk->delay_weights != NULL) {
        lb_tap_read(&strip->next, window, chunk->frame, other, n);
        blend(out_l, other, chunk->delay_weights, n);
    }
    lb_ramp_scale(&strip->gain, out_l, n);
    lb_ramp_scale(&strip->enabled, out_l, n);
    memcpy(out_r, out_l, n * sizeof *out_r);
    if (!lb_ramp_rests_at(&strip->bypass, 0.0f)) {
        lb_ramp_fill(&strip->bypass, weights, n);
        blend_dry(strip, chunk, 0, weights, out_l);
        blend_dry(strip, chunk, 1, weights, out_r);
    }
    if (!lb_ramp_rests_at(&strip->unmuted, 1.0f)) {
        lb_ramp_fill(&strip->unmuted, weights, n);
        for (uint32_t i = 0; i < n; ++i) {
            out_l[i] *= weights[i];
            out_r[i] *= weights[i];
        }
    }
}
