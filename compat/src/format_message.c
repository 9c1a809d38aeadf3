/* format_message.c - FormatMessage; compiled once per width, as inserts may be wide.
 *
 * The text is found (a string, a module, the system), built in UTF-8 by the pure core in message.c
 * and then handed over in the caller's form and buffer.
 */
#define WINPOSIX_IMPLEMENTATION
#include <errhandlingapi.h>
#include <winbase.h>
#include <winerror.h>
#include <winposix/message.h>

#include "message.h"
#include "module.h"
#include "utf.h"

#include <stdlib.h>
#include <string.h>

static DWORD fail(DWORD error)
{
    SetLastError(error);
    return 0;
}

/* Texts exist in English, which also answers for "any language". */
static bool is_known_language(DWORD language)
{
    DWORD primary = language & 0x3FF;

    return primary == 0x00 || primary == 0x09;
}

static const char *module_text(HMODULE module, DWORD id)
{
    switch (win_module_messages(module)) {
    case WIN_MESSAGES_HTTP:
        return win_message_http(id);
    case WIN_MESSAGES_SYSTEM:
        return win_message_system(id);
    default:
        return NULL;
    }
}

/* The text of a message that is not the caller's own, with its line end, in malloc memory. */
static DWORD find_text(DWORD flags, LPCVOID source, DWORD id, DWORD language, char **out)
{
    const char *text = NULL;
    size_t len;

    if (!(flags & (FORMAT_MESSAGE_FROM_HMODULE | FORMAT_MESSAGE_FROM_SYSTEM)))
        return ERROR_INVALID_PARAMETER;
    if ((flags & FORMAT_MESSAGE_FROM_HMODULE) && source && !win_module_is((HMODULE)source))
        return ERROR_INVALID_HANDLE;
    if (!is_known_language(language))
        return ERROR_RESOURCE_LANG_NOT_FOUND;
    if (flags & FORMAT_MESSAGE_FROM_HMODULE)
        text = module_text((HMODULE)source, id);
    if (!text && (flags & FORMAT_MESSAGE_FROM_SYSTEM))
        text = win_message_system(id);
    if (!text)
        return ERROR_MR_MID_NOT_FOUND;
    len = strlen(text);
    *out = malloc(len + 3);
    if (!*out)
        return ERROR_NOT_ENOUGH_MEMORY;
    memcpy(*out, text, len);
    memcpy(*out + len, "\r\n", 3);
    return ERROR_SUCCESS;
}

static DWORD build_error(enum win_message_error error)
{
    switch (error) {
    case WIN_MESSAGE_OK:
        return ERROR_SUCCESS;
    case WIN_MESSAGE_NO_MEMORY:
        return ERROR_NOT_ENOUGH_MEMORY;
    case WIN_MESSAGE_TOO_LONG:
        return ERROR_MORE_DATA;
    default:
        return ERROR_INVALID_PARAMETER;
    }
}

static DWORD build(DWORD flags, const char *text, bool wide, va_list *arguments, char **out,
                   size_t *len)
{
    bool array = flags & FORMAT_MESSAGE_ARGUMENT_ARRAY;
    struct win_message message = {
        .text = text,
        .len = strlen(text),
        .ignore_inserts = flags & FORMAT_MESSAGE_IGNORE_INSERTS,
        .width = flags & FORMAT_MESSAGE_MAX_WIDTH_MASK,
        .wide = wide,
        .unit = sizeof(WCHAR),
        .array = array ? (const uint64_t *)arguments : NULL,
        .list = array ? NULL : arguments,
    };

    return build_error(win_message_build(&message, out, len));
}

/* Where `units` elements and a terminator may be written: the caller's buffer or a new one that
 * the caller gets to know through it. NULL with *error. */
static void *target(DWORD flags, void *buffer, DWORD size, size_t units, size_t unit, DWORD *error)
{
    size_t room = size > units + 1 ? size : units + 1;
    void *fresh;

    if (!(flags & FORMAT_MESSAGE_ALLOCATE_BUFFER)) {
        *error = units + 1 > size ? ERROR_INSUFFICIENT_BUFFER : ERROR_SUCCESS;
        return *error ? NULL : buffer;
    }
    fresh = LocalAlloc(LMEM_FIXED, room * unit);
    *error = fresh ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
    if (fresh)
        memcpy(buffer, &fresh, sizeof(fresh));
    return fresh;
}

static DWORD check(DWORD flags, LPCVOID source, void *buffer)
{
    void *nothing = NULL;

    if (!buffer || ((flags & FORMAT_MESSAGE_FROM_STRING) && !source))
        return ERROR_INVALID_PARAMETER;
    if (flags & FORMAT_MESSAGE_ALLOCATE_BUFFER)
        memcpy(buffer, &nothing, sizeof(nothing));
    return ERROR_SUCCESS;
}

DWORD WINAPI FormatMessageA(DWORD dwFlags, LPCVOID lpSource, DWORD dwMessageId, DWORD dwLanguageId,
                            LPSTR lpBuffer, DWORD nSize, va_list *Arguments)
{
    char *text = NULL, *built = NULL, *to;
    size_t len = 0;
    DWORD error = check(dwFlags, lpSource, lpBuffer);

    if (!error && !(dwFlags & FORMAT_MESSAGE_FROM_STRING))
        error = find_text(dwFlags, lpSource, dwMessageId, dwLanguageId, &text);
    if (!error)
        error = build(dwFlags, text ? text : lpSource, false, Arguments, &built, &len);
    if (!error) {
        to = target(dwFlags, lpBuffer, nSize, len, 1, &error);
        if (to)
            memcpy(to, built, len + 1);
    }
    free(text);
    free(built);
    return error ? fail(error) : (DWORD)len;
}

DWORD WINAPI FormatMessageW(DWORD dwFlags, LPCVOID lpSource, DWORD dwMessageId, DWORD dwLanguageId,
                            LPWSTR lpBuffer, DWORD nSize, va_list *Arguments)
{
    char *text = NULL, *built = NULL;
    WCHAR *to;
    size_t len = 0, units = 0;
    DWORD error = check(dwFlags, lpSource, lpBuffer);

    if (!error && (dwFlags & FORMAT_MESSAGE_FROM_STRING)) {
        size_t source_len = win_wide_length(lpSource, SIZE_MAX, sizeof(WCHAR));

        text = win_utf8_from_wide(lpSource, source_len, sizeof(WCHAR), false);
        error = text ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
    } else if (!error) {
        error = find_text(dwFlags, lpSource, dwMessageId, dwLanguageId, &text);
    }
    if (!error)
        error = build(dwFlags, text, true, Arguments, &built, &len);
    if (!error) {
        units = win_wide_from_utf8(NULL, 0, built, len, sizeof(WCHAR));
        to = target(dwFlags, lpBuffer, nSize, units, sizeof(WCHAR), &error);
        if (to) {
            win_wide_from_utf8(to, units, built, len, sizeof(WCHAR));
            to[units] = L'\0';
        }
    }
    free(text);
    free(built);
    return error ? fail(error) : (DWORD)units;
}
