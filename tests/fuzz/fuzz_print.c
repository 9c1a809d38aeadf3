/* fuzz_print.c - the printf formatter, narrow and wide, with a format from the fuzzer.
 *
 * The first byte says how much room there is, then comes the format up to a NUL; what follows is the
 * text that every string argument is. What is measured must be what is written, a small buffer gets
 * the start of what a large one gets, and where C's own printf means the same it writes the same.
 */
#include "low_memory.h"

#include <windows.h>

#include <stdarg.h>
#include <stdbool.h>

enum { ROOM = 1 << 18, FORMAT_MAX = 64 };

#define CALL(function, ...)                                                                        \
    function(__VA_ARGS__, low, low, low, low, low, low, low, low, low, low, low, low, low, low,    \
             low, low, low, low, low, low, 1.5, -2e300, 0.1, 1e-9, 12345.678, -0.0, 3.0, 1e22)

/* The C library's own. */
int c_snprintf(char *buffer, size_t size, const char *format,
               ...) __asm__(WINPOSIX_STRING(__USER_LABEL_PREFIX__) "snprintf");

static int measure(const char *format, ...)
{
    va_list args;
    int len;

    va_start(args, format);
    len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    return len;
}

static int measure_wide(const WCHAR *format, ...)
{
    va_list args;
    int len;

    va_start(args, format);
    len = _vsnwprintf(NULL, 0, format, args);
    va_end(args);
    return len;
}

static void check_narrow(const char *format, char *low, size_t room)
{
    static char whole[ROOM], part[ROOM];
    int len = CALL(_snprintf_s, whole, ROOM, _TRUNCATE, format);
    int cut;

    FUZZ_CHECK(CALL(measure, format) == len || (len == -1 && strlen(whole) == ROOM - 1));
    if (len < 0)
        return;
    FUZZ_CHECK((size_t)len < ROOM && whole[len] == '\0');
    memset(part, '#', room + 1);
    cut = CALL(_snprintf_s, part, room, _TRUNCATE, format);
    FUZZ_CHECK(part[room] == '#');
    FUZZ_CHECK(cut == ((size_t)len < room ? len : -1));
    FUZZ_CHECK(memcmp(part, whole, cut < 0 ? room - 1 : (size_t)cut + 1) == 0);
    FUZZ_CHECK(cut >= 0 || part[room - 1] == '\0');
}

static void check_wide(const WCHAR *format, char *low, size_t room)
{
    static WCHAR whole[ROOM], part[ROOM];
    int len = CALL(_snwprintf_s, whole, ROOM, _TRUNCATE, format);
    int measured = CALL(measure_wide, format), cut;

    FUZZ_CHECK(len == measured || len == -1);
    if (len < 0)
        return;
    FUZZ_CHECK((size_t)len < ROOM && whole[len] == 0);
    part[room] = '#';
    cut = CALL(_snwprintf_s, part, room, _TRUNCATE, format);
    FUZZ_CHECK(part[room] == '#');
    FUZZ_CHECK(cut == ((size_t)len < room ? len : -1));
    for (size_t i = 0; part[i]; i++)
        FUZZ_CHECK(i < room && part[i] == whole[i]);
}

/* Does every conversion in `format` mean here what it means to C? Then also no string is in it. */
static bool is_plain(const char *format)
{
    for (; *format; format++) {
        if (*format != '%')
            continue;
        format++;
        format += strspn(format, "-+ #0");
        format += strspn(format, "0123456789");
        if (*format == '.')
            format += 1 + strspn(format + 1, "0123456789");
        format += strncmp(format, "hh", 2) == 0 ? 2 : *format == 'h';
        if (!*format || !strchr("dioxXu", *format))
            return false;
    }
    return true;
}

static void check_same_as_c(const char *format, char *low)
{
    static char ours[ROOM], theirs[ROOM];

    if (!is_plain(format))
        return;
    int len = CALL(_snprintf_s, ours, ROOM, _TRUNCATE, format);

    if (len < 0)
        return;
    FUZZ_CHECK(CALL(c_snprintf, theirs, ROOM, format) == len);
    FUZZ_CHECK(strcmp(ours, theirs) == 0);
}

/* A width that a program writes into a format is not a million; and the arguments must do. */
static bool is_modest(const char *format)
{
    unsigned arguments = 0;

    for (unsigned digits = 0; *format; format++) {
        digits = *format >= '0' && *format <= '9' ? digits + 1 : 0;
        arguments += *format == '%' || *format == '*';
        if (digits > 5 || arguments > 6)
            return false;
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char format[FORMAT_MAX];
    WCHAR wide[FORMAT_MAX];
    size_t len = 0, room;
    char *low;

    if (size < 2)
        return 0;
    room = data[0] ? data[0] : 1;
    for (data++, size--; len < FORMAT_MAX - 1 && len < size && data[len]; len++)
        wide[len] = (WCHAR)(format[len] = (char)data[len]);
    format[len] = '\0';
    wide[len] = 0;
    if (!is_modest(format))
        return 0;
    low = low_memory(data + len, size - len);
    check_narrow(format, low, room);
    check_wide(wide, low, room);
    check_same_as_c(format, low);
    return 0;
}
