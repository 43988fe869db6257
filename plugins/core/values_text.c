/* Values of controls as text; see values_text.h. */
#include "values_text.h"

#include <math.h>
#include <stdio.h>

#define MILLION 1e6

size_t lbp_put_value(char *text, size_t used, size_t size, uint32_t player, uint32_t row,
                     double value) {
    const int more = snprintf(text + used, size - used, "%u %u %lld\n", player, row,
                              llrint(value * MILLION));
    return more > 0 && (size_t)more < size - used ? used + (size_t)more : used;
}

void lbp_each_value(const char *text,
                    void (*take)(void *context, uint32_t player, uint32_t row, double value),
                    void *context) {
    unsigned player, row;
    long long millionths;
    int length;
    while (text != NULL
           && sscanf(text, "%u %u %lld%n", &player, &row, &millionths, &length) == 3) {
        take(context, player, row, (double)millionths / MILLION);
        text += length;
    }
}
