/* The host's position in its song, as CLAP tells it. */
#include <math.h>

#include "clap_plugin.h"

static bool has(const clap_event_transport_t *transport, uint32_t flags) {
    return (transport->flags & flags) == flags;
}

/* CLAP counts beats in quarters, from the start of the song; where the metre changes, bars keep
 * the phase. */
void lbp_clap_take_transport(lbp_clap *self, const clap_event_transport_t *transport) {
    lbp_place *place = &self->place;
    *place = (lbp_place){0};
    if (transport == NULL || !has(transport, CLAP_TRANSPORT_HAS_SECONDS_TIMELINE)) return;
    const double seconds = (double)transport->song_pos_seconds / CLAP_FIXED_POINT;
    place->known = true;
    place->rolling = has(transport, CLAP_TRANSPORT_IS_PLAYING);
    place->frame = llround(seconds * self->rate);
    const uint32_t metre = CLAP_TRANSPORT_HAS_TEMPO | CLAP_TRANSPORT_HAS_BEATS_TIMELINE
                           | CLAP_TRANSPORT_HAS_TIME_SIGNATURE;
    if (!has(transport, metre) || transport->tsig_num == 0 || transport->tsig_denom == 0) return;
    const int64_t in_bar = transport->song_pos_beats - transport->bar_start;
    place->has_tempo = transport->tempo > 0.0;
    place->tempo_bpm = transport->tempo;
    place->beats_per_bar = 4.0 * transport->tsig_num / transport->tsig_denom;
    place->beat = transport->bar_number * place->beats_per_bar + (double)in_bar / CLAP_FIXED_POINT;
}
