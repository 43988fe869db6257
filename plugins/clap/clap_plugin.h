/* The CLAP plugin's parts: life and audio in clap_plugin.c, transport in clap_transport.c,
 * parameters in clap_params.c, the project's state in clap_state.c.
 *
 * CLAP calls from one main thread and one audio thread, at the same time while the plugin is
 * active. Only the atomic members are used by both then.
 */
#ifndef LBP_CLAP_PLUGIN_H
#define LBP_CLAP_PLUGIN_H

#include <stdatomic.h>

#include "clap_abi.h"
#include "controls.h"
#include "instance.h"
#include "monotonic_clock.h"

#define LBP_STATUS_ID 8193u   /* parameters beside those of the table */
#define LBP_TIMELINE_ID 8192u

enum { LBP_OF_OUTPUT, LBP_OF_INPUT }; /* values of the timeline */

typedef struct {
    clap_plugin_t plugin;
    const clap_host_t *host;
    const clap_host_latency_t *host_latency; /* NULL: the host has none, as with the next two */
    const clap_host_log_t *host_log;
    const clap_host_params_t *host_params;
    char **program;
    lbp_instance *instance; /* NULL before the first activation */
    uint32_t rate;          /* of the instance */
    bool active, changes_checkpoint;
    char checkpoint[LB_NAME]; /* of the project, empty without one */
    uint32_t latency;         /* as the host knows it */
    lbp_place place;          /* at the next frame */

    _Atomic double values[LB_PLAYERS][LB_ROWS]; /* as the project is to keep them, NaN: unknown */
    _Atomic int pressed[LBP_CONTROLS];          /* triggers */
    _Atomic int timeline, offline, status;
    _Atomic int is_loaded;    /* values were loaded and are to be put into force */
    _Atomic int is_changed;   /* the host is to read the values again */
    _Atomic uint32_t restarts_for; /* latency for which the host was asked to restart */
    _Atomic int64_t quiet_ms; /* until then, what was moved may not have been told back */
    int64_t look_ms;          /* the audio thread's: when to look again for what changed */
} lbp_clap;

static inline lbp_clap *lbp_clap_of(const clap_plugin_t *plugin) { return plugin->plugin_data; }

int64_t lbp_clap_now_ms(void);
void lbp_clap_init_values(lbp_clap *self);
/* Put all values of the project into force. */
void lbp_clap_move_all(lbp_clap *self);
/* Take over what the control process tells of controls that were moved elsewhere, unless the host
 * moved one lately. Returns whether any was. */
bool lbp_clap_adopt_values(lbp_clap *self);
void lbp_clap_take_event(lbp_clap *self, const clap_event_header_t *event);
void lbp_clap_take_transport(lbp_clap *self, const clap_event_transport_t *transport);

extern const clap_plugin_params_t LBP_CLAP_PARAMS;
extern const clap_plugin_state_t LBP_CLAP_STATE;

#endif
