/* The LV2 plugin's parts: ports and audio in lv2_plugin.c, the project's state in lv2_state.c. */
#ifndef LBP_LV2_PLUGIN_H
#define LBP_LV2_PLUGIN_H

#include <lv2/atom/atom.h>
#include <lv2/log/log.h>
#include <lv2/state/state.h>
#include <lv2/urid/urid.h>

#include "../core/instance.h"
#include "controls.h"

#define LBP_URI "urn:liveband:band"

#define LBP_URIDS(X)                                                                      \
    X(atom_int, LV2_ATOM__Int)                                                            \
    X(atom_long, LV2_ATOM__Long)                                                          \
    X(atom_float, LV2_ATOM__Float)                                                        \
    X(atom_double, LV2_ATOM__Double)                                                      \
    X(atom_string, LV2_ATOM__String)                                                      \
    X(atom_object, LV2_ATOM__Object)                                                      \
    X(atom_blank, LV2_ATOM__Blank) /* an object, as Ardour says it */                     \
    X(log_error, LV2_LOG__Error)                                                          \
    X(nominal_block, LV2_BUF_SIZE__nominalBlockLength)                                    \
    X(max_block, LV2_BUF_SIZE__maxBlockLength)                                            \
    X(time_position, LV2_TIME__Position)                                                  \
    X(time_frame, LV2_TIME__frame)                                                        \
    X(time_speed, LV2_TIME__speed)                                                        \
    X(time_bar, LV2_TIME__bar)                                                            \
    X(time_bar_beat, LV2_TIME__barBeat)                                                   \
    X(time_bpm, LV2_TIME__beatsPerMinute)                                                 \
    X(time_beats_per_bar, LV2_TIME__beatsPerBar)                                          \
    X(checkpoint, LBP_URI "#checkpoint")                                                  \
    X(values, LBP_URI "#values")                                                          \
    X(ports, LBP_URI "#ports")

enum { LBP_CHECKPOINT, LBP_VALUES, LBP_PORTS, LBP_TEXTS };

#define LBP_DECLARE(name, uri) LV2_URID name;
typedef struct {
    LBP_URIDS(LBP_DECLARE)
} lbp_urids;
#undef LBP_DECLARE

typedef struct {
    lbp_instance *instance;
    char **program;
    double rate;
    lbp_place place; /* at the next frame */
    const float *in[2];
    float *out[LBP_OUTPUTS];
    const LV2_Atom_Sequence *events;
    float *latency, *status;
    const float *freewheel, *timeline;
    const float *control[LBP_CONTROLS];
    float last[LBP_CONTROLS]; /* value of each control port that was passed on */
    uint32_t nominal_block, max_block;
    char *restored[LBP_TEXTS]; /* of the project, until the band has its values */
    const LV2_URID_Map *map;
    const LV2_Log_Log *log;
    lbp_urids urids;
} lbp_plugin;

void lbp_forget_restored(lbp_plugin *plugin);
LV2_State_Status lbp_save(LV2_Handle handle, LV2_State_Store_Function store,
                          LV2_State_Handle state, uint32_t flags,
                          const LV2_Feature *const *features);
LV2_State_Status lbp_restore(LV2_Handle handle, LV2_State_Retrieve_Function retrieve,
                             LV2_State_Handle state, uint32_t flags,
                             const LV2_Feature *const *features);

#endif
