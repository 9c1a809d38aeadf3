/* crt_scan.c - sscanf_s and swscanf_s on the scan engine; compiled once per width. */
#define WINPOSIX_IMPLEMENTATION
#define WINPOSIX_NO_CRT_STDIO
#include <winposix/crt_stdio.h>

#include "scan.h"

static int refuse(void)
{
    errno = EINVAL;
    return -1;
}

int sscanf_s(const char *text, const char *format, ...)
{
    va_list args;
    int stored;

    va_start(args, format);
    stored = text && format ? win_scan(text, format, 1, sizeof(wchar_t), args) : refuse();
    va_end(args);
    return stored;
}

int swscanf_s(const wchar_t *text, const wchar_t *format, ...)
{
    va_list args;
    int stored;

    va_start(args, format);
    stored =
        text && format ? win_scan(text, format, sizeof(wchar_t), sizeof(wchar_t), args) : refuse();
    va_end(args);
    return stored;
}
