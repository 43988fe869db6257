/* liveband as an LV2 plugin: stereo in, eight stereo outs, controls and the host's transport. */
#include <lv2/atom/atom.h>
#include <lv2/atom/util.h>
#include <lv2/buf-size/buf-size.h>
#include <lv2/core/lv2.h>
#include <lv2/log/log.h>
#include <lv2/options/options.h>
#include <lv2/state/state.h>
#include <lv2/time/time.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "controls.h"
#include "lv2_plugin.h"
#include "program.h"

#define USUAL_BLOCK 1024u /* where the host does not say */

enum { IN_L, IN_R, OUT, EVENTS = OUT + LBP_OUTPUTS, LATENCY, FREEWHEEL, STATUS, TIMELINE };

_Static_assert(TIMELINE + 1 == LBP_FIRST_CONTROL,
               "tools/surfaces/plugin_controls.py makes as many ports");

/* -- what the host tells ----------------------------------------------------------------- */

static void log_text(void *context, const char *text) {
    const lbp_plugin *plugin = context;
    if (plugin->log != NULL) {
        plugin->log->printf(plugin->log->handle, plugin->urids.log_error, "%s\n", text);
    } else {
        fprintf(stderr, "%s\n", text);
    }
}

static void map_urids(lbp_urids *urids, const LV2_URID_Map *map) {
#define MAP(name, uri) urids->name = map->map(map->handle, uri);
    LBP_URIDS(MAP)
#undef MAP
}

static void take_option(lbp_plugin *plugin, const LV2_Options_Option *option) {
    const lbp_urids *urids = &plugin->urids;
    if (option->type != urids->atom_int || option->value == NULL) return;
    const int32_t frames = *(const int32_t *)option->value;
    if (frames < 1) return;
    if (option->key == urids->nominal_block) plugin->nominal_block = (uint32_t)frames;
    if (option->key == urids->max_block) plugin->max_block = (uint32_t)frames;
}

/* Ardour's longest block is always 8192, whatever it runs at: the nominal one counts. */
static uint32_t block_of(const lbp_plugin *plugin) {
    if (plugin->nominal_block > 0) return plugin->nominal_block;
    return plugin->max_block > 0 ? plugin->max_block : USUAL_BLOCK;
}

static LV2_Handle instantiate(const LV2_Descriptor *descriptor, double rate, const char *bundle,
                              const LV2_Feature *const *features) {
    (void)descriptor;
    lbp_plugin *plugin = calloc(1, sizeof *plugin);
    const LV2_Options_Option *options = NULL;
    if (plugin == NULL) return NULL;
    for (; *features != NULL; ++features) {
        const char *uri = (*features)->URI;
        if (strcmp(uri, LV2_URID__map) == 0) plugin->map = (*features)->data;
        if (strcmp(uri, LV2_LOG__log) == 0) plugin->log = (*features)->data;
        if (strcmp(uri, LV2_OPTIONS__options) == 0) options = (*features)->data;
    }
    if (plugin->map != NULL) map_urids(&plugin->urids, plugin->map);
    for (; plugin->map != NULL && options != NULL && options->key != 0; ++options) {
        take_option(plugin, options);
    }
    const lbp_log log = {log_text, plugin};
    plugin->rate = rate;
    plugin->program = lbp_program_read(bundle);
    if (plugin->program != NULL) {
        plugin->instance = lbp_new((uint32_t)lrint(rate), block_of(plugin), plugin->program, log);
    }
    if (plugin->instance == NULL) {
        lbp_program_free(plugin->program);
        free(plugin);
        return NULL;
    }
    for (size_t i = 0; i < LBP_CONTROLS; ++i) plugin->last[i] = LBP_CONTROL[i].initial;
    return plugin;
}

static void connect_port(LV2_Handle handle, uint32_t port, void *data) {
    lbp_plugin *plugin = handle;
    if (port < OUT) {
        plugin->in[port] = data;
    } else if (port < EVENTS) {
        plugin->out[port - OUT] = data;
    } else if (port >= LBP_FIRST_CONTROL) {
        if (port < LBP_FIRST_CONTROL + LBP_CONTROLS) {
            plugin->control[port - LBP_FIRST_CONTROL] = data;
        }
    } else if (port == EVENTS) {
        plugin->events = data;
    } else if (port == LATENCY) {
        plugin->latency = data;
    } else if (port == STATUS) {
        plugin->status = data;
    } else if (port == FREEWHEEL) {
        plugin->freewheel = data;
    } else {
        plugin->timeline = data;
    }
}

static void activate(LV2_Handle handle) {
    lbp_plugin *plugin = handle;
    plugin->place = (lbp_place){0};
    lbp_activate(plugin->instance);
}

static void cleanup(LV2_Handle handle) {
    lbp_plugin *plugin = handle;
    lbp_free(plugin->instance);
    lbp_program_free(plugin->program);
    lbp_forget_restored(plugin);
    free(plugin);
}

/* -- audio thread ------------------------------------------------------------------------ */

/* Pass on the controls that were moved, and the triggers that were pressed. */
static void read_controls(lbp_plugin *plugin) {
    for (size_t i = 0; i < LBP_CONTROLS; ++i) {
        if (plugin->control[i] == NULL) continue;
        const float value = *plugin->control[i], before = plugin->last[i];
        if (value == before || !isfinite(value)) continue;
        plugin->last[i] = value;
        const lbp_control *control = &LBP_CONTROL[i];
        if (control->row < LB_TRIGGER) {
            lbp_move(plugin->instance, control->player, control->row, (double)value);
        } else if (value > 0.5f && before <= 0.5f) {
            lbp_move(plugin->instance, control->player, control->row, 1.0);
        }
    }
}

static bool number_of(const lbp_urids *urids, const LV2_Atom *atom, double *number) {
    if (atom == NULL) return false;
    if (atom->type == urids->atom_long) {
        *number = (double)((const LV2_Atom_Long *)atom)->body;
    } else if (atom->type == urids->atom_int) {
        *number = ((const LV2_Atom_Int *)atom)->body;
    } else if (atom->type == urids->atom_float) {
        *number = (double)((const LV2_Atom_Float *)atom)->body;
    } else if (atom->type == urids->atom_double) {
        *number = ((const LV2_Atom_Double *)atom)->body;
    } else {
        return false;
    }
    return true;
}

static bool is_position(const lbp_urids *urids, const LV2_Atom *atom) {
    if (atom->type != urids->atom_object && atom->type != urids->atom_blank) return false;
    return ((const LV2_Atom_Object *)atom)->body.otype == urids->time_position;
}

/* What is missing in a position stays as it was, as LV2 has it. */
static void read_position(lbp_plugin *plugin, const LV2_Atom_Object *object) {
    const lbp_urids *urids = &plugin->urids;
    const LV2_Atom *frame = NULL, *speed = NULL, *bar = NULL, *bar_beat = NULL, *bpm = NULL,
                   *beats = NULL;
    lbp_place *place = &plugin->place;
    double number;
    lv2_atom_object_get(object, urids->time_frame, &frame, urids->time_speed, &speed,
                        urids->time_bar, &bar, urids->time_bar_beat, &bar_beat, urids->time_bpm,
                        &bpm, urids->time_beats_per_bar, &beats, 0);
    if (number_of(urids, speed, &number)) place->rolling = number != 0.0;
    if (number_of(urids, frame, &number)) {
        place->frame = (int64_t)number;
        place->known = true;
    }
    if (number_of(urids, bpm, &number)) place->tempo_bpm = number;
    if (number_of(urids, beats, &number)) place->beats_per_bar = number;
    double bars, in_bar;
    if (number_of(urids, bar, &bars) && number_of(urids, bar_beat, &in_bar)) {
        place->beat = bars * place->beats_per_bar + in_bar;
        place->has_tempo = place->tempo_bpm > 0.0 && place->beats_per_bar > 0.0;
    }
}

static bool is_on(const float *port) { return port != NULL && *port > 0.5f; }

static void play(lbp_plugin *plugin, uint32_t from, uint32_t to) {
    lbp_piece piece = {
        .in = {plugin->in[0] + from, plugin->in[1] + from},
        .frames = to - from,
        .offline = is_on(plugin->freewheel),
        .place_is_heard = !is_on(plugin->timeline),
        .place = plugin->place,
    };
    if (to <= from) return;
    for (size_t side = 0; side < LBP_OUTPUTS; ++side) {
        piece.out[side] = plugin->out[side] != NULL ? plugin->out[side] + from : NULL;
    }
    lbp_run(plugin->instance, &piece);
    if (!plugin->place.rolling) return;
    const double seconds = (to - from) / plugin->rate;
    plugin->place.frame += to - from;
    plugin->place.beat += seconds * plugin->place.tempo_bpm / 60.0;
}

static void run(LV2_Handle handle, uint32_t frames) {
    lbp_plugin *plugin = handle;
    uint32_t done = 0;
    read_controls(plugin);
    if (plugin->events != NULL && plugin->map != NULL) {
        LV2_ATOM_SEQUENCE_FOREACH(plugin->events, event) {
            const int64_t offset = event->time.frames;
            const uint32_t at = offset < done ? done : offset > frames ? frames : (uint32_t)offset;
            if (is_position(&plugin->urids, &event->body)) {
                const LV2_Atom_Object *object = (const LV2_Atom_Object *)&event->body;
                play(plugin, done, at);
                done = at;
                read_position(plugin, object);
            }
        }
    }
    play(plugin, done, frames);
    if (plugin->latency != NULL) *plugin->latency = (float)lbp_latency(plugin->instance);
    if (plugin->status != NULL) *plugin->status = (float)lbp_state(plugin->instance);
}

/* -- extensions -------------------------------------------------------------------------- */

static uint32_t get_options(LV2_Handle handle, LV2_Options_Option *options) {
    (void)handle;
    (void)options;
    return LV2_OPTIONS_ERR_UNKNOWN;
}

static uint32_t set_options(LV2_Handle handle, const LV2_Options_Option *options) {
    lbp_plugin *plugin = handle;
    for (; options->key != 0; ++options) take_option(plugin, options);
    lbp_set_block(plugin->instance, block_of(plugin));
    return LV2_OPTIONS_SUCCESS;
}

static const void *extension_data(const char *uri) {
    static const LV2_State_Interface state = {lbp_save, lbp_restore};
    static const LV2_Options_Interface options = {get_options, set_options};
    if (strcmp(uri, LV2_STATE__interface) == 0) return &state;
    return strcmp(uri, LV2_OPTIONS__interface) == 0 ? &options : NULL;
}

LV2_SYMBOL_EXPORT const LV2_Descriptor *lv2_descriptor(uint32_t index) {
    static const LV2_Descriptor descriptor = {
        LBP_URI, instantiate, connect_port, activate, run, NULL, cleanup, extension_data,
    };
    return index == 0 ? &descriptor : NULL;
}
