/* The CLAP plugin's state in a project: a line each for the checkpoint and for every value. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clap_plugin.h"
#include "values_text.h"

#define HEAD "liveband 1\n"
#define TIMELINE_PLAYER LB_PLAYERS /* a player that there is not: its row 0 is the timeline */
#define SIZE (sizeof HEAD + LB_NAME + (LB_PLAYERS * LB_ROWS + 1) * LBP_VALUE_CHARACTERS)

static void get_checkpoint(const lbp_clap *self, char *name) {
    memcpy(name, self->checkpoint, LB_NAME);
    if (self->instance != NULL && !self->changes_checkpoint) {
        lbp_checkpoint(self->instance, name);
    }
}

static size_t write_text(const lbp_clap *self, char *text) {
    char name[LB_NAME];
    get_checkpoint(self, name);
    size_t used = (size_t)snprintf(text, SIZE, HEAD "%s\n", name);
    for (uint32_t player = 0; player < LB_PLAYERS; ++player) {
        for (uint32_t row = 0; row < LB_ROWS; ++row) {
            const double value = LB_LOAD(self->values[player][row]);
            if (isfinite(value)) used = lbp_put_value(text, used, SIZE, player, row, value);
        }
    }
    return lbp_put_value(text, used, SIZE, TIMELINE_PLAYER, 0, LB_LOAD(self->timeline));
}

static bool save(const clap_plugin_t *plugin, const clap_ostream_t *stream) {
    lbp_clap *self = lbp_clap_of(plugin);
    char *text = malloc(SIZE);
    if (text == NULL) return false;
    lbp_clap_adopt_values(self);
    const size_t size = write_text(self, text);
    size_t done = 0;
    while (done < size) {
        const int64_t more = stream->write(stream, text + done, size - done);
        if (more <= 0) break;
        done += (size_t)more;
    }
    free(text);
    return done == size;
}

/* The whole of a stream, ended by a NUL; NULL if it fails or is longer than any state. */
static char *read_text(const clap_istream_t *stream) {
    char *text = malloc(SIZE + 1);
    size_t used = 0;
    int64_t more = text == NULL ? -1 : 1;
    while (more > 0 && used < SIZE) {
        more = stream->read(stream, text + used, SIZE - used);
        if (more > 0) used += (size_t)more;
    }
    if (more != 0) {
        free(text);
        return NULL;
    }
    text[used] = '\0';
    return text;
}

static void take(void *context, uint32_t player, uint32_t row, double value) {
    lbp_clap *self = context;
    if (player < LB_PLAYERS && row < LB_ROWS) LB_STORE(self->values[player][row], value);
    if (player == TIMELINE_PLAYER) LB_STORE(self->timeline, value > 0.5);
}

/* While it plays, the audio thread puts the values into force, and another checkpoint waits for
 * the restart that the host is asked for. */
static void load_text(lbp_clap *self, char *name, const char *values) {
    char now[LB_NAME];
    get_checkpoint(self, now);
    lbp_each_value(values, take, self);
    if (name[0] != '\0' && strcmp(now, name) != 0) {
        snprintf(self->checkpoint, sizeof self->checkpoint, "%s", name);
        self->changes_checkpoint = true;
        if (self->active) self->host->request_restart(self->host);
    }
    LB_STORE(self->is_loaded, 1);
    if (self->host_params != NULL) {
        self->host_params->rescan(self->host, CLAP_PARAM_RESCAN_VALUES);
    }
}

static bool load(const clap_plugin_t *plugin, const clap_istream_t *stream) {
    char *text = read_text(stream);
    const size_t head = strlen(HEAD);
    char *values = text != NULL && strncmp(text, HEAD, head) == 0 ? strchr(text + head, '\n')
                                                                 : NULL;
    if (values != NULL) {
        *values++ = '\0';
        load_text(lbp_clap_of(plugin), text + head, values);
    }
    free(text);
    return values != NULL;
}

const clap_plugin_state_t LBP_CLAP_STATE = {save, load};
