/* Flushing of denormal numbers to zero on this thread: they can cost a hundred times more. */
#ifndef LB_DENORMALS_H
#define LB_DENORMALS_H

#include <stdint.h>

#if defined(__SSE2__)
#include <immintrin.h>
typedef uint32_t lb_float_mode;
static inline lb_float_mode lb_flush_denormals(void) {
    const lb_float_mode mode = _mm_getcsr();
    _mm_setcsr(mode | 0x8040u); /* flush to zero, denormals are zero */
    return mode;
}
static inline void lb_restore_float_mode(lb_float_mode mode) { _mm_setcsr(mode); }
#elif defined(__aarch64__)
typedef uint64_t lb_float_mode;
static inline void lb_restore_float_mode(lb_float_mode mode) {
    __asm__ volatile("msr fpcr, %0" : : "r"(mode));
}
static inline lb_float_mode lb_flush_denormals(void) {
    lb_float_mode mode;
    __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
    lb_restore_float_mode(mode | UINT64_C(0x1000000)); /* FZ */
    return mode;
}
#else
#error "say how this processor flushes denormals"
#endif

#endif
