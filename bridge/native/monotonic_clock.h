/* Times of the monotonic clock, read without entering the kernel. */
#ifndef LB_MONOTONIC_CLOCK_H
#define LB_MONOTONIC_CLOCK_H

#include <stdbool.h>
#include <time.h>

static inline struct timespec lb_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now;
}

static inline struct timespec lb_later(struct timespec moment, double seconds) {
    moment.tv_nsec += (long)(seconds * 1e9);
    moment.tv_sec += moment.tv_nsec / 1000000000L;
    moment.tv_nsec %= 1000000000L;
    return moment;
}

static inline bool lb_is_after(struct timespec moment, struct timespec other) {
    if (moment.tv_sec != other.tv_sec) return moment.tv_sec > other.tv_sec;
    return moment.tv_nsec > other.tv_nsec;
}

static inline float lb_us_between(struct timespec began, struct timespec ended) {
    return (float)(ended.tv_sec - began.tv_sec) * 1e6f
           + (float)(ended.tv_nsec - began.tv_nsec) * 1e-3f;
}

#endif
