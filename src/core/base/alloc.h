/* alloc.h - the one door to the heap.
 *
 * Tests count allocations and make the n-th one fail; every allocation of the engine comes through
 * here so that they can. Any thread. All return NULL when memory is out; nothing here aborts.
 */
#ifndef WH_CORE_BASE_ALLOC_H
#define WH_CORE_BASE_ALLOC_H

#include <stdbool.h>
#include <stddef.h>

void *wh_alloc(size_t size);                /* not cleared */
void *wh_calloc(size_t count, size_t size); /* cleared; checks for overflow */
void *wh_realloc(void *old, size_t size);   /* `old` stays valid on failure */
char *wh_strndup(const char *text, size_t len);
char *wh_strdup(const char *text);
void wh_free(void *memory); /* NULL is fine */

/* For blocks that are given back a moment before the next of the same size is wanted: a request, the
 * buffer of its response. Each thread keeps the last few, so that the next user finds them in the
 * cache; the heap would wander through memory. Not cleared, not for secrets. Builds with a sanitizer
 * keep none, so that nothing hides from it. */
void *wh_alloc_warm(size_t size);
void wh_free_warm(void *memory, size_t size); /* NULL is fine; any block of wh_alloc() will do */

/* Overwrite, then free: for secrets. The compiler may not drop the overwrite. */
void wh_free_secret(void *memory, size_t size);

/* Test hook: asked before each allocation; false makes that one fail. NULL removes it. */
void wh_alloc_set_gate(bool (*gate)(size_t size));

#endif
