/* winhttp_options_kit.h - what the tests of options share: three handles without a network, and calls that
 * return their error. */
#ifndef TEST_UNIT_WINHTTP_OPTIONS_KIT_H
#define TEST_UNIT_WINHTTP_OPTIONS_KIT_H

#include <windows.h>
#include <winhttp.h>

#include "test.h"

struct handles {
    HINTERNET session, connection, request;
};

static inline struct handles handles_open_with(DWORD flags)
{
    struct handles h;

    h.session = WinHttpOpen(L"agent", 0, NULL, NULL, 0);
    CHECK(h.session);
    h.connection = WinHttpConnect(h.session, L"localhost", 8080, 0);
    CHECK(h.connection);
    h.request = WinHttpOpenRequest(h.connection, NULL, L"/a b?c", NULL, NULL, NULL, flags);
    CHECK(h.request);
    return h;
}

static inline struct handles handles_open(void)
{
    return handles_open_with(0);
}

static inline void handles_close(struct handles *h)
{
    CHECK(WinHttpCloseHandle(h->request));
    CHECK(WinHttpCloseHandle(h->connection));
    CHECK(WinHttpCloseHandle(h->session));
}

/* The error, 0 for success; the last error has to agree. */
static inline DWORD query(HINTERNET handle, DWORD option, void *buffer, DWORD *length)
{
    BOOL ok;

    SetLastError(0xdeadbeef);
    ok = WinHttpQueryOption(handle, option, buffer, length);
    CHECK_EQ(ok, GetLastError() == ERROR_SUCCESS);
    return GetLastError();
}

static inline DWORD set(HINTERNET handle, DWORD option, const void *buffer, DWORD length)
{
    BOOL ok;

    SetLastError(0xdeadbeef);
    ok = WinHttpSetOption(handle, option, (void *)(uintptr_t)buffer, length);
    CHECK_EQ(ok, GetLastError() == ERROR_SUCCESS);
    return GetLastError();
}

static inline DWORD set_dword(HINTERNET handle, DWORD option, DWORD value)
{
    return set(handle, option, &value, sizeof(value));
}

static inline DWORD get_dword(HINTERNET handle, DWORD option)
{
    DWORD value = 0xcccccccc, length = sizeof(value);

    CHECK_EQ(query(handle, option, &value, &length), ERROR_SUCCESS);
    CHECK_EQ(length, sizeof(value));
    return value;
}

static inline DWORD query_error(HINTERNET handle, DWORD option)
{
    char room[1024];
    DWORD length = sizeof(room);

    return query(handle, option, room, &length);
}

static inline DWORD set_timeouts(HINTERNET handle, int resolve, int connect, int send, int receive)
{
    BOOL ok;

    SetLastError(0xdeadbeef);
    ok = WinHttpSetTimeouts(handle, resolve, connect, send, receive);
    CHECK_EQ(ok, GetLastError() == ERROR_SUCCESS);
    return GetLastError();
}

#endif
