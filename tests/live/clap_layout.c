/* Prints how CLAP's structures lie in memory, by our declarations, or by CLAP's own headers
 * (-DOFFICIAL): both are to print the same. */
#include <stddef.h>
#include <stdio.h>

#ifdef OFFICIAL
#include <clap/entry.h>
#include <clap/ext/audio-ports.h>
#include <clap/ext/latency.h>
#include <clap/ext/params.h>
#include <clap/ext/state.h>
#include <clap/plugin-factory.h>
#else
#include "clap_abi.h"
#endif

#define SIZE(type) printf(#type " %zu\n", sizeof(type))
#define AT(type, member) \
    printf(#type "." #member " %zu %zu\n", offsetof(type, member), sizeof(((type *)0)->member))
#define NUMBER(name) printf(#name " %lld\n", (long long)(name))
#define TEXT(name) printf(#name " %s\n", name)

static void print_host_and_plugin(void) {
    SIZE(clap_host_t);
    AT(clap_host_t, host_data);
    AT(clap_host_t, version);
    AT(clap_host_t, get_extension);
    AT(clap_host_t, request_restart);
    AT(clap_host_t, request_callback);
    SIZE(clap_plugin_descriptor_t);
    AT(clap_plugin_descriptor_t, id);
    AT(clap_plugin_descriptor_t, support_url);
    AT(clap_plugin_descriptor_t, version);
    AT(clap_plugin_descriptor_t, features);
    SIZE(clap_plugin_t);
    AT(clap_plugin_t, plugin_data);
    AT(clap_plugin_t, init);
    AT(clap_plugin_t, destroy);
    AT(clap_plugin_t, activate);
    AT(clap_plugin_t, deactivate);
    AT(clap_plugin_t, start_processing);
    AT(clap_plugin_t, stop_processing);
    AT(clap_plugin_t, reset);
    AT(clap_plugin_t, process);
    AT(clap_plugin_t, get_extension);
    AT(clap_plugin_t, on_main_thread);
    SIZE(clap_plugin_factory_t);
    AT(clap_plugin_factory_t, get_plugin_count);
    AT(clap_plugin_factory_t, get_plugin_descriptor);
    AT(clap_plugin_factory_t, create_plugin);
    SIZE(clap_plugin_entry_t);
    AT(clap_plugin_entry_t, init);
    AT(clap_plugin_entry_t, deinit);
    AT(clap_plugin_entry_t, get_factory);
    TEXT(CLAP_PLUGIN_FACTORY_ID);
}

static void print_process(void) {
    SIZE(clap_process_t);
    AT(clap_process_t, frames_count);
    AT(clap_process_t, transport);
    AT(clap_process_t, audio_inputs);
    AT(clap_process_t, audio_outputs);
    AT(clap_process_t, audio_inputs_count);
    AT(clap_process_t, audio_outputs_count);
    AT(clap_process_t, in_events);
    AT(clap_process_t, out_events);
    SIZE(clap_audio_buffer_t);
    AT(clap_audio_buffer_t, data32);
    AT(clap_audio_buffer_t, channel_count);
    AT(clap_audio_buffer_t, constant_mask);
    SIZE(clap_event_header_t);
    AT(clap_event_header_t, time);
    AT(clap_event_header_t, space_id);
    AT(clap_event_header_t, type);
    AT(clap_event_header_t, flags);
    SIZE(clap_event_param_value_t);
    AT(clap_event_param_value_t, param_id);
    AT(clap_event_param_value_t, cookie);
    AT(clap_event_param_value_t, note_id);
    AT(clap_event_param_value_t, key);
    AT(clap_event_param_value_t, value);
    SIZE(clap_event_transport_t);
    AT(clap_event_transport_t, flags);
    AT(clap_event_transport_t, song_pos_beats);
    AT(clap_event_transport_t, song_pos_seconds);
    AT(clap_event_transport_t, tempo);
    AT(clap_event_transport_t, bar_start);
    AT(clap_event_transport_t, bar_number);
    AT(clap_event_transport_t, tsig_num);
    AT(clap_event_transport_t, tsig_denom);
    SIZE(clap_input_events_t);
    AT(clap_input_events_t, size);
    AT(clap_input_events_t, get);
    NUMBER(CLAP_PROCESS_ERROR);
    NUMBER(CLAP_PROCESS_CONTINUE);
    NUMBER(CLAP_CORE_EVENT_SPACE_ID);
    NUMBER(CLAP_EVENT_PARAM_VALUE);
    NUMBER(CLAP_EVENT_TRANSPORT);
    NUMBER(CLAP_TRANSPORT_HAS_TEMPO);
    NUMBER(CLAP_TRANSPORT_HAS_BEATS_TIMELINE);
    NUMBER(CLAP_TRANSPORT_HAS_SECONDS_TIMELINE);
    NUMBER(CLAP_TRANSPORT_HAS_TIME_SIGNATURE);
    NUMBER(CLAP_TRANSPORT_IS_PLAYING);
}

static void print_extensions(void) {
    SIZE(clap_audio_port_info_t);
    AT(clap_audio_port_info_t, id);
    AT(clap_audio_port_info_t, name);
    AT(clap_audio_port_info_t, flags);
    AT(clap_audio_port_info_t, channel_count);
    AT(clap_audio_port_info_t, port_type);
    AT(clap_audio_port_info_t, in_place_pair);
    NUMBER(CLAP_AUDIO_PORT_IS_MAIN);
    NUMBER(CLAP_INVALID_ID);
    TEXT(CLAP_PORT_STEREO);
    SIZE(clap_plugin_audio_ports_t);
    AT(clap_plugin_audio_ports_t, count);
    AT(clap_plugin_audio_ports_t, get);
    SIZE(clap_param_info_t);
    AT(clap_param_info_t, id);
    AT(clap_param_info_t, flags);
    AT(clap_param_info_t, cookie);
    AT(clap_param_info_t, name);
    AT(clap_param_info_t, module);
    AT(clap_param_info_t, min_value);
    AT(clap_param_info_t, max_value);
    AT(clap_param_info_t, default_value);
    NUMBER(CLAP_PARAM_IS_STEPPED);
    NUMBER(CLAP_PARAM_IS_READONLY);
    NUMBER(CLAP_PARAM_IS_AUTOMATABLE);
    NUMBER(CLAP_PARAM_RESCAN_VALUES);
    SIZE(clap_plugin_params_t);
    AT(clap_plugin_params_t, count);
    AT(clap_plugin_params_t, get_info);
    AT(clap_plugin_params_t, get_value);
    AT(clap_plugin_params_t, value_to_text);
    AT(clap_plugin_params_t, text_to_value);
    AT(clap_plugin_params_t, flush);
    SIZE(clap_host_params_t);
    AT(clap_host_params_t, rescan);
    SIZE(clap_plugin_state_t);
    AT(clap_plugin_state_t, save);
    AT(clap_plugin_state_t, load);
    AT(clap_istream_t, read);
    AT(clap_ostream_t, write);
    SIZE(clap_plugin_latency_t);
    SIZE(clap_host_latency_t);
    TEXT(CLAP_EXT_AUDIO_PORTS);
    TEXT(CLAP_EXT_LATENCY);
    TEXT(CLAP_EXT_PARAMS);
    TEXT(CLAP_EXT_STATE);
}

int main(void) {
    print_host_and_plugin();
    print_process();
    print_extensions();
    return 0;
}
