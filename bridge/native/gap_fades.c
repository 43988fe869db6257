/* Playback of a stem with fades over its gaps; see gap_fades.h. */
#include "gap_fades.h"

#include "share.h"

void lb_tap_reset(lb_tap *tap, int32_t delay, bool open) {
    *tap = (lb_tap){.delay = delay, .span = tap->span, .opening = open ? 0 : tap->span};
}

void lb_tap_cut(lb_tap *tap) {
    if (!tap->sounding) return;
    tap->sounding = false;
    tap->held = tap->last;
    tap->closing = tap->opening = tap->span;
}

bool lb_tap_is_silent(const lb_tap *tap) { return !tap->sounding && tap->closing == 0; }

/* Apply fade-in and decay to the frames in `out`; both have ended when it returns early. */
static void shape(lb_tap *tap, float *out, uint32_t frames) {
    const float step = 1.0f / (float)tap->span;
    for (uint32_t i = 0; i < frames && (tap->opening > 0 || tap->closing > 0); ++i) {
        if (tap->opening > 0 && tap->sounding) {
            out[i] *= 1.0f - (float)--tap->opening * step;
        }
        if (tap->closing > 0) out[i] += tap->held * ((float)--tap->closing * step);
    }
}

static void play_stem(lb_tap *tap, const lb_window *window, int64_t position, float *out,
                     uint32_t frames) {
    tap->sounding = true;
    lb_ring_read(window->ring, (uint64_t)position, out, frames);
    shape(tap, out, frames);
    tap->last = out[frames - 1];
}

static void fade_over_gap(lb_tap *tap, float *out, uint32_t frames) {
    lb_tap_cut(tap);
    for (uint32_t i = 0; i < frames; ++i) out[i] = 0.0f;
    shape(tap, out, frames);
    tap->last = out[frames - 1];
}

static uint32_t distance(int64_t from, int64_t to, uint32_t most) {
    if (to <= from) return 0;
    return to - from < (int64_t)most ? (uint32_t)(to - from) : most;
}

void lb_tap_read(lb_tap *tap, const lb_window *window, uint64_t frame, float *out,
                 uint32_t frames) {
    const int64_t start = (int64_t)frame - tap->delay;
    const uint32_t before = distance(start, window->begin, frames);
    const uint32_t until = distance(start, window->end, frames);
    if (before >= until) {
        fade_over_gap(tap, out, frames);
        return;
    }
    if (before > 0) fade_over_gap(tap, out, before);
    play_stem(tap, window, start + before, out + before, until - before);
    if (until < frames) fade_over_gap(tap, out + until, frames - until);
}
