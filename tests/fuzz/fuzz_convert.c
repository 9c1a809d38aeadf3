/* fuzz_convert.c - MultiByteToWideChar, WideCharToMultiByte and full paths.
 *
 * Byte 0: the code page; byte 1: flags. What is counted is what is written, well-formed text comes
 * back as it was, and a full path is its own full path.
 */
#include "fuzz.h"

#include <windows.h>

#include <string.h>

static const UINT pages[] = {CP_UTF8, CP_ACP, 1252, 28591, 20127, 437};

static void check_widen(UINT page, DWORD flags, const char *text, int len)
{
    int units = MultiByteToWideChar(page, flags, text, len, NULL, 0);
    WCHAR *wide;
    char *back;
    int again;

    if (units == 0) {
        FUZZ_CHECK(GetLastError() != ERROR_SUCCESS);
        return;
    }
    wide = malloc((size_t)units * sizeof(WCHAR));
    FUZZ_CHECK(MultiByteToWideChar(page, flags, text, len, wide, units) == units);
    if (units > 1)
        FUZZ_CHECK(MultiByteToWideChar(page, flags, text, len, wide, units - 1) == 0 &&
                   GetLastError() == ERROR_INSUFFICIENT_BUFFER);
    FUZZ_CHECK(MultiByteToWideChar(page, flags, text, len, wide, units) == units);
    again = WideCharToMultiByte(page, 0, wide, units, NULL, 0, NULL, NULL);
    FUZZ_CHECK(again > 0);
    back = malloc((size_t)again);
    FUZZ_CHECK(WideCharToMultiByte(page, 0, wide, units, back, again, NULL, NULL) == again);
    if (flags & MB_ERR_INVALID_CHARS) /* nothing was replaced on the way */
        FUZZ_CHECK(again == len && memcmp(back, text, (size_t)len) == 0);
    free(back);
    free(wide);
}

static void check_narrow(UINT page, const WCHAR *wide, int units)
{
    BOOL replaced = FALSE;
    BOOL *tell = page == CP_UTF8 ? NULL : &replaced;
    int len = WideCharToMultiByte(page, 0, wide, units, NULL, 0, NULL, tell);
    char *text;

    if (len == 0)
        return;
    text = malloc((size_t)len);
    FUZZ_CHECK(WideCharToMultiByte(page, 0, wide, units, text, len, NULL, tell) == len);
    if (page == CP_UTF8) /* whatever the wide text was, this is UTF-8 */
        FUZZ_CHECK(MultiByteToWideChar(page, MB_ERR_INVALID_CHARS, text, len, NULL, 0) > 0);
    free(text);
}

static void check_path(const uint8_t *data, size_t size)
{
    char *path = malloc(size + 1), *full, *again;
    DWORD len, more;

    memcpy(path, data, size);
    path[size] = '\0';
    len = GetFullPathNameA(path, 0, NULL, NULL);
    if (len) {
        char *name = NULL;

        full = malloc(len);
        FUZZ_CHECK(GetFullPathNameA(path, len, full, &name) == len - 1);
        FUZZ_CHECK(strlen(full) == len - 1);
        FUZZ_CHECK(!name || (name > full && name < full + len - 1));
        FUZZ_CHECK(!strstr(full, "/../") && !strstr(full, "/./") && !strstr(full, "//"));
        more = GetFullPathNameA(full, 0, NULL, NULL);
        FUZZ_CHECK(more == len);
        again = malloc(more);
        FUZZ_CHECK(GetFullPathNameA(full, more, again, NULL) == more - 1);
        FUZZ_CHECK(strcmp(full, again) == 0);
        free(again);
        free(full);
    }
    free(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 3)
        return 0;

    UINT page = pages[data[0] % (sizeof(pages) / sizeof(pages[0]))];
    DWORD flags = data[1] & MB_ERR_INVALID_CHARS;
    size_t units = (size - 2) / sizeof(WCHAR);
    char *text = malloc(size - 2);
    WCHAR *wide = malloc(units * sizeof(WCHAR) + 1);

    memcpy(text, data + 2, size - 2);
    memcpy(wide, data + 2, units * sizeof(WCHAR));
    check_widen(page, flags, text, (int)size - 2);
    if (units)
        check_narrow(page, wide, (int)units);
    check_path(data + 2, size - 2);
    free(text);
    free(wide);
    return 0;
}
