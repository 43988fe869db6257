/* A JACK client and the part of JACK used here. libjack is the one the client was opened with,
 * found at run time, so neither building nor importing needs JACK. */
#ifndef LB_JACK_GLUE_H
#define LB_JACK_GLUE_H

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
    uint32_t valid;
    int32_t bar, beat, tick;
    double bar_start_tick;
    float beats_per_bar, beat_type;
    double ticks_per_beat, beats_per_minute;
    double frame_time, next_time;
    uint32_t bbt_offset;
    uint8_t rest[440]; /* JACK writes about 140 bytes in all */
} jack_position;

enum { CAPTURE = 0, PLAYBACK = 1 };
enum { TRANSPORT_ROLLING = 1, TRANSPORT_STARTING = 3 };
enum { POSITION_BBT = 0x10, POSITION_BBT_OFFSET = 0x40 };
enum { IN_L, IN_R, OUT_L, OUT_R, CONTROL_IN, CONTROL_OUT };

typedef int (*frames_callback)(uint32_t nframes, void *context);
typedef int (*event_callback)(void *context);
typedef void (*switch_callback)(int on, void *context);
typedef void (*port_callback)(uint32_t port, int registered, void *context);
typedef void (*connection_callback)(uint32_t from, uint32_t to, int on, void *context);
typedef void (*shutdown_callback)(int code, const char *reason, void *context);

#define JACK_FUNCTIONS(X)                                                                 \
    X(int, set_process_callback, (void *, frames_callback, void *))                       \
    X(int, set_buffer_size_callback, (void *, frames_callback, void *))                   \
    X(int, set_xrun_callback, (void *, event_callback, void *))                           \
    X(int, set_freewheel_callback, (void *, switch_callback, void *))                     \
    X(int, set_latency_callback, (void *, switch_callback, void *))                       \
    X(int, set_port_registration_callback, (void *, port_callback, void *))               \
    X(int, set_port_connect_callback, (void *, connection_callback, void *))              \
    X(void, on_info_shutdown, (void *, shutdown_callback, void *))                        \
    X(int, recompute_total_latencies, (void *))                                           \
    X(uint32_t, get_buffer_size, (void *))                                                \
    X(int, transport_query, (const void *, jack_position *))                              \
    X(void *, port_get_buffer, (void *, uint32_t))                                        \
    X(void *, port_by_name, (void *, const char *))                                       \
    X(void *, port_by_id, (void *, uint32_t))                                             \
    X(int, port_is_mine, (const void *, const void *))                                    \
    X(const char **, port_get_all_connections, (const void *, const void *))              \
    X(void, free, (void *))                                                               \
    X(void, port_get_latency_range, (void *, int, jack_range *))                          \
    X(void, port_set_latency_range, (void *, int, jack_range *))                          \
    X(uint32_t, midi_get_event_count, (void *))                                           \
    X(int, midi_event_get, (jack_midi_event *, void *, uint32_t))                         \
    X(void, midi_clear_buffer, (void *))                                                  \
    X(int, midi_event_write, (void *, uint32_t, const uint8_t *, size_t))

/* Own latency that comes back through a loop in the graph, for one bound of a range. */
typedef struct {
    uint32_t received, reported, reported_before, others;
} lb_echo;

#define DECLARE(result, name, arguments) result(*name) arguments;

struct lb_jack {
    lb_host *host;
    void *library, *client;
    void *ports[LB_PORTS];
    void *outs[2 * LB_PLAYERS]; /* left and right of each player */
    _Atomic uint32_t players;   /* written after their ports */
    _Atomic int freewheel;
    char reason[256];
    _Atomic uint32_t registered[LB_NEW_PORTS]; /* ports by number, written round and round */
    _Atomic uint32_t registrations;            /* written after the port */
    uint32_t taken;                            /* of them */
    lb_echo echoes[2][2]; /* by mode; least and greatest */
    JACK_FUNCTIONS(DECLARE)
};

/* Latency callback, on the notification thread: set the latency of our ports. */
void lb_jack_pass_latency(int mode, void *context);

#endif
