/* count_allocations.c - preloaded into a program, counts its allocations in a file that others read.
 *
 * BENCH_COUNTS names a file of two 64-bit numbers: calls of malloc, calloc, realloc and their kin
 * so far, and usable bytes alive now. It is mapped, so it can be read while the program waits.
 * glibc only: it wraps the __libc_ names.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *old);

#define EXPORTED __attribute__((visibility("default")))

struct counts {
    _Atomic int64_t calls;
    _Atomic int64_t alive;
};

static struct counts unmapped;
static struct counts *counts = &unmapped;

__attribute__((constructor)) static void map_counts(void)
{
    const char *path = getenv("BENCH_COUNTS");
    int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    struct counts *mapped;

    if (fd < 0)
        return;
    mapped = mmap(NULL, sizeof(*mapped), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (mapped == MAP_FAILED)
        return;
    atomic_store(&mapped->calls, atomic_load(&unmapped.calls));
    atomic_store(&mapped->alive, atomic_load(&unmapped.alive));
    counts = mapped;
}

static void *count(void *block)
{
    atomic_fetch_add(&counts->calls, 1);
    if (block)
        atomic_fetch_add(&counts->alive, (int64_t)malloc_usable_size(block));
    return block;
}

EXPORTED void *malloc(size_t size)
{
    return count(__libc_malloc(size));
}

EXPORTED void *calloc(size_t number, size_t size)
{
    return count(__libc_calloc(number, size));
}

EXPORTED void *realloc(void *old, size_t size)
{
    int64_t before = old ? (int64_t)malloc_usable_size(old) : 0;
    void *block = __libc_realloc(old, size);

    if (block || size == 0) /* otherwise the old block lives on */
        atomic_fetch_sub(&counts->alive, before);
    return count(block);
}

EXPORTED void *memalign(size_t alignment, size_t size)
{
    return count(__libc_memalign(alignment, size));
}

EXPORTED void *aligned_alloc(size_t alignment, size_t size)
{
    return count(__libc_memalign(alignment, size));
}

EXPORTED int posix_memalign(void **out, size_t alignment, size_t size)
{
    void *block = count(__libc_memalign(alignment, size));

    if (!block)
        return ENOMEM;
    *out = block;
    return 0;
}

EXPORTED void free(void *old)
{
    if (old)
        atomic_fetch_sub(&counts->alive, (int64_t)malloc_usable_size(old));
    __libc_free(old);
}
