/* api_transfer.c - WinHttpReceiveResponse, QueryDataAvailable, ReadData(Ex), WriteData and
 * CloseHandle: what moves bytes and knows no WCHAR.
 *
 * Asynchronous calls return TRUE; where something had to be waited for, reading calls say so with
 * the last error ERROR_IO_PENDING (fact 122). */
#include "winhttp/object.h"

#include <string.h>

/* Run one operation on a request handle; *number and *pending as wh_request_operate(). */
static DWORD operate(HINTERNET handle, const struct wh_op *op, uint64_t *number, bool *pending,
                     bool *async)
{
    DWORD error;
    struct wh_object *object = wh_handle_pin(handle, WH_KIND_REQUEST, &error);

    *number = 0;
    *pending = *async = false;
    if (!object)
        return error;
    *async = !((struct wh_request *)object)->x.sync;
    error = wh_request_operate((struct wh_request *)object, op, number, pending);
    wh_handle_unpin(object);
    return error;
}

/* The last part of a call whose result is a count: written by synchronous calls only, because an
 * asynchronous application gets it in the callback, and its variable may be gone by then. */
static BOOL count_result(DWORD error, uint64_t number, bool pending, bool async, LPDWORD count)
{
    DWORD value = (DWORD)number;

    if (!error && !async && count)
        memcpy(count, &value, sizeof(value)); /* it may lie in a packed structure */
    if (error)
        return wh_api_result(error);
    SetLastError(pending ? ERROR_IO_PENDING : ERROR_SUCCESS);
    return TRUE;
}

BOOL WINAPI WinHttpReceiveResponse(HINTERNET hRequest, LPVOID lpReserved)
{
    struct wh_op op = {.kind = WH_OP_RECEIVE};
    uint64_t number;
    bool pending, async;

    if (lpReserved)
        return wh_api_result(ERROR_INVALID_PARAMETER);
    return wh_api_result(operate(hRequest, &op, &number, &pending, &async));
}

BOOL WINAPI WinHttpQueryDataAvailable(HINTERNET hRequest, LPDWORD lpdwNumberOfBytesAvailable)
{
    struct wh_op op = {.kind = WH_OP_QUERY};
    uint64_t number;
    bool pending, async;
    DWORD error = operate(hRequest, &op, &number, &pending, &async);

    return count_result(error, number, pending, async, lpdwNumberOfBytesAvailable);
}

BOOL WINAPI WinHttpReadData(HINTERNET hRequest, LPVOID lpBuffer, DWORD dwNumberOfBytesToRead,
                            LPDWORD lpdwNumberOfBytesRead)
{
    /* WinHttpReadDataEx's reference says that it is like this function when it fills the buffer. */
    struct wh_op op = {
        .kind = WH_OP_READ, .buffer = lpBuffer, .len = dwNumberOfBytesToRead, .fill = true};
    uint64_t number;
    bool pending, async;
    DWORD error;

    if (!lpBuffer && dwNumberOfBytesToRead > 0)
        return wh_api_result(ERROR_INVALID_PARAMETER);
    error = operate(hRequest, &op, &number, &pending, &async);
    return count_result(error, number, pending, async, lpdwNumberOfBytesRead);
}

DWORD WINAPI WinHttpReadDataEx(HINTERNET hRequest, LPVOID lpBuffer, DWORD dwNumberOfBytesToRead,
                               LPDWORD lpdwNumberOfBytesRead, ULONGLONG ullFlags, DWORD cbProperty,
                               PVOID pvProperty)
{
    struct wh_op op = {.kind = WH_OP_READ,
                       .buffer = lpBuffer,
                       .len = dwNumberOfBytesToRead,
                       .fill = (ullFlags & WINHTTP_READ_DATA_EX_FLAG_FILL_BUFFER) != 0};
    uint64_t number;
    bool pending, async;
    DWORD error;

    if ((!lpBuffer && dwNumberOfBytesToRead > 0) || cbProperty != 0 || pvProperty ||
        (ullFlags & ~(ULONGLONG)WINHTTP_READ_DATA_EX_FLAG_FILL_BUFFER))
        return ERROR_INVALID_PARAMETER;
    error = operate(hRequest, &op, &number, &pending, &async);
    count_result(error, number, pending, async, lpdwNumberOfBytesRead);
    return error;
}

BOOL WINAPI WinHttpWriteData(HINTERNET hRequest, LPCVOID lpBuffer, DWORD dwNumberOfBytesToWrite,
                             LPDWORD lpdwNumberOfBytesWritten)
{
    struct wh_op op = {
        .kind = WH_OP_WRITE, .buffer = (void *)(uintptr_t)lpBuffer, .len = dwNumberOfBytesToWrite};
    uint64_t number;
    bool pending, async;
    DWORD error;

    if (!lpBuffer && dwNumberOfBytesToWrite > 0)
        return wh_api_result(ERROR_INVALID_PARAMETER);
    error = operate(hRequest, &op, &number, &pending, &async);
    return count_result(error, number, false, async, lpdwNumberOfBytesWritten);
}

BOOL WINAPI WinHttpCloseHandle(HINTERNET hInternet)
{
    DWORD error;

    return wh_api_result(wh_handle_close(hInternet, &error) ? ERROR_SUCCESS : error);
}
