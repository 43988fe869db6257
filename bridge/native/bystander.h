/* A JACK client that does nothing but count its cycles: what a machine costs any client. */
#ifndef LB_BYSTANDER_H
#define LB_BYSTANDER_H

#include <stdint.h>

/* cdef begin */
typedef struct lb_bystander lb_bystander;

typedef struct {
    uint64_t cycles, xruns;
} lb_bystander_counts; /* of one writer each, and whole whenever they are read */

/* Open a client without ports on a server that runs, and count in `counts`, which may be
 * shared with other processes and must stay until it is closed. NULL on failure, with the
 * name of the function that failed in *failed. */
lb_bystander *lb_bystander_open(const char *library, const char *server, const char *name,
                                lb_bystander_counts *counts, const char **failed);
void lb_bystander_close(lb_bystander *bystander);
/* cdef end */

#endif
