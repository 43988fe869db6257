/* Estimate of the beat tracker, passed from engine to control process; see share.h. */
#include "share.h"

_Static_assert(sizeof(_Atomic double) == sizeof(uint64_t), "a double is as atomic as a long");

void lb_share_publish_beat(lb_share *share, const lb_beat *beat) {
    if (beat == NULL) {
        LB_STORE(share->engine.beat_known, 0);
        return;
    }
    const uint64_t next = LB_LOAD(share->engine.beats_published) + 1;
    lb_beat_slot *slot = &share->engine.beats[next % LB_SLOTS];
    LB_STORE(slot->frame, beat->frame);
    LB_STORE(slot->beat, beat->beat);
    LB_STORE(slot->tempo_bpm, beat->tempo_bpm);
    LB_STORE(slot->beats_per_bar, beat->beats_per_bar);
    LB_STORE(slot->confidence, beat->confidence);
    LB_STORE(slot->rolling, beat->rolling);
    LB_STORE(share->engine.beats_published, next);
    LB_STORE(share->engine.beat_known, 1); /* last: a reader must not find the one before */
}

int lb_share_beat(const lb_share *share, lb_beat *out) {
    uint64_t newest;
    do {
        newest = LB_LOAD(share->engine.beats_published);
        const lb_beat_slot *slot = &share->engine.beats[newest % LB_SLOTS];
        out->frame = LB_LOAD(slot->frame);
        out->beat = LB_LOAD(slot->beat);
        out->tempo_bpm = LB_LOAD(slot->tempo_bpm);
        out->beats_per_bar = LB_LOAD(slot->beats_per_bar);
        out->confidence = LB_LOAD(slot->confidence);
        out->rolling = LB_LOAD(slot->rolling);
    } while (LB_LOAD(share->engine.beats_published) - newest >= LB_SLOTS - 1); /* overtaken */
    return (int)LB_LOAD(share->engine.beat_known);
}
