/* alloc.c - the one door to the heap; see alloc.h. */
#include "core/base/alloc.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef bool (*alloc_gate)(size_t);

static _Atomic(alloc_gate) current_gate;

static bool gate_allows(size_t size)
{
    alloc_gate gate = atomic_load_explicit(&current_gate, memory_order_relaxed);

    return !gate || gate(size);
}

void *wh_alloc(size_t size)
{
    return gate_allows(size) ? malloc(size ? size : 1) : NULL;
}

void *wh_calloc(size_t count, size_t size)
{
    return gate_allows(size) ? calloc(count ? count : 1, size ? size : 1) : NULL;
}

void *wh_realloc(void *old, size_t size)
{
    return gate_allows(size) ? realloc(old, size ? size : 1) : NULL;
}

char *wh_strndup(const char *text, size_t len)
{
    char *copy = len < SIZE_MAX ? wh_alloc(len + 1) : NULL;

    if (copy) {
        memcpy(copy, text, len);
        copy[len] = '\0';
    }
    return copy;
}

char *wh_strdup(const char *text)
{
    return wh_strndup(text, strlen(text));
}

void wh_free(void *memory)
{
    free(memory);
}

void wh_free_secret(void *memory, size_t size)
{
    if (memory) {
        memset(memory, 0, size);
        /* The compiler must believe that somebody still reads it. */
        __asm__ volatile("" : : "r"(memory) : "memory");
    }
    free(memory);
}

void wh_alloc_set_gate(bool (*gate)(size_t))
{
    atomic_store_explicit(&current_gate, gate, memory_order_relaxed);
}
