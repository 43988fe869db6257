/* The program that a plugin starts as its control process. */
#ifndef LBP_PROGRAM_H
#define LBP_PROGRAM_H

/* Words of the command that starts `liveband`, ended by NULL: what LIVEBAND_PROGRAM names, else
 * the lines of the file `program` in the plugin's folder, else `liveband` of the search path.
 * NULL without memory. */
char **lbp_program_read(const char *folder);
void lbp_program_free(char **program);

#endif
