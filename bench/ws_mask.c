/* ws_mask.c - masking against memcpy, alone: GiB/s and their ratio.
 *
 *      ws_mask [ROUNDS]
 *
 * For each length: out of one buffer into another, as a frame is sent, and the copy of the same bytes
 * that cannot be avoided anyway; each called as a program calls it. Lengths come with tails (3 bytes more, one less than a word) because
 * that is what messages have. Each figure is the best of ROUNDS (25) short rounds, copy and mask in
 * turn: what else runs on the machine only ever makes a round slower. No timed test; exits 0.
 */
#include "core/ws/mask.h"
#include "core/ws/mask_ways.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LARGEST = 1 << 20, PER_ROUND = 16 << 20, MOST_CALLS = 400000 };

static uint8_t source[LARGEST + 128] __attribute__((aligned(64)));
static uint8_t target[LARGEST + 128] __attribute__((aligned(64)));

/* What is copied is wanted, and may be something else next time. */
#define USED() __asm__ volatile("" ::: "memory")

static double now(void)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + (double)at.tv_nsec * 1e-9;
}

__attribute__((noinline)) static double time_copy(size_t len, unsigned calls)
{
    double begun = now();

    for (unsigned i = 0; i < calls; i++) {
        memcpy(target, source, len);
        USED();
    }
    return now() - begun;
}

__attribute__((noinline)) static double time_mask(size_t len, unsigned calls)
{
    double begun = now();

    for (unsigned i = 0; i < calls; i++) {
        wh_ws_mask(target, source, len, 0x3d21fa37 + i);
        USED();
    }
    return now() - begun;
}

__attribute__((noinline)) static double time_words(size_t len, unsigned calls)
{
    double begun = now();

    for (unsigned i = 0; i < calls; i++) {
        wh_ws_mask_portable(target, source, len, 0x3d21fa37 + i);
        USED();
    }
    return now() - begun;
}

static double best(double have, double next)
{
    return have == 0 || next < have ? next : have;
}

static double rate(size_t len, unsigned calls, double seconds)
{
    return (double)len * calls / seconds / (1 << 30);
}

static void measure(size_t len, unsigned rounds)
{
    unsigned calls = (unsigned)(PER_ROUND / len < MOST_CALLS ? PER_ROUND / len : MOST_CALLS);
    double copied = 0, masked = 0, worded = 0;

    for (unsigned i = 0; i < rounds; i++) {
        copied = best(copied, time_copy(len, calls));
        masked = best(masked, time_mask(len, calls));
        worded = best(worded, time_words(len, calls));
    }
    printf("%8zu  %8.1f  %8.1f  %6.2f  %8.1f  %6.2f\n", len, rate(len, calls, copied),
           rate(len, calls, masked), copied / masked, rate(len, calls, worded), copied / worded);
}

int main(int argc, char **argv)
{
    static const size_t lengths[] = {16,        19,    64,        67,       125,  128,
                                     131,       512,   1024,      1024 + 7, 4096, 16384,
                                     16384 + 7, 65536, 65536 + 7, 1 << 20};
    unsigned rounds = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 25;

    memset(source, 0x5a, sizeof(source));
    memset(target, 1, sizeof(target));
    puts("   bytes    memcpy   masking   ratio     words   ratio     (GiB/s; ratio to memcpy)");
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
        measure(lengths[i], rounds ? rounds : 1);
    return 0;
}
