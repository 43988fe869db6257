/* What a host program and the control process of its plugin tell each other; see share.h. */
#define _GNU_SOURCE
#include <string.h>

#include "share.h"

void lb_share_promise_latency(lb_share *share, uint32_t frames) {
    LB_STORE(share->driver.promise, (uint64_t)frames + 1);
}

int lb_share_promised_latency(const lb_share *share, uint32_t *frames) {
    const uint64_t promise = LB_LOAD(share->driver.promise);
    *frames = promise > 0 ? (uint32_t)(promise - 1) : 0;
    return promise > 0;
}

uint32_t lb_share_host_heartbeats(const lb_share *share) {
    return LB_LOAD(share->driver.heartbeats);
}
void lb_share_count_host_heartbeat(lb_share *share) { LB_ADD(share->driver.heartbeats, 1); }
uint32_t lb_share_control_heartbeats(const lb_share *share) {
    return LB_LOAD(share->control.heartbeats);
}
void lb_share_count_control_heartbeat(lb_share *share) {
    LB_ADD(share->control.heartbeats, 1);
}

int lb_share_settled(const lb_share *share) { return (int)LB_LOAD(share->control.settled); }
void lb_share_set_settled(lb_share *share, int settled) {
    LB_STORE(share->control.settled, settled != 0);
}

double lb_share_value(const lb_share *share, uint32_t player, uint32_t row) {
    return LB_LOAD(share->control.values[player][row]);
}
void lb_share_set_value(lb_share *share, uint32_t player, uint32_t row, double value) {
    LB_STORE(share->control.values[player][row], value);
}

void lb_share_checkpoint(const lb_share *share, char *name) {
    uint32_t told;
    do {
        told = LB_LOAD(share->control.checkpoints);
        for (size_t i = 0; i < LB_NAME; ++i) {
            name[i] = LB_LOAD(share->control.checkpoint[told % 2][i]);
        }
    } while (LB_LOAD(share->control.checkpoints) != told);
    name[LB_NAME - 1] = '\0';
}

void lb_share_set_checkpoint(lb_share *share, const char *name) {
    const uint32_t next = LB_LOAD(share->control.checkpoints) + 1;
    const size_t length = strnlen(name, LB_NAME - 1);
    for (size_t i = 0; i <= length; ++i) {
        LB_STORE(share->control.checkpoint[next % 2][i], i < length ? name[i] : '\0');
    }
    LB_STORE(share->control.checkpoints, next);
}
