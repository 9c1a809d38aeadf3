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

/* Overwrite, then free: for secrets. The compiler may not drop the overwrite. */
void wh_free_secret(void *memory, size_t size);

/* Test hook: asked before each allocation; false makes that one fail. NULL removes it. */
void wh_alloc_set_gate(bool (*gate)(size_t size));

#endif
