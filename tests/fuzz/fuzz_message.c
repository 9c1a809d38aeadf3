/* fuzz_message.c - FormatMessage from a string of the fuzzer's, narrow and wide.
 *
 * Byte 0: the width of lines; byte 1, bit 0: inserts are left alone; then the message up to a NUL and
 * the text of all inserts. Both widths of the function, a buffer and an allocated one must agree.
 */
#include "low_memory.h"

#include <windows.h>

enum { ROOM = 1 << 17, MESSAGE_MAX = 512, INSERTS = 101 };

static void check_narrow(const char *message, DWORD flags, va_list *inserts)
{
    static char text[ROOM];
    char *made = NULL;
    DWORD len, again;

    memset(text, '#', 16);
    len = FormatMessageA(flags, message, 0, 0, text, ROOM, inserts);
    again = FormatMessageA(flags | FORMAT_MESSAGE_ALLOCATE_BUFFER, message, 0, 0, (LPSTR)&made, 0,
                           inserts);
    FUZZ_CHECK(len == again);
    FUZZ_CHECK(len || GetLastError() != ERROR_SUCCESS || text[0] == '\0');
    if (len) {
        FUZZ_CHECK(text[len] == '\0' && memcmp(text, made, len + 1) == 0);
        memset(text, '#', len + 2);
        FUZZ_CHECK(!FormatMessageA(flags, message, 0, 0, text, len, inserts));
        FUZZ_CHECK(text[len] == '#');
        FUZZ_CHECK(FormatMessageA(flags, message, 0, 0, text, len + 1, inserts) == len);
        FUZZ_CHECK(text[len] == '\0' && text[len + 1] == '#');
        FUZZ_CHECK(memcmp(text, made, len + 1) == 0);
    }
    LocalFree(made);
}

static void check_wide(const WCHAR *message, DWORD flags, va_list *inserts)
{
    static WCHAR text[ROOM];
    WCHAR *made = NULL;
    DWORD len = FormatMessageW(flags, message, 0, 0, text, ROOM, inserts);

    FUZZ_CHECK(len == FormatMessageW(flags | FORMAT_MESSAGE_ALLOCATE_BUFFER, message, 0, 0,
                                     (LPWSTR)&made, 0, inserts));
    if (len) {
        FUZZ_CHECK(text[len] == 0 && memcmp(text, made, (len + 1) * sizeof(WCHAR)) == 0);
        text[len] = text[len + 1] = '#';
        FUZZ_CHECK(!FormatMessageW(flags, message, 0, 0, text, len, inserts));
        FUZZ_CHECK(text[len] == '#');
        FUZZ_CHECK(FormatMessageW(flags, message, 0, 0, text, len + 1, inserts) == len);
        FUZZ_CHECK(text[len] == 0 && text[len + 1] == '#');
    }
    LocalFree(made);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char message[MESSAGE_MAX];
    WCHAR wide[MESSAGE_MAX];
    DWORD_PTR inserts[INSERTS];
    DWORD flags = FORMAT_MESSAGE_FROM_STRING | FORMAT_MESSAGE_ARGUMENT_ARRAY;
    size_t len = 0;
    char *low;

    if (size < 3)
        return 0;
    flags |= data[0] | (data[1] & 1 ? FORMAT_MESSAGE_IGNORE_INSERTS : 0);
    for (data += 2, size -= 2; len < MESSAGE_MAX - 1 && len < size && data[len]; len++)
        wide[len] = (WCHAR)(message[len] = (char)data[len]);
    message[len] = '\0';
    wide[len] = 0;
    low = low_memory(data + len, size - len);
    for (size_t i = 0; i < INSERTS; i++)
        inserts[i] = (DWORD_PTR)low;
    check_narrow(message, flags, (va_list *)inserts);
    check_wide(wide, flags, (va_list *)inserts);
    return 0;
}
