/* liveband as a CLAP plugin: stereo in, eight stereo outs, parameters and the host's transport. */
#define _GNU_SOURCE
#include "clap_plugin.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "program.h"

#define VERSION {1, 2, 0}
#define LOOK_MS 100 /* between two looks at what the control process tells */

#ifndef LBP_VERSION
#define LBP_VERSION "0"
#endif

static char folder[4096]; /* of the plugin's file */

/* -- life ------------------------------------------------------------------------------ */

static void log_text(void *context, const char *text) {
    const lbp_clap *self = context;
    if (self->host_log != NULL) {
        self->host_log->log(self->host, CLAP_LOG_ERROR, text);
    } else {
        fprintf(stderr, "%s\n", text);
    }
}

static bool init(const clap_plugin_t *plugin) {
    lbp_clap *self = lbp_clap_of(plugin);
    const clap_host_t *host = self->host;
    self->host_latency = host->get_extension(host, CLAP_EXT_LATENCY);
    self->host_log = host->get_extension(host, CLAP_EXT_LOG);
    self->host_params = host->get_extension(host, CLAP_EXT_PARAMS);
    return true;
}

static void destroy(const clap_plugin_t *plugin) {
    lbp_clap *self = lbp_clap_of(plugin);
    lbp_free(self->instance);
    lbp_program_free(self->program);
    free(self);
}

/* An instance keeps its rate, so another rate needs another instance. */
static bool make_instance(lbp_clap *self, uint32_t rate, uint32_t block) {
    if (self->instance != NULL && self->rate == rate) {
        lbp_set_block(self->instance, block);
        return true;
    }
    if (self->instance != NULL) {
        if (!self->changes_checkpoint) lbp_checkpoint(self->instance, self->checkpoint);
        lbp_free(self->instance);
    }
    const lbp_log log = {log_text, self};
    self->rate = rate;
    self->instance = lbp_new(rate, block, self->program, log);
    if (self->instance == NULL) return false;
    self->changes_checkpoint = true;
    LB_STORE(self->is_loaded, 1);
    return true;
}

static bool activate(const clap_plugin_t *plugin, double rate, uint32_t least, uint32_t most) {
    lbp_clap *self = lbp_clap_of(plugin);
    (void)least;
    if (!(rate > 0.0 && rate < 1e6) || !make_instance(self, (uint32_t)lrint(rate), most)) {
        return false;
    }
    if (self->changes_checkpoint) lbp_set_checkpoint(self->instance, self->checkpoint);
    self->changes_checkpoint = false;
    if (atomic_exchange(&self->is_loaded, 0)) lbp_clap_move_all(self);
    self->place = (lbp_place){0};
    self->active = true;
    lbp_activate(self->instance);
    const uint32_t latency = lbp_latency(self->instance);
    const bool is_new = latency != self->latency;
    self->latency = latency;
    LB_STORE(self->restarts_for, latency);
    if (is_new && self->host_latency != NULL) self->host_latency->changed(self->host);
    return true;
}

static void deactivate(const clap_plugin_t *plugin) { lbp_clap_of(plugin)->active = false; }

static bool start_processing(const clap_plugin_t *plugin) {
    (void)plugin;
    return true;
}

static void stop_processing(const clap_plugin_t *plugin) { (void)plugin; }

/* What the band has heard stays: a take begins with the transport, or by the parameter Reset. */
static void reset(const clap_plugin_t *plugin) { lbp_clap_of(plugin)->place = (lbp_place){0}; }

static void on_main_thread(const clap_plugin_t *plugin) {
    lbp_clap *self = lbp_clap_of(plugin);
    if (atomic_exchange(&self->is_changed, 0) && self->host_params != NULL) {
        self->host_params->rescan(self->host, CLAP_PARAM_RESCAN_VALUES);
    }
}

/* -- audio thread ---------------------------------------------------------------------- */

static void play(lbp_clap *self, const clap_process_t *process, uint32_t from, uint32_t to) {
    const clap_audio_buffer_t *in = process->audio_inputs;
    lbp_piece piece = {
        .in = {in->data32[0] + from, in->data32[in->channel_count > 1 ? 1 : 0] + from},
        .frames = to - from,
        .offline = LB_LOAD(self->offline),
        .place_is_heard = LB_LOAD(self->timeline) == LBP_OF_OUTPUT,
        .place = self->place,
    };
    if (to <= from) return;
    for (uint32_t player = 0; player < LB_PLAYERS; ++player) {
        if (player >= process->audio_outputs_count) break;
        const clap_audio_buffer_t *out = &process->audio_outputs[player];
        for (uint32_t side = 0; out->data32 != NULL && side < 2; ++side) {
            if (side < out->channel_count) piece.out[2 * player + side] = out->data32[side] + from;
        }
    }
    lbp_run(self->instance, &piece);
    if (!self->place.rolling) return;
    self->place.frame += to - from;
    self->place.beat += (to - from) * self->place.tempo_bpm / (60.0 * self->rate);
}

/* Look, now and then, at what changed elsewhere, for the host to hear of. */
static void tell_changes(lbp_clap *self) {
    const int64_t now_ms = lbp_clap_now_ms();
    if (now_ms < self->look_ms) return;
    self->look_ms = now_ms + LOOK_MS;
    const int status = (int)lbp_state(self->instance);
    const bool is_changed = atomic_exchange(&self->status, status) != status;
    if (lbp_clap_adopt_values(self) || is_changed) {
        LB_STORE(self->is_changed, 1);
        self->host->request_callback(self->host);
    }
    const uint32_t latency = lbp_latency(self->instance);
    if (atomic_exchange(&self->restarts_for, latency) != latency) {
        self->host->request_restart(self->host);
    }
}

static clap_process_status process(const clap_plugin_t *plugin, const clap_process_t *process) {
    lbp_clap *self = lbp_clap_of(plugin);
    const clap_input_events_t *events = process->in_events;
    const uint32_t frames = process->frames_count;
    if (process->audio_inputs_count < 1 || process->audio_inputs->channel_count < 1
        || process->audio_inputs->data32 == NULL) {
        return CLAP_PROCESS_ERROR;
    }
    if (atomic_exchange(&self->is_loaded, 0)) lbp_clap_move_all(self);
    lbp_clap_take_transport(self, process->transport);
    uint32_t done = 0;
    for (uint32_t i = 0; i < events->size(events); ++i) {
        const clap_event_header_t *event = events->get(events, i);
        const uint32_t at = event->time < frames ? event->time : frames;
        play(self, process, done, at);
        if (at > done) done = at;
        lbp_clap_take_event(self, event);
    }
    play(self, process, done, frames);
    tell_changes(self);
    return CLAP_PROCESS_CONTINUE;
}

/* -- extensions ------------------------------------------------------------------------ */

static uint32_t count_ports(const clap_plugin_t *plugin, bool is_input) {
    (void)plugin;
    return is_input ? 1 : LB_PLAYERS;
}

static bool get_port(const clap_plugin_t *plugin, uint32_t index, bool is_input,
                     clap_audio_port_info_t *info) {
    if (index >= count_ports(plugin, is_input)) return false;
    *info = (clap_audio_port_info_t){
        .id = is_input ? LB_PLAYERS : index,
        .flags = index == 0 ? CLAP_AUDIO_PORT_IS_MAIN : 0,
        .channel_count = 2,
        .port_type = CLAP_PORT_STEREO,
        .in_place_pair = CLAP_INVALID_ID,
    };
    if (is_input) {
        snprintf(info->name, sizeof info->name, "Mix");
    } else {
        snprintf(info->name, sizeof info->name, "Stem %u", index + 1);
    }
    return true;
}

static uint32_t get_latency(const clap_plugin_t *plugin) { return lbp_clap_of(plugin)->latency; }

static bool needs_real_time(const clap_plugin_t *plugin) {
    (void)plugin;
    return false;
}

static bool set_render_mode(const clap_plugin_t *plugin, int32_t mode) {
    LB_STORE(lbp_clap_of(plugin)->offline, mode == CLAP_RENDER_OFFLINE);
    return true;
}

static const void *get_extension(const clap_plugin_t *plugin, const char *id) {
    static const clap_plugin_audio_ports_t ports = {count_ports, get_port};
    static const clap_plugin_latency_t latency = {get_latency};
    static const clap_plugin_render_t render = {needs_real_time, set_render_mode};
    (void)plugin;
    if (strcmp(id, CLAP_EXT_AUDIO_PORTS) == 0) return &ports;
    if (strcmp(id, CLAP_EXT_LATENCY) == 0) return &latency;
    if (strcmp(id, CLAP_EXT_PARAMS) == 0) return &LBP_CLAP_PARAMS;
    if (strcmp(id, CLAP_EXT_RENDER) == 0) return &render;
    return strcmp(id, CLAP_EXT_STATE) == 0 ? &LBP_CLAP_STATE : NULL;
}

/* -- entry ----------------------------------------------------------------------------- */

static const char *const FEATURES[] = {"audio-effect", "stereo", NULL};
static const clap_plugin_descriptor_t DESCRIPTOR = {
    .clap_version = VERSION,
    .id = "liveband.band",
    .name = "liveband",
    .vendor = "liveband",
    .url = "",
    .manual_url = "",
    .support_url = "",
    .version = LBP_VERSION,
    .description = "An AI musician that hears the mix and plays new stems",
    .features = FEATURES,
};

static uint32_t count_plugins(const clap_plugin_factory_t *factory) {
    (void)factory;
    return 1;
}

static const clap_plugin_descriptor_t *get_descriptor(const clap_plugin_factory_t *factory,
                                                      uint32_t index) {
    (void)factory;
    return index == 0 ? &DESCRIPTOR : NULL;
}

static const clap_plugin_t *create(const clap_plugin_factory_t *factory, const clap_host_t *host,
                                   const char *id) {
    (void)factory;
    if (strcmp(id, DESCRIPTOR.id) != 0) return NULL;
    lbp_clap *self = calloc(1, sizeof *self);
    if (self == NULL) return NULL;
    self->program = lbp_program_read(folder);
    if (self->program == NULL) {
        free(self);
        return NULL;
    }
    self->host = host;
    lbp_clap_init_values(self);
    self->plugin = (clap_plugin_t){
        .desc = &DESCRIPTOR,
        .plugin_data = self,
        .init = init,
        .destroy = destroy,
        .activate = activate,
        .deactivate = deactivate,
        .start_processing = start_processing,
        .stop_processing = stop_processing,
        .reset = reset,
        .process = process,
        .get_extension = get_extension,
        .on_main_thread = on_main_thread,
    };
    return &self->plugin;
}

static bool init_entry(const char *path) {
    const char *end = path == NULL ? NULL : strrchr(path, '/');
    snprintf(folder, sizeof folder, "%.*s", end == NULL ? 1 : (int)(end - path),
             end == NULL ? "." : path);
    return true;
}

static void deinit_entry(void) {}

static const void *get_factory(const char *id) {
    static const clap_plugin_factory_t factory = {count_plugins, get_descriptor, create};
    return strcmp(id, CLAP_PLUGIN_FACTORY_ID) == 0 ? &factory : NULL;
}

__attribute__((visibility("default"))) const clap_plugin_entry_t clap_entry = {
    VERSION, init_entry, deinit_entry, get_factory,
};
