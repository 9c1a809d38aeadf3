/* heap.c - HeapAlloc and its family, and the COM task allocator.
 *
 * Every block carries its owner and its size, so that HeapSize is exact and a block of another
 * heap is refused. Blocks of a created heap are also linked, and go when it goes:
 *
 *      [ next  prev ]  owner  size  | the application's bytes
 *      created heaps   every block
 */
#include <errhandlingapi.h>
#include <heapapi.h>
#include <objbase.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <winerror.h>

struct links {
    struct links *next, *prev;
};

struct head {
    struct heap *owner;
    size_t size;
};

struct heap {
    pthread_mutex_t lock;
    struct links blocks; /* circular */
    size_t used, limit;  /* limit 0: none */
    struct heap *next;
};

_Static_assert(sizeof(struct head) % 16 == 0 && sizeof(struct links) % 16 == 0, "alignment");

static struct heap process_heap;
static struct heap *created;
static pthread_mutex_t created_lock = PTHREAD_MUTEX_INITIALIZER;

static struct head *head_of(LPCVOID block)
{
    return (struct head *)(uintptr_t)block - 1;
}

static struct links *links_of(struct head *head)
{
    return (struct links *)head - 1;
}

/* A heap is a name until it is found among those that exist. */
static struct heap *find(HANDLE handle)
{
    struct heap *heap;

    if (handle == (HANDLE)&process_heap)
        return &process_heap;
    pthread_mutex_lock(&created_lock);
    for (heap = created; heap && (HANDLE)heap != handle;)
        heap = heap->next;
    pthread_mutex_unlock(&created_lock);
    if (!heap)
        SetLastError(ERROR_INVALID_HANDLE);
    return heap;
}

static void *out_of_memory(DWORD flags)
{
    if (flags & HEAP_GENERATE_EXCEPTIONS)
        abort(); /* what an unhandled STATUS_NO_MEMORY does to a process */
    SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    return NULL;
}

HANDLE WINAPI GetProcessHeap(void)
{
    return (HANDLE)&process_heap;
}

HANDLE WINAPI HeapCreate(DWORD options, SIZE_T initial, SIZE_T maximum)
{
    struct heap *heap = NULL;

    if (options & HEAP_CREATE_ENABLE_EXECUTE) {
        SetLastError(ERROR_NOT_SUPPORTED);
        return NULL;
    }
    if (maximum && initial > maximum)
        SetLastError(ERROR_INVALID_PARAMETER);
    else if (!(heap = calloc(1, sizeof(*heap))))
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    if (!heap)
        return NULL;
    pthread_mutex_init(&heap->lock, NULL);
    heap->blocks.next = heap->blocks.prev = &heap->blocks;
    heap->limit = maximum;
    pthread_mutex_lock(&created_lock);
    heap->next = created;
    created = heap;
    pthread_mutex_unlock(&created_lock);
    return (HANDLE)heap;
}

static bool forget(struct heap *heap)
{
    struct heap **at = &created;
    bool found;

    pthread_mutex_lock(&created_lock);
    while (*at && *at != heap)
        at = &(*at)->next;
    found = *at != NULL;
    if (found)
        *at = heap->next;
    pthread_mutex_unlock(&created_lock);
    return found;
}

/* The process heap stays. */
BOOL WINAPI HeapDestroy(HANDLE handle)
{
    struct heap *heap = handle == (HANDLE)&process_heap ? NULL : find(handle);

    if (!heap || !forget(heap)) {
        SetLastError(ERROR_INVALID_HANDLE);
        return FALSE;
    }
    while (heap->blocks.next != &heap->blocks) {
        struct links *links = heap->blocks.next;

        heap->blocks.next = links->next;
        free(links);
    }
    pthread_mutex_destroy(&heap->lock);
    free(heap);
    return TRUE;
}

static void *alloc_from_process(size_t bytes, bool zero)
{
    size_t total = sizeof(struct head) + bytes;
    struct head *head = zero ? calloc(1, total) : malloc(total);

    if (!head)
        return NULL;
    *head = (struct head){&process_heap, bytes};
    return head + 1;
}

static void *alloc_from_created(struct heap *heap, size_t bytes, bool zero)
{
    size_t total = sizeof(struct links) + sizeof(struct head) + bytes;
    struct links *links = NULL;
    struct head *head;

    pthread_mutex_lock(&heap->lock);
    if (!heap->limit || (bytes <= heap->limit && heap->used <= heap->limit - bytes))
        links = zero ? calloc(1, total) : malloc(total);
    if (links) {
        *links = (struct links){heap->blocks.next, &heap->blocks};
        links->next->prev = links;
        heap->blocks.next = links;
        heap->used += bytes;
    }
    pthread_mutex_unlock(&heap->lock);
    if (!links)
        return NULL;
    head = (struct head *)(links + 1);
    *head = (struct head){heap, bytes};
    return head + 1;
}

LPVOID WINAPI HeapAlloc(HANDLE handle, DWORD flags, SIZE_T bytes)
{
    struct heap *heap = find(handle);
    bool zero = (flags & HEAP_ZERO_MEMORY) != 0;
    void *block = NULL;

    if (!heap)
        return NULL;
    if (bytes < SIZE_MAX / 2)
        block = heap == &process_heap ? alloc_from_process(bytes, zero)
                                      : alloc_from_created(heap, bytes, zero);
    return block ? block : out_of_memory(flags);
}

/* Is `block` one of `heap`'s? */
static bool owns(const struct heap *heap, LPCVOID block)
{
    bool mine = block && head_of(block)->owner == heap;

    if (!mine)
        SetLastError(ERROR_INVALID_PARAMETER);
    return mine;
}

static void release(struct heap *heap, LPVOID block)
{
    struct head *head = head_of(block);

    if (heap == &process_heap) {
        head->owner = NULL;
        free(head);
        return;
    }
    pthread_mutex_lock(&heap->lock);
    links_of(head)->prev->next = links_of(head)->next;
    links_of(head)->next->prev = links_of(head)->prev;
    heap->used -= head->size;
    pthread_mutex_unlock(&heap->lock);
    head->owner = NULL;
    free(links_of(head));
}

BOOL WINAPI HeapFree(HANDLE handle, DWORD flags, LPVOID block)
{
    struct heap *heap = find(handle);

    (void)flags;
    if (!heap || (block && !owns(heap, block)))
        return FALSE;
    if (block)
        release(heap, block);
    return TRUE;
}

/* Without HEAP_ZERO_MEMORY what is beyond the old size is undefined. */
LPVOID WINAPI HeapReAlloc(HANDLE handle, DWORD flags, LPVOID block, SIZE_T bytes)
{
    struct heap *heap = find(handle);
    size_t old;
    void *moved;

    if (!heap || !owns(heap, block))
        return NULL;
    old = head_of(block)->size;
    if (bytes == old)
        return block;
    if (flags & HEAP_REALLOC_IN_PLACE_ONLY)
        return out_of_memory(flags);
    moved = HeapAlloc(handle, flags, bytes);
    if (!moved)
        return NULL;
    memcpy(moved, block, old < bytes ? old : bytes);
    release(heap, block);
    return moved;
}

SIZE_T WINAPI HeapSize(HANDLE handle, DWORD flags, LPCVOID block)
{
    struct heap *heap = find(handle);

    (void)flags;
    return heap && owns(heap, block) ? head_of(block)->size : (SIZE_T)-1;
}

LPVOID WINAPI CoTaskMemAlloc(SIZE_T bytes)
{
    return HeapAlloc(GetProcessHeap(), 0, bytes);
}

LPVOID WINAPI CoTaskMemRealloc(LPVOID block, SIZE_T bytes)
{
    if (!block)
        return CoTaskMemAlloc(bytes);
    if (bytes)
        return HeapReAlloc(GetProcessHeap(), 0, block, bytes);
    CoTaskMemFree(block);
    return NULL;
}

void WINAPI CoTaskMemFree(LPVOID block)
{
    HeapFree(GetProcessHeap(), 0, block);
}
