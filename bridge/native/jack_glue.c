/* A JACK client's callbacks. libjack is the one the client was opened with, found at run
 * time, so neither building nor importing needs JACK. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "glue.h"

/* The part of JACK's binary interface used here. */
typedef struct {
    uint32_t min, max;
} jack_range;

typedef struct {
    uint32_t time;
    size_t size;
    uint8_t *buffer;
} jack_midi_event;

typedef struct __attribute__((packed)) {
    uint64_t unique, usecs;
    uint32_t frame_rate, frame;
    uint8_t rest[512]; /* JACK writes about 140 bytes */
} jack_position;

enum { CAPTURE = 0, PLAYBACK = 1 };
enum { TRANSPORT_ROLLING = 1 };
enum { IN_L, IN_R, OUT_L, OUT_R, CONTROL_IN, CONTROL_OUT };

typedef int (*frames_callback)(uint32_t nframes, void *context);
typedef int (*event_callback)(void *context);
typedef void (*switch_callback)(int on, void *context);
typedef void (*shutdown_callback)(int code, const char *reason, void *context);

#define JACK_FUNCTIONS(X)                                                                 \
    X(int, set_process_callback, (void *, frames_callback, void *))                       \
    X(int, set_buffer_size_callback, (void *, frames_callback, void *))                   \
    X(int, set_xrun_callback, (void *, event_callback, void *))                           \
    X(int, set_freewheel_callback, (void *, switch_callback, void *))                     \
    X(int, set_latency_callback, (void *, switch_callback, void *))                       \
    X(void, on_info_shutdown, (void *, shutdown_callback, void *))                        \
    X(int, recompute_total_latencies, (void *))                                           \
    X(uint32_t, get_buffer_size, (void *))                                                \
    X(int, transport_query, (const void *, jack_position *))                              \
    X(void *, port_get_buffer, (void *, uint32_t))                                        \
    X(int, port_connected, (const void *))                                                \
    X(void, port_get_latency_range, (void *, int, jack_range *))                          \
    X(void, port_set_latency_range, (void *, int, jack_range *))                          \
    X(uint32_t, midi_get_event_count, (void *))                                           \
    X(int, midi_event_get, (jack_midi_event *, void *, uint32_t))                         \
    X(void, midi_clear_buffer, (void *))                                                  \
    X(int, midi_event_write, (void *, uint32_t, const uint8_t *, size_t))

#define DECLARE(result, name, arguments) result(*name) arguments;

struct lb_jack {
    lb_host *host;
    void *library, *client;
    void *ports[LB_PORTS];
    void *outs[2 * LB_PLAYERS]; /* of the first `players`, left and right */
    _Atomic uint32_t players;   /* written last, when their ports are there */
    _Atomic int freewheel;
    char reason[256];
    JACK_FUNCTIONS(DECLARE)
};

/* -- process thread ------------------------------------------------------------------- */

static void read_transport(lb_jack *jack) {
    jack_position position;
    const int state = jack->transport_query(jack->client, &position);
    lb_host_set_transport(jack->host, state == TRANSPORT_ROLLING, position.frame);
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

static void shut_down(int code, const char *reason, void *context) {
    lb_jack *jack = context;
    (void)code;
    if (reason != NULL) strncpy(jack->reason, reason, sizeof jack->reason - 1);
    lb_host_went_offline(jack->host);
}

/* Every output depends on both inputs, so all take the range of what is connected to any on
 * the other side, plus our own delay against the music. */
static void pass_latency(int mode, void *context) {
    lb_jack *jack = context;
    const uint32_t outs = 2 * LB_LOAD(jack->players);
    void **from = mode == CAPTURE ? &jack->ports[IN_L] : jack->outs;
    void **to = mode == CAPTURE ? jack->outs : &jack->ports[IN_L];
    jack_range sum = {0, 0};
    bool any = false;
    for (uint32_t i = 0; i < (mode == CAPTURE ? 2 : outs); ++i) {
        jack_range range;
        if (!jack->port_connected(from[i])) continue;
        jack->port_get_latency_range(from[i], mode, &range);
        sum.min = any && sum.min < range.min ? sum.min : range.min;
        sum.max = any && sum.max > range.max ? sum.max : range.max;
        any = true;
    }
    sum.min += lb_share_latency(lb_host_share(jack->host));
    sum.max += lb_share_latency(lb_host_share(jack->host));
    for (uint32_t i = 0; i < (mode == CAPTURE ? outs : 2); ++i) {
        jack->port_set_latency_range(to[i], mode, &sum);
    }
}

/* -- life ----------------------------------------------------------------------------- */

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
    REGISTER(set_latency_callback, pass_latency)
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

const char *lb_jack_reason(const lb_jack *jack) { return jack->reason; }

void lb_jack_free(lb_jack *jack) {
    if (jack != NULL && jack->library != NULL) dlclose(jack->library);
    free(jack);
}
