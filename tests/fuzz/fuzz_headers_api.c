/* fuzz_headers_api.c - request headers through the functions, in the width of this program.
 *
 * Blocks apart by NUL, each preceded by a byte that says how it is added. What comes out are lines
 * that mean one header each: given to a fresh request, they come out the same.
 */
#include "fuzz.h"

#include <windows.h>
#include <winhttp.h>

#include <stdbool.h>
#include <string.h>

enum { BLOCK_MAX = 512, ROOM = 1 << 16 };

static DWORD modifiers_of(unsigned how)
{
    static const DWORD flags[] = {
        WINHTTP_ADDREQ_FLAG_ADD, WINHTTP_ADDREQ_FLAG_ADD_IF_NEW, WINHTTP_ADDREQ_FLAG_REPLACE,
        WINHTTP_ADDREQ_FLAG_COALESCE_WITH_COMMA, WINHTTP_ADDREQ_FLAG_COALESCE_WITH_SEMICOLON};
    DWORD modifiers = 0;

    for (unsigned i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
        modifiers |= how >> i & 1 ? flags[i] : 0;
    return modifiers;
}

static WCHAR *widen(const uint8_t *text, size_t len)
{
    WCHAR *wide = malloc((len + 1) * sizeof(WCHAR));

    FUZZ_CHECK(wide);
    for (size_t i = 0; i < len; i++)
        wide[i] = text[i] < 0xf0 ? text[i] : (WCHAR)(0xd7fe + (text[i] - 0xf0) * 0x100);
    wide[len] = 0;
    return wide;
}

static char *terminated(const uint8_t *text, size_t len)
{
    char *copy = malloc(len + 1);

    FUZZ_CHECK(copy);
    memcpy(copy, text, len);
    copy[len] = '\0';
    return copy;
}

/* The block as one name and one value, apart at the first '='. */
static void add_apart(HINTERNET request, const uint8_t *block, size_t len, DWORD modifiers,
                      bool is_wide)
{
    const uint8_t *equals = len ? memchr(block, '=', len) : NULL;
    size_t name_len = equals ? (size_t)(equals - block) : len;
    size_t value_len = equals ? len - name_len - 1 : 0;
    WINHTTP_EXTENDED_HEADER header = {0};
    char *name = terminated(block, name_len);
    char *value = terminated(block + len - value_len, value_len);
    WCHAR *wide_name = widen(block, name_len);
    WCHAR *wide_value = widen(block + len - value_len, value_len);

    if (is_wide) {
        header.pwszName = wide_name;
        header.pwszValue = wide_value;
    } else {
        header.pszName = name;
        header.pszValue = value;
    }
    WinHttpAddRequestHeadersEx(request, modifiers,
                               is_wide ? WINHTTP_EXTENDED_HEADER_FLAG_UNICODE : 0, 0, 1, &header);
    free(name);
    free(value);
    free(wide_name);
    free(wide_value);
}

static void add(HINTERNET request, unsigned how, const uint8_t *block, size_t len)
{
    if (how & 0x40) {
        add_apart(request, block, len, modifiers_of(how), how & 0x80);
        return;
    }
    WCHAR *wide = widen(block, len);
    BOOL added = WinHttpAddRequestHeaders(request, wide, how & 0x80 ? (DWORD)-1 : (DWORD)len,
                                          modifiers_of(how));

    FUZZ_CHECK(added || GetLastError() != ERROR_SUCCESS);
    free(wide);
}

/* All header lines, in a block of their exact size; *units without the NUL. */
static WCHAR *lines_of(HINTERNET request, DWORD *units)
{
    DWORD size = 0, got;
    WCHAR *lines;

    FUZZ_CHECK(!WinHttpQueryHeaders(
        request, WINHTTP_QUERY_RAW_HEADERS_CRLF | WINHTTP_QUERY_FLAG_REQUEST_HEADERS, NULL, NULL,
        &size, NULL));
    FUZZ_CHECK(GetLastError() == ERROR_INSUFFICIENT_BUFFER && size % sizeof(WCHAR) == 0);
    lines = malloc(size);
    got = size;
    FUZZ_CHECK(WinHttpQueryHeaders(
        request, WINHTTP_QUERY_RAW_HEADERS_CRLF | WINHTTP_QUERY_FLAG_REQUEST_HEADERS, NULL, lines,
        &got, NULL));
    FUZZ_CHECK(got == size - sizeof(WCHAR) && lines[got / sizeof(WCHAR)] == 0);
    *units = got / (DWORD)sizeof(WCHAR);
    return lines;
}

/* Behind the request line. */
static const WCHAR *fields(const WCHAR *lines)
{
    while (*lines && *lines != '\n')
        lines++;
    return *lines ? lines + 1 : lines;
}

static void check_lines(const WCHAR *lines, DWORD units)
{
    for (DWORD i = 0; i < units; i++) {
        FUZZ_CHECK(lines[i] != 0);
        FUZZ_CHECK(lines[i] != '\r' || lines[i + 1] == '\n');
        FUZZ_CHECK(lines[i] != '\n' || (i > 0 && lines[i - 1] == '\r'));
    }
}

static HINTERNET open_request(void)
{
    static HINTERNET connection;
    HINTERNET request;

    if (!connection) {
        HINTERNET session = WinHttpOpen(NULL, WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL, 0);

        connection = WinHttpConnect(session, L"fuzz", 80, 0);
    }
    request = WinHttpOpenRequest(connection, NULL, L"/", NULL, NULL, NULL, 0);
    FUZZ_CHECK(request);
    return request;
}

static void check_again(const WCHAR *lines, DWORD units)
{
    HINTERNET request = open_request();
    const WCHAR *from = fields(lines);
    DWORD len = units - (DWORD)(from - lines), units_again;
    WCHAR *again;

    while (len >= 2 && from[len - 1] == '\n' && from[len - 2] == '\r')
        len -= 2;
    if (len)
        FUZZ_CHECK(WinHttpAddRequestHeaders(request, from, len, WINHTTP_ADDREQ_FLAG_ADD));
    again = lines_of(request, &units_again);
    FUZZ_CHECK(units_again == units && memcmp(again, lines, units * sizeof(WCHAR)) == 0);
    free(again);
    FUZZ_CHECK(WinHttpCloseHandle(request));
}

/* Any query at all: it fails, or stays within the buffer. */
static void check_query(HINTERNET request, DWORD level, unsigned room, const uint8_t *name,
                        size_t name_len)
{
    DWORD size = room, index = level >> 4 & 3;
    uint8_t *buffer = malloc(room ? room : 1);
    WCHAR *wide = widen(name, name_len < 32 ? name_len : 32);

    if (WinHttpQueryHeaders(request, WINHTTP_QUERY_CUSTOM | WINHTTP_QUERY_FLAG_REQUEST_HEADERS,
                            wide, buffer, &size, &index))
        FUZZ_CHECK(size < room);
    size = room;
    if (WinHttpQueryHeaders(request,
                            (level & 0x7f) | (level & 0x80 ? WINHTTP_QUERY_FLAG_NUMBER : 0) |
                                WINHTTP_QUERY_FLAG_REQUEST_HEADERS,
                            NULL, buffer, &size, NULL))
        FUZZ_CHECK(size <= room);
    free(wide);
    free(buffer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    HINTERNET request = open_request();
    WCHAR *lines;
    DWORD units;

    while (size) {
        unsigned how = data[0];
        const uint8_t *nul = memchr(data + 1, '\0', size - 1);
        size_t len = nul ? (size_t)(nul - data) - 1 : size - 1;

        if (how & 0x20)
            check_query(request, how | (len ? data[1] & 0x7f : 0), len * 3, data + 1, len);
        else if (len <= BLOCK_MAX)
            add(request, how, data + 1, len);
        data += nul ? len + 2 : size;
        size -= nul ? len + 2 : size;
    }
    lines = lines_of(request, &units);
    check_lines(lines, units);
    check_again(lines, units);
    free(lines);
    FUZZ_CHECK(WinHttpCloseHandle(request));
    return 0;
}
