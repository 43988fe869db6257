/* Control changes and tempo of a host program, each at its frame; see share.h.
 *
 * A change is logged before the frames it holds for are written to the mix, so who has read the
 * mix up to a frame can read every change up to it. The log has one writer and any number of
 * readers, each of which keeps its own place.
 */
#include <math.h>

#include "share.h"

#define SAME_BEATS 0.002 /* 1 ms at 120 bpm: hosts round to ticks */

_Static_assert(sizeof(_Atomic double) == sizeof(uint64_t), "a double is as atomic as a long");

void lb_share_log_change(lb_share *share, const lb_change *change) {
    const uint64_t logged = LB_LOAD(share->host.changes);
    lb_change_slot *slot = &share->host.change[logged % LB_CHANGES];
    LB_STORE(slot->frame, change->frame);
    LB_STORE(slot->player, change->player);
    LB_STORE(slot->row, change->row);
    LB_STORE(slot->value, change->value);
    LB_STORE(share->host.changes, logged + 1);
}

uint64_t lb_share_changes(const lb_share *share) { return LB_LOAD(share->host.changes); }

int lb_share_change(const lb_share *share, uint64_t index, lb_change *out) {
    if (index >= LB_LOAD(share->host.changes)) return LB_EARLY;
    const lb_change_slot *slot = &share->host.change[index % LB_CHANGES];
    out->frame = LB_LOAD(slot->frame);
    out->player = LB_LOAD(slot->player);
    out->row = LB_LOAD(slot->row);
    out->value = LB_LOAD(slot->value);
    return LB_LOAD(share->host.changes) - index >= LB_CHANGES ? LB_LOST : LB_OK;
}

/* -- tempo ---------------------------------------------------------------------------- */

static lb_tempo_slot *newest(lb_share *share) {
    return &share->host.tempo[LB_LOAD(share->host.tempi) % LB_TEMPI];
}

/* Whether a map goes on as the last one said it would. */
static int goes_on(const lb_tempo_slot *last, const lb_tempo *tempo, uint32_t rate) {
    if (!LB_LOAD(last->known) || LB_LOAD(last->rolling) != tempo->rolling) return 0;
    const double tempo_bpm = LB_LOAD(last->tempo_bpm);
    if (tempo_bpm != tempo->tempo_bpm) return 0;
    if (LB_LOAD(last->beats_per_bar) != tempo->beats_per_bar) return 0;
    double beat = LB_LOAD(last->beat);
    if (tempo->rolling) {
        beat += (tempo->frame - LB_LOAD(last->frame)) * tempo_bpm / (60.0 * rate);
    }
    return fabs(beat - tempo->beat) <= SAME_BEATS;
}

void lb_share_set_tempo(lb_share *share, const lb_tempo *tempo) {
    const lb_tempo_slot *last = newest(share);
    if (tempo == NULL && !LB_LOAD(last->known)) return;
    if (tempo != NULL && goes_on(last, tempo, LB_LOAD(share->rate))) return;
    const uint64_t next = LB_LOAD(share->host.tempi) + 1;
    lb_tempo_slot *slot = &share->host.tempo[next % LB_TEMPI];
    LB_STORE(slot->since, tempo == NULL ? lb_share_frame(share) : tempo->since);
    LB_STORE(slot->known, tempo != NULL);
    if (tempo != NULL) {
        LB_STORE(slot->frame, tempo->frame);
        LB_STORE(slot->beat, tempo->beat);
        LB_STORE(slot->tempo_bpm, tempo->tempo_bpm);
        LB_STORE(slot->beats_per_bar, tempo->beats_per_bar);
        LB_STORE(slot->rolling, tempo->rolling);
    }
    LB_STORE(share->host.tempi, next);
}

int lb_share_tempo(const lb_share *share, uint64_t frame, lb_tempo *out) {
    const uint64_t told = LB_LOAD(share->host.tempi);
    for (uint64_t back = 0; back < told && back < LB_TEMPI - 1; ++back) {
        const lb_tempo_slot *slot = &share->host.tempo[(told - back) % LB_TEMPI];
        out->since = LB_LOAD(slot->since);
        if (out->since > frame) continue;
        out->frame = LB_LOAD(slot->frame);
        out->beat = LB_LOAD(slot->beat);
        out->tempo_bpm = LB_LOAD(slot->tempo_bpm);
        out->beats_per_bar = LB_LOAD(slot->beats_per_bar);
        out->rolling = LB_LOAD(slot->rolling);
        const int known = (int)LB_LOAD(slot->known);
        return known && LB_LOAD(share->host.tempi) - told + back < LB_TEMPI - 1;
    }
    return 0;
}
