/* Values of controls as text in a host's project.
 *
 * A line `PLAYER ROW MILLIONTHS` each, players counted from 0, and so without a decimal point,
 * which depends on the language of the host.
 */
#ifndef LBP_VALUES_TEXT_H
#define LBP_VALUES_TEXT_H

#include <stddef.h>
#include <stdint.h>

#define LBP_VALUE_CHARACTERS 48 /* that a line takes at most */

/* Add a line after `used` characters of `text`, which holds `size`. Returns the characters now. */
size_t lbp_put_value(char *text, size_t used, size_t size, uint32_t player, uint32_t row,
                     double value);
/* Give every value of a text, NULL for none, up to what is no value. */
void lbp_each_value(const char *text,
                    void (*take)(void *context, uint32_t player, uint32_t row, double value),
                    void *context);

#endif
