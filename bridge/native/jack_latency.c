/* How late our ports are, as JACK asks it of every client, mode by mode. */
#include <stdbool.h>
#include <stdlib.h>

#include "jack_glue.h"

/* Every output depends on both inputs, so all take the range of what is connected to any on
 * the other side, plus our own delay against the music. What is heard of ourselves on the way
 * is left out, or the latency of a loop would grow with every question. */

/* Widen a range by that of every port one of ours is connected to; return whether any is. */
static bool widen(lb_jack *jack, void *port, int mode, bool any, jack_range *sum) {
    const char **peers = jack->port_get_all_connections(jack->client, port);
    for (const char **peer = peers; peer != NULL && *peer != NULL; ++peer) {
        jack_range range;
        void *there = jack->port_by_name(jack->client, *peer);
        if (there == NULL || jack->port_is_mine(jack->client, there)) continue;
        jack->port_get_latency_range(there, mode, &range);
        sum->min = any && sum->min < range.min ? sum->min : range.min;
        sum->max = any && sum->max > range.max ? sum->max : range.max;
        any = true;
    }
    if (peers != NULL) jack->free(peers);
    return any;
}

/* Return what others add. Where a loop leads through other clients, they hand us back
 * what we told last: that, or a change just like our own, is no news. */
static uint32_t without_echo(lb_echo *echo, uint32_t heard, uint32_t own) {
    const int64_t news = (int64_t)heard - echo->heard;
    const bool is_back = heard == echo->told || news == (int64_t)echo->told - echo->told_before;
    if (news != 0 && !is_back) echo->others = (uint32_t)((int64_t)echo->others + news);
    if (news < 0 && heard < echo->others) echo->others = heard;
    echo->heard = heard;
    echo->told_before = echo->told;
    echo->told = echo->others + own;
    return echo->told;
}

void lb_jack_pass_latency(int mode, void *context) {
    lb_jack *jack = context;
    const uint32_t outs = 2 * LB_LOAD(jack->players);
    const uint32_t own = lb_share_latency(lb_host_share(jack->host));
    void **from = mode == CAPTURE ? &jack->ports[IN_L] : jack->outs;
    void **to = mode == CAPTURE ? jack->outs : &jack->ports[IN_L];
    jack_range sum = {0, 0};
    bool any = false;
    for (uint32_t i = 0; i < (mode == CAPTURE ? 2 : outs); ++i) {
        any = widen(jack, from[i], mode, any, &sum);
    }
    sum.min = without_echo(&jack->echoes[mode][0], sum.min, own);
    sum.max = without_echo(&jack->echoes[mode][1], sum.max, own);
    for (uint32_t i = 0; i < (mode == CAPTURE ? outs : 2); ++i) {
        jack->port_set_latency_range(to[i], mode, &sum);
    }
}
