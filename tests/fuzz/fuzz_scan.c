/* fuzz_scan.c - sscanf_s and swscanf_s: a format up to a NUL, then the text. */
#include "low_memory.h"

#include <windows.h>

#include <stdbool.h>

#define CALL(function, text, format)                                                               \
    function(text, format, low, low, low, low, low, low, low, low, low, low, low, low)

enum { TEXT_MAX = 256 };

/* Does every conversion store into one argument, so that twelve are enough? */
static bool is_modest(const char *format)
{
    size_t percents = 0;

    for (; *format; format++)
        percents += *format == '%';
    return percents <= 6; /* and two arguments for each */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *nul = size ? memchr(data, '\0', size) : NULL;
    size_t format_len = nul ? (size_t)(nul - data) : 0;
    size_t text_len = nul ? size - format_len - 1 : 0;

    if (!nul || format_len >= TEXT_MAX || text_len >= TEXT_MAX)
        return 0;

    /* In blocks of their own, so that reading behind an end is seen. */
    char *format = malloc(format_len + 1), *text = malloc(text_len + 1);
    WCHAR *wide_format = malloc((format_len + 1) * sizeof(WCHAR));
    WCHAR *wide_text = malloc((text_len + 1) * sizeof(WCHAR));
    char *low = low_memory("", 0);

    for (size_t i = 0; i < format_len; i++)
        wide_format[i] = (WCHAR)(format[i] = (char)data[i]);
    for (size_t i = 0; i < text_len; i++)
        wide_text[i] = (WCHAR)(text[i] = (char)nul[1 + i]);
    format[format_len] = text[text_len] = '\0';
    wide_format[format_len] = wide_text[text_len] = 0;
    if (is_modest(format)) {
        int narrow = CALL(sscanf_s, text, format);
        int wide = CALL(swscanf_s, wide_text, wide_format);

        FUZZ_CHECK(narrow >= -1 && narrow <= 6 && wide >= -1 && wide <= 6);
    }
    free(format);
    free(text);
    free(wide_format);
    free(wide_text);
    return 0;
}
