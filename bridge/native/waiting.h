/* Patience of a freewheeling callback with the engine. */
#ifndef LB_WAITING_H
#define LB_WAITING_H

#include <stdbool.h>

#include "monotonic_clock.h"
#include "share.h"

#define LB_SERVER_PATIENCE_S 8.0 /* JACK gives a freewheeling client 10 s */

typedef struct {
    double cycle_s; /* longest wait in one cycle; 0 where only the engine's standing ends it */
    struct timespec cycle_end;
    struct timespec start_end; /* until then an engine that starts is waited for */
    bool gave_up;              /* on an engine that stood: no wait until it goes on */
    uint64_t progress;         /* of the engine when it was given up */
} lb_patience;

/* Stem that a cycle is to play. */
typedef struct {
    uint64_t generation, epoch_frame;
    uint64_t end; /* frame after the last one of the cycle */
} lb_demand;

void lb_patience_begin_export(lb_patience *patience, const lb_share *share);
void lb_patience_begin_cycle(lb_patience *patience, struct timespec now);
/* Wait until a live engine has joined the generation and written what is demanded. An engine
 * that starts is waited for, one that has ended or stands is not. */
void lb_await_stem(lb_patience *patience, lb_share *share, const lb_demand *demand);

#endif
