/* global.c - GlobalAlloc and LocalAlloc, one allocator under two names.
 *
 * A fixed block's handle is its address. A moveable block has a handle of its own, told apart by
 * bit 1, which no address of a block has; locking gives the address.
 */
#include <errhandlingapi.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <winbase.h>
#include <winerror.h>

#define MOVEABLE_BIT ((uintptr_t)2)
#define LOCKS_MAX    0xff

struct block {
    size_t size;
    struct moveable *handle; /* NULL for a fixed block */
};

struct moveable {
    struct block *block; /* NULL once discarded */
    UINT locks;
};

_Static_assert(sizeof(struct block) == 16, "blocks keep malloc's alignment");

static bool is_moveable(HGLOBAL handle)
{
    return ((uintptr_t)handle & MOVEABLE_BIT) != 0;
}

static struct moveable *moveable_of(HGLOBAL handle)
{
    return (struct moveable *)((uintptr_t)handle - MOVEABLE_BIT);
}

static HGLOBAL handle_of(struct moveable *moveable)
{
    return (HGLOBAL)((uintptr_t)moveable + MOVEABLE_BIT);
}

static struct block *block_of(HGLOBAL handle)
{
    return is_moveable(handle) ? moveable_of(handle)->block : (struct block *)handle - 1;
}

static void *fail(DWORD err)
{
    SetLastError(err);
    return NULL;
}

static struct block *block_new(size_t bytes, UINT flags, struct moveable *handle)
{
    size_t total = sizeof(struct block) + bytes;
    struct block *block = NULL;

    if (total > bytes)
        block = (flags & GMEM_ZEROINIT) ? calloc(1, total) : malloc(total);
    if (block)
        *block = (struct block){bytes, handle};
    return block;
}

HGLOBAL WINAPI GlobalAlloc(UINT flags, SIZE_T bytes)
{
    struct moveable *moveable;
    struct block *block;

    if (flags & ~(UINT)GMEM_VALID_FLAGS)
        return fail(ERROR_INVALID_PARAMETER);
    if (!(flags & GMEM_MOVEABLE)) {
        block = block_new(bytes, flags, NULL);
        return block ? block + 1 : fail(ERROR_NOT_ENOUGH_MEMORY);
    }
    moveable = calloc(1, sizeof(*moveable));
    if (!moveable)
        return fail(ERROR_NOT_ENOUGH_MEMORY);
    if (bytes == 0)
        return handle_of(moveable); /* born discarded */
    moveable->block = block_new(bytes, flags, moveable);
    if (moveable->block)
        return handle_of(moveable);
    free(moveable);
    return fail(ERROR_NOT_ENOUGH_MEMORY);
}

HGLOBAL WINAPI GlobalFree(HGLOBAL handle)
{
    struct moveable *moveable = handle && is_moveable(handle) ? moveable_of(handle) : NULL;

    if (handle)
        free(block_of(handle));
    free(moveable);
    return NULL;
}

/* Resize, moving if need be; the block's handle is set right. NULL when memory is out. */
static struct block *resize(struct block *block, size_t bytes, UINT flags, struct moveable *handle)
{
    size_t old = block ? block->size : 0;
    struct block *moved =
        bytes < SIZE_MAX - sizeof(*block) ? realloc(block, sizeof(*block) + bytes) : NULL;

    if (!moved)
        return NULL;
    *moved = (struct block){bytes, handle};
    if ((flags & GMEM_ZEROINIT) && bytes > old)
        memset((char *)(moved + 1) + old, 0, bytes - old);
    return moved;
}

static HGLOBAL resize_moveable(HGLOBAL handle, size_t bytes, UINT flags)
{
    struct moveable *moveable = moveable_of(handle);
    struct block *block;

    if (moveable->locks && !(flags & GMEM_MOVEABLE))
        return fail(ERROR_NOT_ENOUGH_MEMORY); /* may not move while somebody holds its address */
    if (bytes == 0) {
        if (moveable->locks)
            return fail(ERROR_INVALID_PARAMETER);
        free(moveable->block);
        moveable->block = NULL;
        return handle;
    }
    block = resize(moveable->block, bytes, flags, moveable);
    if (!block)
        return fail(ERROR_NOT_ENOUGH_MEMORY);
    moveable->block = block;
    return handle;
}

HGLOBAL WINAPI GlobalReAlloc(HGLOBAL handle, SIZE_T bytes, UINT flags)
{
    struct block *block;

    if (!handle)
        return fail(ERROR_INVALID_HANDLE);
    if (flags & GMEM_MODIFY)
        return is_moveable(handle) || !(flags & GMEM_MOVEABLE) ? handle
                                                               : fail(ERROR_INVALID_PARAMETER);
    if (is_moveable(handle))
        return resize_moveable(handle, bytes, flags);
    block = block_of(handle);
    if (!(flags & GMEM_MOVEABLE)) {
        if (bytes > block->size)
            return fail(ERROR_NOT_ENOUGH_MEMORY); /* a fixed block moves only if told so */
        block->size = bytes;
        return handle;
    }
    block = resize(block, bytes, flags, NULL);
    return block ? block + 1 : fail(ERROR_NOT_ENOUGH_MEMORY);
}

LPVOID WINAPI GlobalLock(HGLOBAL handle)
{
    struct moveable *moveable;

    if (!handle)
        return fail(ERROR_INVALID_HANDLE);
    if (!is_moveable(handle))
        return handle;
    moveable = moveable_of(handle);
    if (!moveable->block)
        return fail(ERROR_DISCARDED);
    if (__atomic_load_n(&moveable->locks, __ATOMIC_RELAXED) < LOCKS_MAX)
        __atomic_add_fetch(&moveable->locks, 1, __ATOMIC_ACQ_REL);
    return moveable->block + 1;
}

/* TRUE while it is still locked; FALSE with ERROR_SUCCESS when it no longer is. */
BOOL WINAPI GlobalUnlock(HGLOBAL handle)
{
    struct moveable *moveable;
    UINT left;

    if (!handle) {
        SetLastError(ERROR_INVALID_HANDLE);
        return FALSE;
    }
    if (!is_moveable(handle))
        return TRUE;
    moveable = moveable_of(handle);
    if (__atomic_load_n(&moveable->locks, __ATOMIC_RELAXED) == 0) {
        SetLastError(ERROR_NOT_LOCKED);
        return FALSE;
    }
    left = __atomic_sub_fetch(&moveable->locks, 1, __ATOMIC_ACQ_REL);
    SetLastError(ERROR_SUCCESS);
    return left != 0;
}

SIZE_T WINAPI GlobalSize(HGLOBAL handle)
{
    const struct block *block = handle ? block_of(handle) : NULL;

    if (!handle)
        SetLastError(ERROR_INVALID_HANDLE);
    return block ? block->size : 0;
}

UINT WINAPI GlobalFlags(HGLOBAL handle)
{
    if (!handle) {
        SetLastError(ERROR_INVALID_HANDLE);
        return GMEM_INVALID_HANDLE;
    }
    if (!is_moveable(handle))
        return 0;
    return moveable_of(handle)->locks | (moveable_of(handle)->block ? 0 : 0x4000 /* discarded */);
}

HGLOBAL WINAPI GlobalHandle(LPCVOID address)
{
    struct block *block;

    if (!address)
        return fail(ERROR_INVALID_HANDLE);
    block = (struct block *)(uintptr_t)address - 1;
    return block->handle ? handle_of(block->handle) : block + 1;
}

HLOCAL WINAPI LocalAlloc(UINT flags, SIZE_T bytes)
{
    return GlobalAlloc(flags, bytes);
}

HLOCAL WINAPI LocalReAlloc(HLOCAL block, SIZE_T bytes, UINT flags)
{
    return GlobalReAlloc(block, bytes, flags);
}

HLOCAL WINAPI LocalFree(HLOCAL block)
{
    return GlobalFree(block);
}

LPVOID WINAPI LocalLock(HLOCAL block)
{
    return GlobalLock(block);
}

BOOL WINAPI LocalUnlock(HLOCAL block)
{
    return GlobalUnlock(block);
}

SIZE_T WINAPI LocalSize(HLOCAL block)
{
    return GlobalSize(block);
}

HLOCAL WINAPI LocalHandle(LPCVOID address)
{
    return GlobalHandle(address);
}
