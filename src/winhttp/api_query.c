/* api_query.c - WinHttpQueryHeaders and WinHttpQueryHeadersEx: pointers checked, names narrowed;
 * query.h answers. Compiled for both widths; caller's pointers of any alignment. Any thread. */
#include "core/base/alloc.h"
#include "winhttp/query.h"
#include "winhttp/wide.h"

#include <string.h>

#define NAME_INLINE 128

/* A header's name as UTF-8, usually without an allocation. */
struct name {
    struct wh_str text; /* data NULL: none given */
    char *heap;
    char few[NAME_INLINE];
};

/* What is no character becomes one that is in no header's name, so that the name is just absent. */
static DWORD name_narrow(struct name *name, LPCWSTR wide)
{
    size_t units = wide ? wh_wide_len(wide, WH_THIS_UNIT) : 0;
    size_t size = 0;
    char *at = name->few;

    name->heap = NULL;
    name->text = (struct wh_str){NULL, 0};
    if (!wide)
        return ERROR_SUCCESS;
    if (wh_narrow_size(wide, units, WH_THIS_UNIT, WH_NARROW_LENIENT, &size))
        return ERROR_INVALID_PARAMETER;
    if (size > sizeof(name->few)) {
        at = name->heap = wh_alloc(size);
        if (!at)
            return ERROR_NOT_ENOUGH_MEMORY;
    }
    name->text = (struct wh_str){at, wh_narrow_put(at, wide, units, WH_THIS_UNIT)};
    return ERROR_SUCCESS;
}

static unsigned unit_of(DWORD level)
{
    return level & WINHTTP_QUERY_FLAG_WIRE_ENCODING ? WH_WIRE_UNIT : WH_THIS_UNIT;
}

static bool is_custom(DWORD level)
{
    return (level & ~(DWORD)WH_QUERY_MODIFIERS) == WINHTTP_QUERY_CUSTOM;
}

/* The caller's DWORDs: read before, written after, with a copy in between. */
static DWORD fetch(const DWORD *from)
{
    DWORD value = 0;

    if (from)
        memcpy(&value, from, sizeof(value));
    return value;
}

static void store(DWORD *to, DWORD value)
{
    if (to)
        memcpy(to, &value, sizeof(value));
}

static void store_outcome(DWORD error, DWORD *len, DWORD bytes, DWORD *index, DWORD next)
{
    if (!error || error == ERROR_INSUFFICIENT_BUFFER)
        store(len, bytes);
    if (!error)
        store(index, next);
}

static DWORD query(struct wh_request *request, DWORD level, LPCWSTR wide_name, void *buffer,
                   DWORD *len, DWORD *index)
{
    struct wh_query query = {.level = level, .unit = unit_of(level)};
    struct wh_answer answer = {buffer, fetch(len)};
    DWORD next = fetch(index);
    struct name name;
    DWORD error;

    if (!len)
        return ERROR_INVALID_PARAMETER;
    error = name_narrow(&name, is_custom(level) ? wide_name : NULL);
    if (error)
        return error;
    query.name = name.text;
    error = wh_query_headers(request, &query, &answer, &next);
    wh_free(name.heap);
    store_outcome(error, len, answer.bytes, index, next);
    return error;
}

BOOL WINAPI WinHttpQueryHeaders(HINTERNET hRequest, DWORD dwInfoLevel, LPCWSTR pwszName,
                                LPVOID lpBuffer, LPDWORD lpdwBufferLength, LPDWORD lpdwIndex)
{
    DWORD error;
    struct wh_object *object = wh_handle_pin(hRequest, WH_KIND_REQUEST, &error);

    if (!object)
        return wh_api_result(error);
    error = query((struct wh_request *)object, dwInfoLevel, pwszName, lpBuffer, lpdwBufferLength,
                  lpdwIndex);
    wh_handle_unpin(object);
    return wh_api_result(error);
}

struct table_out {
    DWORD *len, *index, *count;
    PWINHTTP_EXTENDED_HEADER *table;
};

static DWORD query_table(struct wh_request *request, DWORD level, const WINHTTP_HEADER_NAME *wanted,
                         void *buffer, const struct table_out *out)
{
    struct wh_query query = {.level = level, .unit = unit_of(level)};
    struct wh_answer answer = {buffer, fetch(out->len)};
    WINHTTP_HEADER_NAME given = {NULL};
    WINHTTP_EXTENDED_HEADER *table = NULL;
    DWORD next = fetch(out->index);
    DWORD count = 0;
    struct name name;
    DWORD error;

    if (wanted && is_custom(level))
        memcpy(&given, wanted, sizeof(given));
    error = name_narrow(&name, query.unit == WH_WIRE_UNIT ? NULL : given.pwszName);
    if (error)
        return error;
    query.name = name.text;
    if (query.unit == WH_WIRE_UNIT && given.pszName)
        query.name = (struct wh_str){given.pszName, strlen(given.pszName)};
    error = wh_query_header_table(request, &query, &answer, &next, &table, &count);
    wh_free(name.heap);
    store_outcome(error, out->len, answer.bytes, out->index, next);
    if (error)
        return error;
    if (out->table)
        memcpy(out->table, &table, sizeof(table));
    store(out->count, count);
    return ERROR_SUCCESS;
}

/* uiCodePage is not looked at, as the reference says: bytes that are not ASCII are UTF-8 if they can
 * be, and Latin-1 otherwise. */
DWORD WINAPI WinHttpQueryHeadersEx(HINTERNET hRequest, DWORD dwInfoLevel, ULONGLONG ullFlags,
                                   UINT uiCodePage, PDWORD pdwIndex,
                                   PWINHTTP_HEADER_NAME pHeaderName, PVOID pBuffer,
                                   PDWORD pdwBufferLength, PWINHTTP_EXTENDED_HEADER *ppHeaders,
                                   PDWORD pdwHeadersCount)
{
    struct table_out out = {pdwBufferLength, pdwIndex, pdwHeadersCount, ppHeaders};
    DWORD error;
    struct wh_object *object = wh_handle_pin(hRequest, WH_KIND_REQUEST, &error);

    (void)uiCodePage;
    if (!object)
        return error;
    error = ERROR_INVALID_PARAMETER;
    if (pdwBufferLength && pdwHeadersCount && !ullFlags)
        error = query_table((struct wh_request *)object, dwInfoLevel, pHeaderName, pBuffer, &out);
    wh_handle_unpin(object);
    return error;
}
