/* Smallest host of CLAP plugins: plays a mix through a plugin, the audio on a thread of its own.
 *
 *   clap_host PLUGIN describe
 *   clap_host PLUGIN play MIX OUT [--block N | --random SEED] [--live] [--tempo BPM]
 *             [--begin FRAME] [--set FRAME ID VALUE]... [--load FILE] [--save FILE]
 *
 * MIX is stereo, OUT has sixteen channels, both raw floats, interleaved, at 48000 Hz. Without
 * --live it is an export. Prints the latency, the status after, and how often the plugin asked
 * for a restart and told that values changed.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clap_abi.h"

#define RATE 48000
#define LONGEST 8192
#define PLAYERS 8
#define MOST_EVENTS 64
#define STATUS_ID 8193
#define PLAYING 2.0

typedef struct {
    long frame;
    clap_event_param_value_t event;
} move;

static struct {
    const clap_plugin_t *plugin;
    const clap_plugin_params_t *params;
    FILE *mix, *out;
    const char *load, *save;
    unsigned block, seed;
    bool is_random, is_live, failed;
    double tempo;
    move moves[MOST_EVENTS];
    size_t moved, moves_count;
    const clap_event_header_t *due[MOST_EVENTS];
    uint32_t due_count;
    long frame;
    _Atomic int ended, settled, wants_restart, wants_callback;
    int restarts, rescans, errors;
} host;

static void die(const char *what) {
    fprintf(stderr, "clap_host: %s\n", what);
    exit(1);
}

/* -- what the plugin may ask ------------------------------------------------------------- */

static void rescan(const clap_host_t *self, uint32_t flags) {
    (void)self, (void)flags;
    ++host.rescans;
}
static void clear(const clap_host_t *self, clap_id id, uint32_t flags) {
    (void)self, (void)id, (void)flags;
}
static void ignore(const clap_host_t *self) { (void)self; }
static void log_line(const clap_host_t *self, int32_t severity, const char *text) {
    (void)self;
    fprintf(stderr, "%d %s\n", severity, text);
}
static void request_restart(const clap_host_t *self) {
    (void)self;
    atomic_store(&host.wants_restart, 1);
}
static void request_callback(const clap_host_t *self) {
    (void)self;
    atomic_store(&host.wants_callback, 1);
}
static const void *get_extension(const clap_host_t *self, const char *id) {
    static const clap_host_params_t params = {rescan, clear, ignore};
    static const clap_host_latency_t latency = {ignore};
    static const clap_host_log_t log = {log_line};
    (void)self;
    if (strcmp(id, CLAP_EXT_PARAMS) == 0) return &params;
    if (strcmp(id, CLAP_EXT_LOG) == 0) return &log;
    return strcmp(id, CLAP_EXT_LATENCY) == 0 ? &latency : NULL;
}

static uint32_t count_events(const clap_input_events_t *list) {
    (void)list;
    return host.due_count;
}
static const clap_event_header_t *get_event(const clap_input_events_t *list, uint32_t index) {
    (void)list;
    return host.due[index];
}
static bool push_nothing(const clap_output_events_t *list, const clap_event_header_t *event) {
    (void)list, (void)event;
    return false;
}

/* -- audio thread ------------------------------------------------------------------------ */

static float in_left[LONGEST], in_right[LONGEST], outs[2 * PLAYERS][LONGEST];

static void collect_events(unsigned frames) {
    host.due_count = 0;
    while (host.moved < host.moves_count
           && host.moves[host.moved].frame < host.frame + (long)frames) {
        move *next = &host.moves[host.moved++];
        next->event.header.time = (uint32_t)(next->frame - host.frame);
        host.due[host.due_count++] = &next->event.header;
    }
}

static void run(unsigned frames) {
    static float *in[] = {in_left, in_right};
    float *out[PLAYERS][2];
    clap_audio_buffer_t inputs = {.data32 = in, .channel_count = 2};
    clap_audio_buffer_t outputs[PLAYERS] = {{0}};
    for (int player = 0; player < PLAYERS; ++player) {
        for (int side = 0; side < 2; ++side) out[player][side] = outs[2 * player + side];
        outputs[player].data32 = out[player];
        outputs[player].channel_count = 2;
    }
    const double beats = host.frame * host.tempo / (60.0 * RATE);
    const clap_event_transport_t transport = {
        .header = {sizeof transport, 0, 0, CLAP_EVENT_TRANSPORT, 0},
        .flags = CLAP_TRANSPORT_HAS_TEMPO | CLAP_TRANSPORT_HAS_BEATS_TIMELINE
                 | CLAP_TRANSPORT_HAS_SECONDS_TIMELINE | CLAP_TRANSPORT_HAS_TIME_SIGNATURE
                 | CLAP_TRANSPORT_IS_PLAYING,
        .song_pos_beats = (int64_t)(beats * CLAP_FIXED_POINT),
        .song_pos_seconds = (int64_t)((double)host.frame / RATE * CLAP_FIXED_POINT),
        .tempo = host.tempo,
        .bar_start = (int64_t)(beats / 4.0) * 4 * (int64_t)CLAP_FIXED_POINT,
        .bar_number = (int32_t)(beats / 4.0),
        .tsig_num = 4,
        .tsig_denom = 4,
    };
    static const clap_input_events_t events = {NULL, count_events, get_event};
    static const clap_output_events_t pushed = {NULL, push_nothing};
    const clap_process_t process = {
        .steady_time = -1,
        .frames_count = frames,
        .transport = host.tempo > 0.0 && (host.settled || !host.is_live) ? &transport : NULL,
        .audio_inputs = &inputs,
        .audio_outputs = outputs,
        .audio_inputs_count = 1,
        .audio_outputs_count = PLAYERS,
        .in_events = &events,
        .out_events = &pushed,
    };
    if (host.plugin->process(host.plugin, &process) == CLAP_PROCESS_ERROR) ++host.errors;
}

static unsigned next_block(void) {
    return host.is_random ? 1 + rand_r(&host.seed) % host.block : host.block;
}

/* Silence, until the band plays. */
static void settle(void) {
    memset(in_left, 0, sizeof in_left);
    memset(in_right, 0, sizeof in_right);
    while (!atomic_load(&host.settled) && !atomic_load(&host.wants_restart)) {
        host.due_count = 0;
        run(host.block);
        usleep(2000);
    }
}

static void *play(void *context) {
    (void)context;
    float stereo[2 * LONGEST], all[2 * PLAYERS];
    host.plugin->start_processing(host.plugin);
    if (host.is_live) settle();
    while (!atomic_load(&host.wants_restart)) {
        const unsigned frames = (unsigned)fread(stereo, 2 * sizeof(float), next_block(), host.mix);
        if (frames == 0) {
            atomic_store(&host.ended, 1);
            break;
        }
        for (unsigned i = 0; i < frames; ++i) {
            in_left[i] = stereo[2 * i];
            in_right[i] = stereo[2 * i + 1];
        }
        collect_events(frames);
        run(frames);
        host.frame += frames;
        for (unsigned i = 0; i < frames; ++i) {
            for (int side = 0; side < 2 * PLAYERS; ++side) all[side] = outs[side][i];
            fwrite(all, sizeof all, 1, host.out);
        }
        if (host.is_live) usleep(frames * 1000000ul / RATE);
    }
    host.plugin->stop_processing(host.plugin);
    return NULL;
}

/* -- main thread ------------------------------------------------------------------------- */

static int64_t read_file(const clap_istream_t *stream, void *buffer, uint64_t size) {
    return (int64_t)fread(buffer, 1, size < 100 ? size : 100, stream->ctx); /* in pieces */
}
static int64_t write_file(const clap_ostream_t *stream, const void *buffer, uint64_t size) {
    return (int64_t)fwrite(buffer, 1, size < 100 ? size : 100, stream->ctx);
}

static void keep_state(const char *name, bool is_saved) {
    const clap_plugin_state_t *state = host.plugin->get_extension(host.plugin, CLAP_EXT_STATE);
    FILE *file = fopen(name, is_saved ? "w" : "r");
    if (file == NULL) die(name);
    const clap_istream_t in = {file, read_file};
    const clap_ostream_t out = {file, write_file};
    const bool done = is_saved ? state->save(host.plugin, &out) : state->load(host.plugin, &in);
    fclose(file);
    if (!done) die("the plugin refused a state");
}

static double status(void) {
    double value = -1.0;
    host.params->get_value(host.plugin, STATUS_ID, &value);
    return value;
}

static void play_once(void) {
    pthread_t audio;
    if (!host.plugin->activate(host.plugin, RATE, 1, host.block)) die("not activated");
    if (pthread_create(&audio, NULL, play, NULL) != 0) die("no thread");
    while (!atomic_load(&host.ended) && !atomic_load(&host.wants_restart)) {
        usleep(1000);
        if (atomic_exchange(&host.wants_callback, 0)) host.plugin->on_main_thread(host.plugin);
        if (status() == PLAYING) atomic_store(&host.settled, 1);
    }
    pthread_join(audio, NULL);
    host.plugin->deactivate(host.plugin);
}

static void play_all(void) {
    const clap_plugin_latency_t *latency =
        host.plugin->get_extension(host.plugin, CLAP_EXT_LATENCY);
    const clap_plugin_render_t *render = host.plugin->get_extension(host.plugin, CLAP_EXT_RENDER);
    render->set(host.plugin, host.is_live ? CLAP_RENDER_REALTIME : CLAP_RENDER_OFFLINE);
    if (host.load != NULL) keep_state(host.load, false);
    while (!atomic_load(&host.ended)) {
        play_once();
        host.restarts += atomic_exchange(&host.wants_restart, 0);
    }
    if (host.save != NULL) keep_state(host.save, true);
    printf("latency %u status %g restarts %d rescans %d errors %d\n",
           latency->get(host.plugin), status(), host.restarts, host.rescans, host.errors);
}

static void describe(void) {
    clap_param_info_t info;
    for (uint32_t i = 0; i < host.params->count(host.plugin); ++i) {
        char text[256];
        double value, back;
        host.params->get_info(host.plugin, i, &info);
        if (!host.params->get_value(host.plugin, info.id, &value)) die("no value");
        if (!host.params->value_to_text(host.plugin, info.id, value, text, sizeof text)) {
            die("no text");
        }
        if (!host.params->text_to_value(host.plugin, info.id, text, &back)) die(text);
        printf("%u\t%s\t%s\t%x\t%g\t%g\t%g\t%g\t%g\t%s\n", info.id, info.name, info.module,
               info.flags, info.min_value, info.max_value, info.default_value, value, back, text);
    }
}

static void read_options(char **words) {
    host.block = 512;
    for (; *words != NULL; ++words) {
        if (strcmp(*words, "--live") == 0) {
            host.is_live = true;
        } else if (strcmp(*words, "--block") == 0) {
            host.block = (unsigned)atoi(*++words);
        } else if (strcmp(*words, "--random") == 0) {
            host.is_random = true;
            host.seed = (unsigned)atoi(*++words);
        } else if (strcmp(*words, "--tempo") == 0) {
            host.tempo = atof(*++words);
        } else if (strcmp(*words, "--begin") == 0) {
            host.frame = atol(*++words);
        } else if (strcmp(*words, "--load") == 0) {
            host.load = *++words;
        } else if (strcmp(*words, "--save") == 0) {
            host.save = *++words;
        } else if (strcmp(*words, "--set") == 0 && host.moves_count < MOST_EVENTS) {
            move *next = &host.moves[host.moves_count++];
            next->frame = atol(*++words);
            next->event = (clap_event_param_value_t){
                .header = {sizeof next->event, 0, 0, CLAP_EVENT_PARAM_VALUE, 0},
                .param_id = (clap_id)atoi(*++words),
                .note_id = -1, .port_index = -1, .channel = -1, .key = -1,
                .value = atof(*++words),
            };
        } else {
            die(*words);
        }
    }
}

int main(int count, char **words) {
    static const clap_host_t self = {
        {1, 2, 0}, NULL, "clap_host", "", "", "1", get_extension, request_restart, ignore,
        request_callback,
    };
    if (count < 3) die("clap_host PLUGIN describe|play ...");
    void *library = dlopen(words[1], RTLD_NOW);
    if (library == NULL) die(dlerror());
    const clap_plugin_entry_t *entry = dlsym(library, "clap_entry");
    if (entry == NULL || !entry->init(words[1])) die("no entry");
    const clap_plugin_factory_t *factory = entry->get_factory(CLAP_PLUGIN_FACTORY_ID);
    host.plugin = factory->create_plugin(factory, &self,
                                         factory->get_plugin_descriptor(factory, 0)->id);
    if (host.plugin == NULL || !host.plugin->init(host.plugin)) die("no plugin");
    host.params = host.plugin->get_extension(host.plugin, CLAP_EXT_PARAMS);
    if (strcmp(words[2], "describe") == 0) {
        describe();
    } else {
        host.mix = fopen(words[3], "rb");
        host.out = fopen(words[4], "wb");
        if (host.mix == NULL || host.out == NULL) die("no mix, or no place for what is played");
        read_options(words + 5);
        play_all();
        fclose(host.out);
    }
    host.plugin->destroy(host.plugin);
    entry->deinit();
    return 0;
}
