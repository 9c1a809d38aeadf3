/* api_transfer.c - WinHttpReceiveResponse, QueryDataAvailable, ReadData(Ex), WriteData and
 * CloseHandle: what moves bytes and knows no WCHAR.
 *
 * Asynchronous calls return TRUE; where something had to be waited for, reading calls say so with
 * the last error ERROR_IO_PENDING (fact 122). */
#include "winhttp/object.h"

#include <string.h>

/* What became of an operation. */
struct outcome {
    DWORD error;
    bool pending, async; /* pending: not told in-line */
};

static struct outcome operate(HINTERNET handle, struct wh_op *op)
{
    struct outcome outcome = {.error = ERROR_SUCCESS};
    struct wh_object *object = wh_handle_pin(handle, WH_KIND_REQUEST, &outcome.error);

    if (!object)
        return outcome;
    outcome.async = !((struct wh_request *)object)->x.sync;
    outcome.error = wh_request_operate((struct wh_request *)object, op, &outcome.pending);
    wh_handle_unpin(object);
    return outcome;
}

/* The last part of a call whose result is a count: written by synchronous calls only, because an
 * asynchronous application gets it in the callback, and its variable may be gone by then. */
static BOOL count_result(struct outcome outcome, const struct wh_op *op, LPDWORD count)
{
    DWORD value = (DWORD)op->moved;

    if (outcome.error)
        return wh_api_result(outcome.error);
    if (!outcome.async && count)
        memcpy(count, &value, sizeof(value)); /* it may lie in a packed structure */
    SetLastError(outcome.pending ? ERROR_IO_PENDING : ERROR_SUCCESS);
    return TRUE;
}

BOOL WINAPI WinHttpReceiveResponse(HINTERNET hRequest, LPVOID lpReserved)
{
    struct wh_op op = {.kind = WH_OP_RECEIVE};

    if (lpReserved)
        return wh_api_result(ERROR_INVALID_PARAMETER);
    return wh_api_result(operate(hRequest, &op).error);
}

BOOL WINAPI WinHttpQueryDataAvailable(HINTERNET hRequest, LPDWORD lpdwNumberOfBytesAvailable)
{
    struct wh_op op = {.kind = WH_OP_QUERY};

    return count_result(operate(hRequest, &op), &op, lpdwNumberOfBytesAvailable);
}

BOOL WINAPI WinHttpReadData(HINTERNET hRequest, LPVOID lpBuffer, DWORD dwNumberOfBytesToRead,
                            LPDWORD lpdwNumberOfBytesRead)
{
    /* WinHttpReadDataEx's reference says that it is like this function when it fills the buffer. */
    struct wh_op op = {
        .kind = WH_OP_READ, .buffer = lpBuffer, .len = dwNumberOfBytesToRead, .fill = true};

    if (!lpBuffer && dwNumberOfBytesToRead > 0)
        return wh_api_result(ERROR_INVALID_PARAMETER);
    return count_result(operate(hRequest, &op), &op, lpdwNumberOfBytesRead);
}

DWORD WINAPI WinHttpReadDataEx(HINTERNET hRequest, LPVOID lpBuffer, DWORD dwNumberOfBytesToRead,
                               LPDWORD lpdwNumberOfBytesRead, ULONGLONG ullFlags, DWORD cbProperty,
                               PVOID pvProperty)
{
    struct wh_op op = {.kind = WH_OP_READ,
                       .buffer = lpBuffer,
                       .len = dwNumberOfBytesToRead,
                       .fill = (ullFlags & WINHTTP_READ_DATA_EX_FLAG_FILL_BUFFER) != 0};
    struct outcome outcome;

    if ((!lpBuffer && dwNumberOfBytesToRead > 0) || cbProperty != 0 || pvProperty ||
        (ullFlags & ~(ULONGLONG)WINHTTP_READ_DATA_EX_FLAG_FILL_BUFFER))
        return ERROR_INVALID_PARAMETER;
    outcome = operate(hRequest, &op);
    count_result(outcome, &op, lpdwNumberOfBytesRead);
    return outcome.error;
}

BOOL WINAPI WinHttpWriteData(HINTERNET hRequest, LPCVOID lpBuffer, DWORD dwNumberOfBytesToWrite,
                             LPDWORD lpdwNumberOfBytesWritten)
{
    struct wh_op op = {
        .kind = WH_OP_WRITE, .buffer = (void *)(uintptr_t)lpBuffer, .len = dwNumberOfBytesToWrite};
    struct outcome outcome;

    if (!lpBuffer && dwNumberOfBytesToWrite > 0)
        return wh_api_result(ERROR_INVALID_PARAMETER);
    outcome = operate(hRequest, &op);
    outcome.pending = false; /* only reading calls say so */
    return count_result(outcome, &op, lpdwNumberOfBytesWritten);
}

BOOL WINAPI WinHttpCloseHandle(HINTERNET hInternet)
{
    DWORD error;

    return wh_api_result(wh_handle_close(hInternet, &error) ? ERROR_SUCCESS : error);
}
