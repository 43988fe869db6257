/* Audio processing of one cycle, independent of the driver: mix, stems, fades, meters.
 *
 * lb_host_process may be called from one thread at a time. It does not lock, allocate, print or
 * enter the kernel, except to post a semaphore and, while freewheeling only, to wait for the
 * engine.
 */
#ifndef LB_HOST_H
#define LB_HOST_H

#include "share.h"

/* cdef begin */
typedef struct lb_host lb_host;

lb_host *lb_host_new(lb_share *share);
void lb_host_free(lb_host *host);
int lb_host_memory_locked(const lb_host *host);
size_t lb_host_lock_bytes(void); /* how much it locks where it may */

/* `out` holds left and right of every player, 1..LB_PLAYERS of them. */
void lb_host_process(lb_host *host, const float *in_l, const float *in_r, float *const *out,
                     uint32_t players, uint32_t nframes, int freewheel);
void lb_host_set_transport(lb_host *host, int rolling, uint64_t frame);
/* Longest wait for the engine in a cycle of an export; 0 for as long as the engine goes on. */
void lb_host_wait_at_most(lb_host *host, double seconds);
int lb_host_midi_in(lb_host *host, uint32_t offset, const uint8_t *data, size_t size);
int lb_host_midi_out(lb_host *host, uint32_t nframes, uint32_t *offset, lb_midi_event *event);

void lb_host_block_changed(lb_host *host, uint32_t nframes);
void lb_host_xrun(lb_host *host); /* counts it, unless an export caused it */
void lb_host_went_offline(lb_host *host);
/* cdef end */

lb_share *lb_host_share(lb_host *host);

#endif
