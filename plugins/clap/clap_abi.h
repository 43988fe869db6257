/* The part of CLAP 1.2's binary interface used here, under its own names. */
#ifndef LBP_CLAP_ABI_H
#define LBP_CLAP_ABI_H

#include <stdbool.h>
#include <stdint.h>

typedef uint32_t clap_id;
#define CLAP_INVALID_ID UINT32_MAX
#define CLAP_FIXED_POINT 2147483648.0 /* one beat, or one second */

typedef struct {
    uint32_t major, minor, revision;
} clap_version_t;

/* -- host and plugin ------------------------------------------------------------------- */

typedef struct clap_host clap_host_t;
struct clap_host {
    clap_version_t clap_version;
    void *host_data;
    const char *name, *vendor, *url, *version;
    const void *(*get_extension)(const clap_host_t *host, const char *id);
    void (*request_restart)(const clap_host_t *host);
    void (*request_process)(const clap_host_t *host);
    void (*request_callback)(const clap_host_t *host);
};

typedef struct {
    clap_version_t clap_version;
    const char *id, *name, *vendor, *url, *manual_url, *support_url, *version, *description;
    const char *const *features; /* ended by NULL */
} clap_plugin_descriptor_t;

enum { CLAP_PROCESS_ERROR = 0, CLAP_PROCESS_CONTINUE = 1 };
typedef int32_t clap_process_status;

typedef struct {
    float **data32;
    double **data64;
    uint32_t channel_count, latency;
    uint64_t constant_mask;
} clap_audio_buffer_t;

typedef struct {
    uint32_t size, time;
    uint16_t space_id, type;
    uint32_t flags;
} clap_event_header_t;

enum { CLAP_CORE_EVENT_SPACE_ID = 0 };
enum { CLAP_EVENT_PARAM_VALUE = 5, CLAP_EVENT_TRANSPORT = 9 };

typedef struct {
    clap_event_header_t header;
    clap_id param_id;
    void *cookie;
    int32_t note_id;
    int16_t port_index, channel, key;
    double value;
} clap_event_param_value_t;

enum {
    CLAP_TRANSPORT_HAS_TEMPO = 1 << 0,
    CLAP_TRANSPORT_HAS_BEATS_TIMELINE = 1 << 1,
    CLAP_TRANSPORT_HAS_SECONDS_TIMELINE = 1 << 2,
    CLAP_TRANSPORT_HAS_TIME_SIGNATURE = 1 << 3,
    CLAP_TRANSPORT_IS_PLAYING = 1 << 4,
};

typedef struct {
    clap_event_header_t header;
    uint32_t flags;
    int64_t song_pos_beats, song_pos_seconds;
    double tempo, tempo_inc;
    int64_t loop_start_beats, loop_end_beats, loop_start_seconds, loop_end_seconds;
    int64_t bar_start;
    int32_t bar_number;
    uint16_t tsig_num, tsig_denom;
} clap_event_transport_t;

typedef struct clap_input_events clap_input_events_t;
struct clap_input_events {
    void *ctx;
    uint32_t (*size)(const clap_input_events_t *list);
    const clap_event_header_t *(*get)(const clap_input_events_t *list, uint32_t index);
};

typedef struct clap_output_events clap_output_events_t;
struct clap_output_events {
    void *ctx;
    bool (*try_push)(const clap_output_events_t *list, const clap_event_header_t *event);
};

typedef struct {
    int64_t steady_time;
    uint32_t frames_count;
    const clap_event_transport_t *transport; /* NULL: there is none */
    const clap_audio_buffer_t *audio_inputs;
    clap_audio_buffer_t *audio_outputs;
    uint32_t audio_inputs_count, audio_outputs_count;
    const clap_input_events_t *in_events;
    const clap_output_events_t *out_events;
} clap_process_t;

typedef struct clap_plugin clap_plugin_t;
struct clap_plugin {
    const clap_plugin_descriptor_t *desc;
    void *plugin_data;
    bool (*init)(const clap_plugin_t *plugin);
    void (*destroy)(const clap_plugin_t *plugin);
    bool (*activate)(const clap_plugin_t *plugin, double rate, uint32_t least, uint32_t most);
    void (*deactivate)(const clap_plugin_t *plugin);
    bool (*start_processing)(const clap_plugin_t *plugin);
    void (*stop_processing)(const clap_plugin_t *plugin);
    void (*reset)(const clap_plugin_t *plugin);
    clap_process_status (*process)(const clap_plugin_t *plugin, const clap_process_t *process);
    const void *(*get_extension)(const clap_plugin_t *plugin, const char *id);
    void (*on_main_thread)(const clap_plugin_t *plugin);
};

#define CLAP_PLUGIN_FACTORY_ID "clap.plugin-factory"
typedef struct clap_plugin_factory clap_plugin_factory_t;
struct clap_plugin_factory {
    uint32_t (*get_plugin_count)(const clap_plugin_factory_t *factory);
    const clap_plugin_descriptor_t *(*get_plugin_descriptor)(
        const clap_plugin_factory_t *factory, uint32_t index);
    const clap_plugin_t *(*create_plugin)(const clap_plugin_factory_t *factory,
                                          const clap_host_t *host, const char *id);
};

typedef struct {
    clap_version_t clap_version;
    bool (*init)(const char *path);
    void (*deinit)(void);
    const void *(*get_factory)(const char *id);
} clap_plugin_entry_t;

/* -- extensions ------------------------------------------------------------------------ */

#define CLAP_EXT_AUDIO_PORTS "clap.audio-ports"
#define CLAP_PORT_STEREO "stereo"
enum { CLAP_AUDIO_PORT_IS_MAIN = 1 << 0 };
typedef struct {
    clap_id id;
    char name[256];
    uint32_t flags, channel_count;
    const char *port_type;
    clap_id in_place_pair;
} clap_audio_port_info_t;
typedef struct {
    uint32_t (*count)(const clap_plugin_t *plugin, bool is_input);
    bool (*get)(const clap_plugin_t *plugin, uint32_t index, bool is_input,
                clap_audio_port_info_t *info);
} clap_plugin_audio_ports_t;

#define CLAP_EXT_LATENCY "clap.latency"
typedef struct {
    uint32_t (*get)(const clap_plugin_t *plugin);
} clap_plugin_latency_t;
typedef struct {
    void (*changed)(const clap_host_t *host);
} clap_host_latency_t;

#define CLAP_EXT_LOG "clap.log"
enum { CLAP_LOG_ERROR = 3 };
typedef struct {
    void (*log)(const clap_host_t *host, int32_t severity, const char *text);
} clap_host_log_t;

#define CLAP_EXT_PARAMS "clap.params"
enum {
    CLAP_PARAM_IS_STEPPED = 1 << 0,
    CLAP_PARAM_IS_READONLY = 1 << 3,
    CLAP_PARAM_IS_AUTOMATABLE = 1 << 5,
    CLAP_PARAM_IS_ENUM = 1 << 16,
};
enum { CLAP_PARAM_RESCAN_VALUES = 1 << 0 };
typedef struct {
    clap_id id;
    uint32_t flags;
    void *cookie;
    char name[256];
    char module[1024];
    double min_value, max_value, default_value;
} clap_param_info_t;
typedef struct {
    uint32_t (*count)(const clap_plugin_t *plugin);
    bool (*get_info)(const clap_plugin_t *plugin, uint32_t index, clap_param_info_t *info);
    bool (*get_value)(const clap_plugin_t *plugin, clap_id id, double *value);
    bool (*value_to_text)(const clap_plugin_t *plugin, clap_id id, double value, char *text,
                          uint32_t size);
    bool (*text_to_value)(const clap_plugin_t *plugin, clap_id id, const char *text,
                          double *value);
    void (*flush)(const clap_plugin_t *plugin, const clap_input_events_t *in,
                  const clap_output_events_t *out);
} clap_plugin_params_t;
typedef struct {
    void (*rescan)(const clap_host_t *host, uint32_t flags);
    void (*clear)(const clap_host_t *host, clap_id id, uint32_t flags);
    void (*request_flush)(const clap_host_t *host);
} clap_host_params_t;

#define CLAP_EXT_RENDER "clap.render"
enum { CLAP_RENDER_REALTIME = 0, CLAP_RENDER_OFFLINE = 1 };
typedef struct {
    bool (*has_hard_realtime_requirement)(const clap_plugin_t *plugin);
    bool (*set)(const clap_plugin_t *plugin, int32_t mode);
} clap_plugin_render_t;

#define CLAP_EXT_STATE "clap.state"
typedef struct clap_istream clap_istream_t;
struct clap_istream {
    void *ctx;
    int64_t (*read)(const clap_istream_t *stream, void *buffer, uint64_t size);
};
typedef struct clap_ostream clap_ostream_t;
struct clap_ostream {
    void *ctx;
    int64_t (*write)(const clap_ostream_t *stream, const void *buffer, uint64_t size);
};
typedef struct {
    bool (*save)(const clap_plugin_t *plugin, const clap_ostream_t *stream);
    bool (*load)(const clap_plugin_t *plugin, const clap_istream_t *stream);
} clap_plugin_state_t;

#endif
