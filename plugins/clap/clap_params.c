/* The CLAP plugin's parameters: those of the table, the timeline, and the status to read. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "clap_plugin.h"
#include "parameters.h"

#define PLAYER_IDS 1024u   /* numbers that a player's parameters have */
#define TOLD_BACK_MS 1000   /* within which the control process tells what was moved */

enum { TIMELINE = LBP_CONTROLS, STATUS, PARAMETERS };

static const lbp_parameter BESIDE[] = {
    {"Timeline", "Time", 0, 1, true, 0, "", LBP_TIMELINES},
    {"Status", "", 0, 3, true, 0, "", LBP_STATUSES},
};

static clap_id id_of(size_t index) {
    if (index == TIMELINE) return LBP_TIMELINE_ID;
    if (index == STATUS) return LBP_STATUS_ID;
    return LBP_CONTROL[index].player * PLAYER_IDS + LBP_CONTROL[index].row;
}

static size_t index_of(clap_id id) { /* PARAMETERS: there is no such parameter */
    size_t index = 0;
    while (index < PARAMETERS && id_of(index) != id) ++index;
    return index;
}

static const lbp_parameter *parameter_of(size_t index) {
    return index < LBP_CONTROLS ? &LBP_PARAMETER[index] : &BESIDE[index - LBP_CONTROLS];
}

static double initial_of(size_t index) {
    if (index < LBP_CONTROLS) return (double)LBP_CONTROL[index].initial;
    return index == TIMELINE ? LBP_OF_INPUT : LBP_STOPPED;
}

/* -- values ---------------------------------------------------------------------------- */

int64_t lbp_clap_now_ms(void) {
    const struct timespec now = lb_now();
    return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

void lbp_clap_init_values(lbp_clap *self) {
    for (size_t player = 0; player < LB_PLAYERS; ++player) {
        for (size_t row = 0; row < LB_ROWS; ++row) LB_STORE(self->values[player][row], NAN);
    }
    LB_STORE(self->timeline, LBP_OF_INPUT);
}

void lbp_clap_move_all(lbp_clap *self) {
    for (uint32_t player = 0; player < LB_PLAYERS; ++player) {
        for (uint32_t row = 0; row < LB_ROWS; ++row) {
            lbp_move(self->instance, player, row, LB_LOAD(self->values[player][row]));
        }
    }
    LB_STORE(self->quiet_ms, lbp_clap_now_ms() + TOLD_BACK_MS);
}

bool lbp_clap_adopt_values(lbp_clap *self) {
    bool any = false;
    if (self->instance == NULL || !lbp_has_values(self->instance)) return false;
    if (lbp_clap_now_ms() < LB_LOAD(self->quiet_ms)) return false;
    for (uint32_t player = 0; player < LB_PLAYERS; ++player) {
        for (uint32_t row = 0; row < LB_ROWS; ++row) {
            const double told = lbp_value(self->instance, player, row);
            if (!isfinite(told) || told == LB_LOAD(self->values[player][row])) continue;
            LB_STORE(self->values[player][row], told);
            any = true;
        }
    }
    return any;
}

static void move(lbp_clap *self, size_t index, double value) {
    const lbp_control *control = &LBP_CONTROL[index];
    if (control->row >= LB_TRIGGER) {
        const int was_pressed = LB_LOAD(self->pressed[index]);
        LB_STORE(self->pressed[index], value > 0.5);
        if (value <= 0.5 || was_pressed) return;
        value = 1.0;
    } else {
        LB_STORE(self->values[control->player][control->row], value);
        LB_STORE(self->quiet_ms, lbp_clap_now_ms() + TOLD_BACK_MS);
    }
    if (self->instance != NULL) lbp_move(self->instance, control->player, control->row, value);
}

void lbp_clap_take_event(lbp_clap *self, const clap_event_header_t *event) {
    if (event->space_id != CLAP_CORE_EVENT_SPACE_ID) return;
    if (event->type == CLAP_EVENT_TRANSPORT) {
        lbp_clap_take_transport(self, (const clap_event_transport_t *)event);
    }
    if (event->type != CLAP_EVENT_PARAM_VALUE) return;
    const clap_event_param_value_t *moved = (const clap_event_param_value_t *)event;
    const size_t index = index_of(moved->param_id);
    if (!isfinite(moved->value)) return;
    if (index < LBP_CONTROLS) move(self, index, moved->value);
    if (index == TIMELINE) LB_STORE(self->timeline, moved->value > 0.5);
}

/* -- extension ------------------------------------------------------------------------- */

static uint32_t count(const clap_plugin_t *plugin) {
    (void)plugin;
    return PARAMETERS;
}

static bool get_info(const clap_plugin_t *plugin, uint32_t index, clap_param_info_t *info) {
    (void)plugin;
    if (index >= PARAMETERS) return false;
    const lbp_parameter *parameter = parameter_of(index);
    *info = (clap_param_info_t){
        .id = id_of(index),
        .flags = index == STATUS ? CLAP_PARAM_IS_READONLY : CLAP_PARAM_IS_AUTOMATABLE,
        .min_value = parameter->low,
        .max_value = parameter->high,
        .default_value = initial_of(index),
    };
    if (parameter->is_whole) info->flags |= CLAP_PARAM_IS_STEPPED;
    if (parameter->texts != NULL) info->flags |= CLAP_PARAM_IS_ENUM;
    snprintf(info->name, sizeof info->name, "%s", parameter->name);
    snprintf(info->module, sizeof info->module, "%s", parameter->group);
    return true;
}

static bool get_value(const clap_plugin_t *plugin, clap_id id, double *value) {
    const lbp_clap *self = lbp_clap_of(plugin);
    const size_t index = index_of(id);
    if (index == PARAMETERS) return false;
    if (index == TIMELINE) {
        *value = LB_LOAD(self->timeline);
    } else if (index == STATUS) {
        *value = LB_LOAD(self->status);
    } else if (LBP_CONTROL[index].row >= LB_TRIGGER) {
        *value = LB_LOAD(self->pressed[index]);
    } else {
        *value = LB_LOAD(self->values[LBP_CONTROL[index].player][LBP_CONTROL[index].row]);
        if (!isfinite(*value)) *value = initial_of(index);
    }
    return true;
}

static size_t step_of(const lbp_parameter *parameter, double value) {
    const double bounded = fmax(parameter->low, fmin(parameter->high, value));
    return (size_t)lround(bounded - parameter->low);
}

static bool value_to_text(const clap_plugin_t *plugin, clap_id id, double value, char *text,
                          uint32_t size) {
    (void)plugin;
    const size_t index = index_of(id);
    if (index == PARAMETERS || !isfinite(value)) return false;
    const lbp_parameter *parameter = parameter_of(index);
    const char *space = parameter->unit[0] != '\0' ? " " : "";
    if (parameter->texts != NULL) {
        snprintf(text, size, "%s%s%s", parameter->texts[step_of(parameter, value)], space,
                 parameter->unit);
    } else {
        snprintf(text, size, "%.*f%s%s", (int)parameter->decimals, value, space,
                 parameter->unit);
    }
    return true;
}

/* Whether a text is a word, with the parameter's unit or without. */
static bool names(const char *text, const char *word, const char *unit) {
    const size_t length = strlen(word);
    if (strncasecmp(text, word, length) != 0) return false;
    text += length;
    while (*text == ' ') ++text;
    return *text == '\0' || strcasecmp(text, unit) == 0;
}

static bool text_to_value(const clap_plugin_t *plugin, clap_id id, const char *text,
                          double *value) {
    (void)plugin;
    const size_t index = index_of(id);
    if (index == PARAMETERS) return false;
    const lbp_parameter *parameter = parameter_of(index);
    if (parameter->texts != NULL) {
        for (size_t i = 0; i <= step_of(parameter, parameter->high); ++i) {
            *value = parameter->low + (double)i;
            if (names(text, parameter->texts[i], parameter->unit)) return true;
        }
        return false;
    }
    char *end;
    *value = strtod(text, &end);
    return end != text && isfinite(*value);
}

static void flush(const clap_plugin_t *plugin, const clap_input_events_t *in,
                  const clap_output_events_t *out) {
    lbp_clap *self = lbp_clap_of(plugin);
    (void)out;
    for (uint32_t i = 0; i < in->size(in); ++i) lbp_clap_take_event(self, in->get(in, i));
}

const clap_plugin_params_t LBP_CLAP_PARAMS = {
    count, get_info, get_value, value_to_text, text_to_value, flush,
};
