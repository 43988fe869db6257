/* The drivers that call the host: JACK and PortAudio. */
#ifndef LB_GLUE_H
#define LB_GLUE_H

#include "host.h"

/* cdef begin */
#define LB_PORTS 6 /* in_L in_R out_L out_R control_in control_out */
#define LB_NEW_PORTS 2048 /* registrations kept until they are taken */

typedef struct lb_jack lb_jack;

/* Attach every callback to a client that is not active yet. NULL on failure, with the name of
 * the function that failed in *failed. `library` is the libjack the client was opened with. */
lb_jack *lb_jack_attach(lb_host *host, const char *library, void *client,
                        void *const *ports, const char **failed);
/* Play a further player to a pair of ports from the next cycle on; for one control thread. 0,
 * or -1 where there are LB_PLAYERS. */
int lb_jack_add_player(lb_jack *jack, void *left, void *right);
void lb_jack_recompute_latencies(lb_jack *jack);
/* Copy the numbers of the ports that any client registered since the last call, LB_NEW_PORTS at
 * most, the latest; for one control thread. Returns how many. */
uint32_t lb_jack_take_registered(lb_jack *jack, uint32_t *ports);
const char *lb_jack_reason(const lb_jack *jack); /* why the server went away */
void lb_jack_free(lb_jack *jack);                /* after the client was closed */

typedef struct lb_portaudio lb_portaudio;

lb_portaudio *lb_portaudio_new(lb_host *host, int in_channels, int out_channels);
void *lb_portaudio_callback(void); /* a PaStreamCallback for interleaved float32 */
void lb_portaudio_free(lb_portaudio *stream);
/* cdef end */

#endif
