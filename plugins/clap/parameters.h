/* Parameters of the CLAP plugin, made by `make surfaces` from the table. */
#ifndef LBP_PARAMETERS_H
#define LBP_PARAMETERS_H

#include <stdbool.h>
#include <stdint.h>

#include "controls.h"

typedef struct {
    const char *name, *group;
    double low, high;
    bool is_whole;
    uint32_t decimals;
    const char *unit;
    const char *const *texts; /* of low..high, where it has steps with names */
} lbp_parameter;

static const char *const LBP_STEM_TEXTS[] = {"drums", "bass", "guitar", "piano", "strings", "lead", "other"};
static const char *const LBP_ANTICIPATION_TEXTS[] = {"0", "0.1", "1"};
static const char *const LBP_TOGGLES[] = {"off", "on"};
static const char *const LBP_QUANTIZE_TEXTS[] = {"off", "hop", "beat", "bar"};
static const char *const LBP_TRANSPORT_SOURCE_TEXTS[] = {"auto", "jack", "midi", "manual", "ear", "none"};
static const char *const LBP_TRANSPORT_RESET_ON_TEXTS[] = {"never", "start", "locate", "both"};
static const char *const LBP_GROOVE_TEXTS[] = {"auto", "any"};
static const char *const LBP_STATUSES[] = {"not running", "starting", "playing", "out of order"};
static const char *const LBP_TIMELINES[] = {"of the output", "of the input"};

/* In the order of LBP_CONTROL. */
static const lbp_parameter LBP_PARAMETER[LBP_CONTROLS] = {
    {"Stem", "Play", 0, 6, true, 0, "", LBP_STEM_TEXTS},
    {"Anticipation", "Play", 0, 2, true, 0, "s", LBP_ANTICIPATION_TEXTS},
    {"Enable", "Play", 0, 1, true, 0, "", LBP_TOGGLES},
    {"Bypass", "Play", 0, 1, true, 0, "", LBP_TOGGLES},
    {"Mute", "Play", 0, 1, true, 0, "", LBP_TOGGLES},
    {"Listen", "Play", 0, 1, true, 0, "", LBP_TOGGLES},
    {"Freeze", "Play", 0, 1, true, 0, "", LBP_TOGGLES},
    {"Gain In", "Sound", -60, 12, false, 1, "dB", 0},
    {"Gain Out", "Sound", -60, 12, false, 1, "dB", 0},
    {"Noise", "Sound", 0, 2, false, 2, "", 0},
    {"Fade", "Sound", 0, 2000, false, 0, "ms", 0},
    {"Quantize", "Time", 0, 3, true, 0, "", LBP_QUANTIZE_TEXTS},
    {"Transport Source", "Time", 0, 5, true, 0, "", LBP_TRANSPORT_SOURCE_TEXTS},
    {"Transport Follow", "Time", 0, 1, true, 0, "", LBP_TOGGLES},
    {"Transport Reset On", "Time", 0, 3, true, 0, "", LBP_TRANSPORT_RESET_ON_TEXTS},
    {"Tempo", "Beat", 20, 300, false, 1, "bpm", 0},
    {"Transport Beats", "Time", 1, 16, true, 0, "", 0},
    {"Groove", "Time", 0, 1, true, 0, "", LBP_GROOVE_TEXTS},
    {"Reset To", "Play", 0, 8, true, 0, "", 0},
    {"Players", "Play", 1, 8, true, 0, "", 0},
    {"Ear Tempo Min", "Beat", 55, 215, false, 1, "bpm", 0},
    {"Ear Tempo Max", "Beat", 55, 215, false, 1, "bpm", 0},
    {"Ear Hold", "Beat", 0, 1, true, 0, "", LBP_TOGGLES},
    {"Ear Silence", "Beat", 0, 600, false, 0, "s", 0},
    {"Reset", "Play", 0, 1, true, 0, "", LBP_TOGGLES},
    {"Reseed", "Sound", 0, 1, true, 0, "", LBP_TOGGLES},
    {"Ear Half", "Beat", 0, 1, true, 0, "", LBP_TOGGLES},
    {"Ear Double", "Beat", 0, 1, true, 0, "", LBP_TOGGLES},
    {"Ear Downbeat", "Beat", 0, 1, true, 0, "", LBP_TOGGLES},
    {"Tap", "Beat", 0, 1, true, 0, "", LBP_TOGGLES},
    {"Panic", "Play", 0, 1, true, 0, "", LBP_TOGGLES},
    {"Stem 2", "Player 2", 0, 6, true, 0, "", LBP_STEM_TEXTS},
    {"Enable 2", "Player 2", 0, 1, true, 0, "", LBP_TOGGLES},
    {"Bypass 2", "Player 2", 0, 1, true, 0, "", LBP_TOGGLES},
    {"Mute 2", "Player 2", 0, 1, true, 0, "", LBP_TOGGLES},
    {"Gain Out 2", "Player 2", -60, 12, false, 1, "dB", 0},
    {"Noise 2", "Player 2", 0, 2, false, 2, "", 0},
    {"Groove 2", "Player 2", 0, 1, true, 0, "", LBP_GROOVE_TEXTS},
    {"Reseed 2", "Player 2", 0, 1, true, 0, "", LBP_TOGGLES},
    {"Stem 3", "Player 3", 0, 6, true, 0, "", LBP_STEM_TEXTS},
    {"Enable 3", "Player 3", 0, 1, true, 0, "", LBP_TOGGLES},
    {"Bypass 3", "Player 3", 0, 1, true, 0, "", LBP_TOGGLES},
    {"Mute 3", "Player 3", 0, 1, true, 0, "", LBP_TOGGLES},
    {"Gain Out 3", "Player 3", -60, 12, false, 1, "dB", 0},
    {"Noise 3", "Player 3", 0, 2, false, 2, "", 0},
    {"Groove 3", "Player 3", 0, 1, true, 0, "", LBP_GROOVE_TEXTS},
    {"Reseed 3", "Player 3", 0, 1, true, 0, "", LBP_TOGGLES},
    {"Stem 4", "Player 4", 0, 6, true, 0, "", LBP_STEM_TEXTS},
    {"Enable 4", "Player 4", 0, 1, true, 0, "", LBP_TOGGLES},
    {"Bypass 4", "Player 4", 0, 1, true, 0, "", LBP_TOGGLES},
    {"Mute 4", "Player 4", 0, 1, true, 0, "", LBP_TOGGLES},
    {"Gain Out 4", "Player 4", -60, 12, false, 1, "dB", 0},
    {"Noise 4", "Player 4", 0, 2, false, 2, "", 0},
    {"Groove 4", "Player 4", 0, 1, true, 0, "", LBP_GROOVE_TEXTS},
    {"Reseed 4", "Player 4", 0, 1, true, 0, "", LBP_TOGGLES},
    {"Stem 5", "Player 5", 0, 6, true, 0, "", LBP_STEM_TEXTS},
    {"Enable 5", "Player 5", 0, 1, true, 0, "", LBP_TOGGLES},
    {"Bypass 5", "Player 5", 0, 1, true, 0, "", LBP_TOGGLES},
    {"Mute 5", "Player 5", 0, 1, true, 0, "", LBP_TOGGLES},
    {"Gain Out 5", "Player 5", -60, 12, false, 1, "dB", 0},
    {"Noise 5", "Player 5", 0, 2, false, 2, "", 0},
    {"Groove 5", "Player 5", 0, 1, true, 0, "", LBP_GROOVE_TEXTS},
    {"Reseed 5", "Player 5", 0, 1, true, 0, "", LBP_TOGGLES},
    {"Stem 6", "Player 6", 0, 6, true, 0, "", LBP_STEM_TEXTS},
    {"Enable 6", "Player 6", 0, 1, true, 0, "", LBP_TOGGLES},
    {"Bypass 6", "Player 6", 0, 1, true, 0, "", LBP_TOGGLES},
    {"Mute 6", "Player 6", 0, 1, true, 0, "", LBP_TOGGLES},
    {"Gain Out 6", "Player 6", -60, 12, false, 1, "dB", 0},
    {"Noise 6", "Player 6", 0, 2, false, 2, "", 0},
    {"Groove 6", "Player 6", 0, 1, true, 0, "", LBP_GROOVE_TEXTS},
    {"Reseed 6", "Player 6", 0, 1, true, 0, "", LBP_TOGGLES},
    {"Stem 7", "Player 7", 0, 6, true, 0, "", LBP_STEM_TEXTS},
    {"Enable 7", "Player 7", 0, 1, true, 0, "", LBP_TOGGLES},
    {"Bypass 7", "Player 7", 0, 1, true, 0, "", LBP_TOGGLES},
    {"Mute 7", "Player 7", 0, 1, true, 0, "", LBP_TOGGLES},
    {"Gain Out 7", "Player 7", -60, 12, false, 1, "dB", 0},
    {"Noise 7", "Player 7", 0, 2, false, 2, "", 0},
    {"Groove 7", "Player 7", 0, 1, true, 0, "", LBP_GROOVE_TEXTS},
    {"Reseed 7", "Player 7", 0, 1, true, 0, "", LBP_TOGGLES},
    {"Stem 8", "Player 8", 0, 6, true, 0, "", LBP_STEM_TEXTS},
    {"Enable 8", "Player 8", 0, 1, true, 0, "", LBP_TOGGLES},
    {"Bypass 8", "Player 8", 0, 1, true, 0, "", LBP_TOGGLES},
    {"Mute 8", "Player 8", 0, 1, true, 0, "", LBP_TOGGLES},
    {"Gain Out 8", "Player 8", -60, 12, false, 1, "dB", 0},
    {"Noise 8", "Player 8", 0, 2, false, 2, "", 0},
    {"Groove 8", "Player 8", 0, 1, true, 0, "", LBP_GROOVE_TEXTS},
    {"Reseed 8", "Player 8", 0, 1, true, 0, "", LBP_TOGGLES},
};

#endif
