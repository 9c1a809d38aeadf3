/* message.h - the texts of messages and the insertion of arguments into them: pure functions. */
#ifndef WIN_MESSAGE_H
#define WIN_MESSAGE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Our own wording for a code, without the line end; NULL when there is none. */
const char *win_message_system(uint32_t code); /* Win32 codes, and HRESULTs made of them */
const char *win_message_http(uint32_t code);   /* 12001 to 12192                         */

struct win_message {
    const char *text; /* UTF-8, or raw bytes for a narrow caller            */
    size_t len;
    bool ignore_inserts;
    unsigned width;        /* 0: lines as they are; 255: one line; else: wrap at */
    bool wide;             /* the caller's: what %1 and !s! mean                 */
    unsigned unit;         /* of the caller's WCHAR                              */
    const uint64_t *array; /* the arguments, one by one ...               */
    va_list *list;         /* ... or in a list; NULL for none             */
};

enum win_message_error {
    WIN_MESSAGE_OK,
    WIN_MESSAGE_NO_MEMORY,
    WIN_MESSAGE_MALFORMED, /* a '%' at the end, an insert without an argument, a bad format */
    WIN_MESSAGE_TOO_LONG,
};

enum { WIN_MESSAGE_MAX = 64 * 1024 };

/* Build the message into malloc memory, terminated; *len without the terminator. */
enum win_message_error win_message_build(const struct win_message *message, char **out,
                                         size_t *len);

#endif
