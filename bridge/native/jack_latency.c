/* Latency of our ports, as JACK asks every client for it, mode by mode. */
#include <stdbool.h>
#include <stdlib.h>

#include "jack_glue.h"

/* Every output depends on both inputs, so all ports of a side take the latency range of all
 * connections on the other side, plus our own musical latency. Our own latency that comes back
 * through a loop in the graph is left out, or it would grow with every request. */

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

/* Return the latency others add, plus our own. In a loop through other clients, the latency we
 * reported last comes back: that value, or a change equal to our own change, is ignored. */
static uint32_t without_echo(lb_echo *echo, uint32_t received, uint32_t own) {
    const int64_t change = (int64_t)received - echo->received;
    const int64_t own_change = (int64_t)echo->reported - echo->reported_before;
    const bool is_echo = received == echo->reported || change == own_change;
    if (change != 0 && !is_echo) echo->others = (uint32_t)((int64_t)echo->others + change);
    if (change < 0 && received < echo->others) echo->others = received;
    echo->received = received;
    echo->reported_before = echo->reported;
    echo->reported = echo->others + own;
    return echo->reported;
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
