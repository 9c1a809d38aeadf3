/* low_memory.h - memory whose address is a small number.
 *
 * A format decides what its arguments are. Where the fuzzer writes the format, each argument must do
 * as all of them: the address of this memory is a pointer to a terminated text of any width, room for
 * any result, and, as an int, a width or a size that is not too much.
 */
#ifndef TEST_FUZZ_LOW_MEMORY_H
#define TEST_FUZZ_LOW_MEMORY_H

#include "fuzz.h"

#include <string.h>
#include <sys/mman.h>

#define LOW_ADDRESS ((uintptr_t)0x10000)
#define LOW_SIZE    ((size_t)LOW_ADDRESS * 8)

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE MAP_FIXED
#endif

/* The memory, cleared but for `text` at its start (at most half of it). */
static inline char *low_memory(const void *text, size_t len)
{
    static char *low;

    if (!low) {
        void *at = mmap((void *)LOW_ADDRESS, LOW_SIZE, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

        if (at != (void *)LOW_ADDRESS) {
            puts("this system keeps low addresses to itself");
            exit(77);
        }
        low = at;
    }
    memset(low, 0, 1024);
    memcpy(low, text, len < 512 ? len : 512);
    return low;
}

#endif
