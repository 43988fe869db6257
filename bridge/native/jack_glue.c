/* A JACK client's callbacks. libjack is the one the client was opened with, found at run
 * time, so neither building nor importing needs JACK. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "jack_glue.h"

/* -- process thread ------------------------------------------------------------------- */

/* The song's beat as the timebase counts it, all bars as long as this one; whether it has one.
 * What it says may be nonsense: the control process judges that. */
static bool read_tempo(const jack_position *position, uint64_t frame, lb_tempo *tempo) {
    if (!(position->valid & POSITION_BBT)) return false;
    const double offset = position->valid & POSITION_BBT_OFFSET ? position->bbt_offset : 0;
    const double beat = position->beat - 1 + position->tick / position->ticks_per_beat;
    *tempo = (lb_tempo){
        .since = frame,
        .frame = (double)frame - offset,
        .beat = (position->bar - 1) * (double)position->beats_per_bar + beat,
        .tempo_bpm = position->beats_per_minute,
        .beats_per_bar = position->beats_per_bar,
    };
    return isfinite(tempo->beat) && isfinite(tempo->tempo_bpm) && tempo->tempo_bpm > 0.0
           && isfinite(tempo->beats_per_bar) && tempo->beats_per_bar > 0.0;
}

static void read_transport(lb_jack *jack) {
    jack_position position;
    const int state = jack->transport_query(jack->client, &position);
    lb_share *share = lb_host_share(jack->host);
    lb_tempo tempo;
    lb_host_set_transport(jack->host, state == TRANSPORT_ROLLING, position.frame);
    /* While it waits to roll, the frame is where it was moved to and the beat where it was. */
    const bool known = state != TRANSPORT_STARTING
                       && read_tempo(&position, lb_share_frame(share), &tempo);
    if (known) tempo.rolling = state == TRANSPORT_ROLLING;
    lb_share_set_tempo(share, known ? &tempo : NULL);
}

static void read_midi(lb_jack *jack, uint32_t nframes) {
    void *buffer = jack->port_get_buffer(jack->ports[CONTROL_IN], nframes);
    const uint32_t count = jack->midi_get_event_count(buffer);
    for (uint32_t i = 0; i < count; ++i) {
        jack_midi_event event;
        if (jack->midi_event_get(&event, buffer, i) == 0) {
            lb_host_midi_in(jack->host, event.time, event.buffer, event.size);
        }
    }
}

static void write_midi(lb_jack *jack, uint32_t nframes) {
    void *buffer = jack->port_get_buffer(jack->ports[CONTROL_OUT], nframes);
    jack->midi_clear_buffer(buffer);
    lb_midi_event event;
    uint32_t offset = 0;
    while (lb_host_midi_out(jack->host, nframes, &offset, &event)) {
        if (jack->midi_event_write(buffer, offset, event.bytes, event.size) != 0) {
            LB_ADD(lb_host_share(jack->host)->midi_out.dropped, 1);
        }
    }
}

static int process(uint32_t nframes, void *context) {
    lb_jack *jack = context;
    const float *left = jack->port_get_buffer(jack->ports[IN_L], nframes);
    const float *right = jack->port_get_buffer(jack->ports[IN_R], nframes);
    const uint32_t players = LB_LOAD(jack->players);
    float *out[2 * LB_PLAYERS];
    for (uint32_t i = 0; i < 2 * players; ++i) {
        out[i] = jack->port_get_buffer(jack->outs[i], nframes);
    }
    read_transport(jack);
    read_midi(jack, nframes);
    write_midi(jack, nframes);
    lb_host_process(jack->host, left, right, out, players, nframes, LB_LOAD(jack->freewheel));
    return 0;
}

/* -- notification thread -------------------------------------------------------------- */

static int block_changed(uint32_t nframes, void *context) {
    lb_host_block_changed(((lb_jack *)context)->host, nframes);
    return 0;
}

static int xrun(void *context) {
    lb_host_xrun(((lb_jack *)context)->host);
    return 0;
}

static void freewheel(int starting, void *context) {
    LB_STORE(((lb_jack *)context)->freewheel, starting);
}

static void port_changed(uint32_t port, int registered, void *context) {
    lb_jack *jack = context;
    if (!registered) return;
    const uint32_t count = LB_LOAD(jack->registrations);
    LB_STORE(jack->registered[count % LB_NEW_PORTS], port);
    LB_STORE(jack->registrations, count + 1);
}

static void connection_changed(uint32_t from, uint32_t to, int on, void *context) {
    lb_jack *jack = context;
    (void)to;
    if (on && jack->port_by_id(jack->client, from) == jack->ports[CONTROL_OUT]) {
        LB_ADD(lb_host_share(jack->host)->driver.control_connections, 1);
    }
}

static void shut_down(int code, const char *reason, void *context) {
    lb_jack *jack = context;
    (void)code;
    if (reason != NULL) strncpy(jack->reason, reason, sizeof jack->reason - 1);
    lb_host_went_offline(jack->host);
}

/* -- lifecycle ------------------------------------------------------------------------ */

static const char *resolve(lb_jack *jack) {
#define RESOLVE(result, name, arguments)                                                  \
    *(void **)&jack->name = dlsym(jack->library, "jack_" #name);                          \
    if (jack->name == NULL) return "jack_" #name;
    JACK_FUNCTIONS(RESOLVE)
    return NULL;
}

static const char *register_callbacks(lb_jack *jack) {
#define REGISTER(name, callback)                                                          \
    if (jack->name(jack->client, callback, jack) != 0) return "jack_" #name;
    REGISTER(set_process_callback, process)
    REGISTER(set_buffer_size_callback, block_changed)
    REGISTER(set_xrun_callback, xrun)
    REGISTER(set_freewheel_callback, freewheel)
    REGISTER(set_latency_callback, lb_jack_pass_latency)
    REGISTER(set_port_registration_callback, port_changed)
    REGISTER(set_port_connect_callback, connection_changed)
    jack->on_info_shutdown(jack->client, shut_down, jack);
    return NULL;
}

lb_jack *lb_jack_attach(lb_host *host, const char *library, void *client,
                        void *const *ports, const char **failed) {
    lb_jack *jack = calloc(1, sizeof *jack);
    *failed = "calloc";
    if (jack == NULL) return NULL;
    jack->host = host;
    jack->client = client;
    memcpy(jack->ports, ports, sizeof jack->ports);
    lb_jack_add_player(jack, jack->ports[OUT_L], jack->ports[OUT_R]);
    *failed = "dlopen";
    jack->library = dlopen(library, RTLD_NOW);
    if (jack->library != NULL) *failed = resolve(jack);
    if (*failed == NULL) *failed = register_callbacks(jack);
    if (*failed != NULL) {
        lb_jack_free(jack);
        return NULL;
    }
    lb_host_block_changed(host, jack->get_buffer_size(client));
    return jack;
}

int lb_jack_add_player(lb_jack *jack, void *left, void *right) {
    const uint32_t players = LB_LOAD(jack->players);
    if (players == LB_PLAYERS) return -1;
    jack->outs[2 * players] = left;
    jack->outs[2 * players + 1] = right;
    LB_STORE(jack->players, players + 1);
    return 0;
}

void lb_jack_recompute_latencies(lb_jack *jack) {
    jack->recompute_total_latencies(jack->client);
}

uint32_t lb_jack_take_registered(lb_jack *jack, uint32_t *ports) {
    const uint32_t count = LB_LOAD(jack->registrations);
    uint32_t taken = 0;
    if (count - jack->taken > LB_NEW_PORTS) jack->taken = count - LB_NEW_PORTS;
    while (jack->taken != count) {
        ports[taken++] = LB_LOAD(jack->registered[jack->taken++ % LB_NEW_PORTS]);
    }
    return taken;
}

const char *lb_jack_reason(const lb_jack *jack) { return jack->reason; }

void lb_jack_free(lb_jack *jack) {
    if (jack != NULL && jack->library != NULL) dlclose(jack->library);
    free(jack);
}
