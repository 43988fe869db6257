/* The plugin's state in a project: the checkpoint, every control's value, and where the control
 * ports were then. A port that a project opens with its value of that time moves nothing, so what
 * was set from elsewhere, over OSC or MIDI, stays.
 */
#define _GNU_SOURCE
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lv2_plugin.h"
#include "values_text.h"

#define SIZE (LB_PLAYERS * LB_ROWS * LBP_VALUE_CHARACTERS)

static LV2_State_Status put_text(const lbp_plugin *plugin, LV2_State_Store_Function store,
                                 LV2_State_Handle state, LV2_URID key, const char *text) {
    return store(state, key, text, strlen(text) + 1, plugin->urids.atom_string,
                 LV2_STATE_IS_POD | LV2_STATE_IS_PORTABLE);
}

static LV2_State_Status put_values(const lbp_plugin *plugin, LV2_State_Store_Function store,
                                   LV2_State_Handle state, char *text) {
    size_t used = 0;
    text[0] = '\0';
    for (uint32_t player = 0; player < LB_PLAYERS; ++player) {
        for (uint32_t row = 0; row < LB_ROWS; ++row) {
            const double value = lbp_value(plugin->instance, player, row);
            if (isfinite(value)) used = lbp_put_value(text, used, SIZE, player, row, value);
        }
    }
    return put_text(plugin, store, state, plugin->urids.values, text);
}

static LV2_State_Status put_ports(const lbp_plugin *plugin, LV2_State_Store_Function store,
                                  LV2_State_Handle state, char *text) {
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < LBP_CONTROLS; ++i) {
        const lbp_control *control = &LBP_CONTROL[i];
        used = lbp_put_value(text, used, SIZE, control->player, control->row,
                             (double)plugin->last[i]);
    }
    return put_text(plugin, store, state, plugin->urids.ports, text);
}

static LV2_URID key_of(const lbp_plugin *plugin, size_t text) {
    const LV2_URID keys[LBP_TEXTS] = {plugin->urids.checkpoint, plugin->urids.values,
                                      plugin->urids.ports};
    return keys[text];
}

/* A project saved before the band plays keeps what it was opened with. */
static LV2_State_Status put_restored(const lbp_plugin *plugin, LV2_State_Store_Function store,
                                     LV2_State_Handle state) {
    LV2_State_Status status = LV2_STATE_SUCCESS;
    for (size_t i = 0; i < LBP_TEXTS && status == LV2_STATE_SUCCESS; ++i) {
        const char *text = plugin->restored[i];
        if (text != NULL) status = put_text(plugin, store, state, key_of(plugin, i), text);
    }
    return status;
}

void lbp_forget_restored(lbp_plugin *plugin) {
    for (size_t i = 0; i < LBP_TEXTS; ++i) {
        free(plugin->restored[i]);
        plugin->restored[i] = NULL;
    }
}

LV2_State_Status lbp_save(LV2_Handle handle, LV2_State_Store_Function store,
                          LV2_State_Handle state, uint32_t flags,
                          const LV2_Feature *const *features) {
    const lbp_plugin *plugin = handle;
    char name[LB_NAME];
    (void)flags;
    (void)features;
    if (plugin->map == NULL) return LV2_STATE_ERR_NO_FEATURE;
    if (!lbp_has_values(plugin->instance)) return put_restored(plugin, store, state);
    char *text = malloc(SIZE);
    if (text == NULL) return LV2_STATE_ERR_UNKNOWN;
    lbp_checkpoint(plugin->instance, name);
    LV2_State_Status status =
        put_text(plugin, store, state, plugin->urids.checkpoint, name);
    if (status == LV2_STATE_SUCCESS) status = put_values(plugin, store, state, text);
    if (status == LV2_STATE_SUCCESS) status = put_ports(plugin, store, state, text);
    free(text);
    return status;
}

static const char *get_text(const lbp_plugin *plugin, LV2_State_Retrieve_Function retrieve,
                            LV2_State_Handle state, LV2_URID key) {
    size_t size;
    uint32_t type, flags;
    const char *text = retrieve(state, key, &size, &type, &flags);
    const int is_text = text != NULL && type == plugin->urids.atom_string && size > 0;
    return is_text && text[size - 1] == '\0' ? text : NULL;
}

static void move(void *context, uint32_t player, uint32_t row, double value) {
    const lbp_plugin *plugin = context;
    lbp_move(plugin->instance, player, row, value);
}

static void note_port(void *context, uint32_t player, uint32_t row, double value) {
    lbp_plugin *plugin = context;
    for (size_t i = 0; i < LBP_CONTROLS; ++i) {
        const lbp_control *control = &LBP_CONTROL[i];
        if (control->player == player && control->row == row) plugin->last[i] = (float)value;
    }
}

LV2_State_Status lbp_restore(LV2_Handle handle, LV2_State_Retrieve_Function retrieve,
                             LV2_State_Handle state, uint32_t flags,
                             const LV2_Feature *const *features) {
    lbp_plugin *plugin = handle;
    (void)flags;
    (void)features;
    if (plugin->map == NULL) return LV2_STATE_ERR_NO_FEATURE;
    if (get_text(plugin, retrieve, state, plugin->urids.checkpoint) == NULL) {
        return LV2_STATE_SUCCESS; /* a project without our state */
    }
    lbp_forget_restored(plugin);
    for (size_t i = 0; i < LBP_TEXTS; ++i) {
        const char *text = get_text(plugin, retrieve, state, key_of(plugin, i));
        plugin->restored[i] = text != NULL ? strdup(text) : NULL;
    }
    if (plugin->restored[LBP_CHECKPOINT] == NULL) return LV2_STATE_ERR_UNKNOWN;
    lbp_set_checkpoint(plugin->instance, plugin->restored[LBP_CHECKPOINT]);
    lbp_each_value(plugin->restored[LBP_VALUES], move, plugin);
    lbp_each_value(plugin->restored[LBP_PORTS], note_port, plugin);
    return LV2_STATE_SUCCESS;
}
