/* Controls of the plugin, made from the parameter table by `make surfaces`. */
#ifndef LBP_CONTROLS_H
#define LBP_CONTROLS_H

#include <stdint.h>

#define LBP_BYPASS 3
#define LBP_MUTE 4
#define LBP_ENABLE 2
#define LBP_LISTEN 5
#define LBP_GAIN_IN 7
#define LBP_GAIN_OUT 8
#define LBP_ANTICIPATION 1
#define LBP_GAIN_OFF_DB -60.0
#define LBP_GAIN_MOST_DB 12.0
#define LBP_DEFAULT_ANTICIPATION 1
#define LBP_FIRST_CONTROL 23
#define LBP_CONTROLS 87

static const double LBP_ANTICIPATIONS[] = {0, 0.1, 1}; /* s, by choice */

typedef struct {
    uint32_t player; /* counted from 0 */
    uint32_t row;    /* as in lb_change */
    float initial;
} lbp_control;

static const lbp_control LBP_CONTROL[LBP_CONTROLS] = {
    {0, 0, 0.000000f}, /* stem */
    {0, 1, 1.000000f}, /* anticipation */
    {0, 2, 1.000000f}, /* enable */
    {0, 3, 0.000000f}, /* bypass */
    {0, 4, 0.000000f}, /* mute */
    {0, 5, 1.000000f}, /* listen */
    {0, 6, 0.000000f}, /* freeze */
    {0, 7, 0.000000f}, /* gain_in */
    {0, 8, 0.000000f}, /* gain_out */
    {0, 14, 1.000000f}, /* noise */
    {0, 17, 20.000000f}, /* fade */
    {0, 18, 1.000000f}, /* quantize */
    {0, 20, 0.000000f}, /* transport_source */
    {0, 21, 0.000000f}, /* transport_follow */
    {0, 22, 0.000000f}, /* transport_reset_on */
    {0, 23, 120.000000f}, /* tempo */
    {0, 30, 4.000000f}, /* transport_beats */
    {0, 31, 0.000000f}, /* groove */
    {0, 32, 0.000000f}, /* reset_to */
    {0, 34, 1.000000f}, /* players */
    {0, 36, 55.000000f}, /* ear_tempo_min */
    {0, 37, 215.000000f}, /* ear_tempo_max */
    {0, 38, 0.000000f}, /* ear_hold */
    {0, 39, 20.000000f}, /* ear_silence */
    {0, 341, 0.000000f}, /* reset */
    {0, 342, 0.000000f}, /* reseed */
    {0, 358, 0.000000f}, /* ear_half */
    {0, 359, 0.000000f}, /* ear_double */
    {0, 360, 0.000000f}, /* ear_downbeat */
    {0, 362, 0.000000f}, /* tap */
    {0, 376, 0.000000f}, /* panic */
    {1, 0, 0.000000f}, /* p2_stem */
    {1, 2, 1.000000f}, /* p2_enable */
    {1, 3, 0.000000f}, /* p2_bypass */
    {1, 4, 0.000000f}, /* p2_mute */
    {1, 8, 0.000000f}, /* p2_gain_out */
    {1, 14, 1.000000f}, /* p2_noise */
    {1, 31, 0.000000f}, /* p2_groove */
    {1, 342, 0.000000f}, /* p2_reseed */
    {2, 0, 0.000000f}, /* p3_stem */
    {2, 2, 1.000000f}, /* p3_enable */
    {2, 3, 0.000000f}, /* p3_bypass */
    {2, 4, 0.000000f}, /* p3_mute */
    {2, 8, 0.000000f}, /* p3_gain_out */
    {2, 14, 1.000000f}, /* p3_noise */
    {2, 31, 0.000000f}, /* p3_groove */
    {2, 342, 0.000000f}, /* p3_reseed */
    {3, 0, 0.000000f}, /* p4_stem */
    {3, 2, 1.000000f}, /* p4_enable */
    {3, 3, 0.000000f}, /* p4_bypass */
    {3, 4, 0.000000f}, /* p4_mute */
    {3, 8, 0.000000f}, /* p4_gain_out */
    {3, 14, 1.000000f}, /* p4_noise */
    {3, 31, 0.000000f}, /* p4_groove */
    {3, 342, 0.000000f}, /* p4_reseed */
    {4, 0, 0.000000f}, /* p5_stem */
    {4, 2, 1.000000f}, /* p5_enable */
    {4, 3, 0.000000f}, /* p5_bypass */
    {4, 4, 0.000000f}, /* p5_mute */
    {4, 8, 0.000000f}, /* p5_gain_out */
    {4, 14, 1.000000f}, /* p5_noise */
    {4, 31, 0.000000f}, /* p5_groove */
    {4, 342, 0.000000f}, /* p5_reseed */
    {5, 0, 0.000000f}, /* p6_stem */
    {5, 2, 1.000000f}, /* p6_enable */
    {5, 3, 0.000000f}, /* p6_bypass */
    {5, 4, 0.000000f}, /* p6_mute */
    {5, 8, 0.000000f}, /* p6_gain_out */
    {5, 14, 1.000000f}, /* p6_noise */
    {5, 31, 0.000000f}, /* p6_groove */
    {5, 342, 0.000000f}, /* p6_reseed */
    {6, 0, 0.000000f}, /* p7_stem */
    {6, 2, 1.000000f}, /* p7_enable */
    {6, 3, 0.000000f}, /* p7_bypass */
    {6, 4, 0.000000f}, /* p7_mute */
    {6, 8, 0.000000f}, /* p7_gain_out */
    {6, 14, 1.000000f}, /* p7_noise */
    {6, 31, 0.000000f}, /* p7_groove */
    {6, 342, 0.000000f}, /* p7_reseed */
    {7, 0, 0.000000f}, /* p8_stem */
    {7, 2, 1.000000f}, /* p8_enable */
    {7, 3, 0.000000f}, /* p8_bypass */
    {7, 4, 0.000000f}, /* p8_mute */
    {7, 8, 0.000000f}, /* p8_gain_out */
    {7, 14, 1.000000f}, /* p8_noise */
    {7, 31, 0.000000f}, /* p8_groove */
    {7, 342, 0.000000f}, /* p8_reseed */
};

#endif
