/* message.c - inserts, escapes and line breaks of FormatMessage; see message.h.
 *
 *      %1 ... %99, %1!format!   an insert; '*' in the format takes the arguments before it
 *      %0                       the end, without a line break
 *      %n %r %b %t              line break, carriage return, space, tab
 *      %% %. %! %<space>        the character itself; so is any other
 */
#include "message.h"
#include "format.h"
#include "utf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INSERT_MAX = 99, FORMAT_MAX = 32, ARGUMENT_MAX = INSERT_MAX + 2 };

struct builder {
    const struct win_message *message;
    char *out;
    size_t len, room;
    size_t column;   /* characters in the current output line   */
    size_t break_at; /* the last space in it, 0 for none        */
    enum win_message_error error;
    uint64_t arguments[ARGUMENT_MAX];
    unsigned fetched;
};

static size_t characters(const char *text, size_t len)
{
    size_t count = 0;

    for (size_t i = 0; i < len; i++)
        count += ((unsigned char)text[i] & 0xC0) != 0x80;
    return count;
}

static void put(struct builder *b, const char *text, size_t len)
{
    if (b->error)
        return;
    if (b->len + len > WIN_MESSAGE_MAX) {
        b->error = WIN_MESSAGE_TOO_LONG;
        return;
    }
    if (b->len + len + 1 > b->room) {
        size_t room = (b->len + len + 1) * 2;
        char *larger = realloc(b->out, room);

        if (!larger) {
            b->error = WIN_MESSAGE_NO_MEMORY;
            return;
        }
        b->out = larger;
        b->room = room;
    }
    memcpy(b->out + b->len, text, len);
    b->len += len;
    b->column += characters(text, len);
}

static void put_break(struct builder *b)
{
    put(b, "\r\n", 2);
    b->column = 0;
    b->break_at = 0;
}

/* The line has grown past the width: break it at its last space, if it has one. */
static void wrap(struct builder *b)
{
    size_t tail_len = b->break_at ? b->len - b->break_at - 1 : 0;
    char *tail = b->break_at ? malloc(tail_len + 1) : NULL;

    if (b->break_at && !tail)
        b->error = WIN_MESSAGE_NO_MEMORY;
    if (!tail)
        return;
    memcpy(tail, b->out + b->break_at + 1, tail_len);
    b->len = b->break_at;
    put_break(b);
    put(b, tail, tail_len);
    free(tail);
}

static void put_wrapped(struct builder *b, char c)
{
    unsigned width = b->message->width;

    put(b, &c, 1);
    if (b->error || width == 0 || width == 255)
        return;
    if (c == ' ')
        b->break_at = b->len - 1;
    else if (b->column > width)
        wrap(b);
}

static void put_text(struct builder *b, const char *text, size_t len)
{
    for (size_t i = 0; i < len && !b->error; i++)
        put_wrapped(b, text[i]);
}

/* ---- inserts --------------------------------------------------------------------------------- */

/* Argument `number` counted from 0. Arguments are machine words; a list is read in order. */
static bool argument(struct builder *b, unsigned number, uint64_t *value)
{
    const struct win_message *message = b->message;

    if (number >= ARGUMENT_MAX || (!message->array && !message->list))
        return false;
    if (message->array) {
        *value = message->array[number];
        return true;
    }
    while (b->fetched <= number)
        b->arguments[b->fetched++] = va_arg(*message->list, uint64_t);
    *value = b->arguments[number];
    return true;
}

static void insert_bytes(void *context, const char *text, size_t len)
{
    put_text(context, text, len);
}

/* Every argument travels as a 64-bit word; the conversion reads the part of it that it wants. */
static int format_words(struct builder *b, const char *format, ...)
{
    struct win_format how = {{insert_bytes, NULL, b}, b->message->wide, b->message->unit, 1};
    va_list words;
    int length;

    va_start(words, format);
    length = win_format(&how, format, words);
    va_end(words);
    return length;
}

static void put_insert(struct builder *b, unsigned number, const char *format)
{
    uint64_t words[3] = {0};
    unsigned stars = 0;
    int length;

    for (const char *at = format; *at; at++)
        stars += *at == '*';
    if (stars > 2 || strpbrk(format, "aAeEfFgG%n")) {
        b->error = WIN_MESSAGE_MALFORMED;
        return;
    }
    for (unsigned i = 0; i <= stars; i++) {
        if (!argument(b, number - 1 + i, &words[i])) {
            b->error = WIN_MESSAGE_MALFORMED;
            return;
        }
    }
    char full[FORMAT_MAX + 2];

    snprintf(full, sizeof(full), "%%%s", format);
    length = stars == 0   ? format_words(b, full, words[0])
             : stars == 1 ? format_words(b, full, words[0], words[1])
                          : format_words(b, full, words[0], words[1], words[2]);
    if (length < 0 && !b->error)
        b->error = WIN_MESSAGE_MALFORMED;
}

/* The insert whose digits begin at `at`; returns the place after it. */
static size_t take_insert(struct builder *b, size_t at)
{
    const char *text = b->message->text;
    size_t start = at - 1, len = b->message->len, format_len = 0;
    unsigned number = (unsigned)(text[at++] - '0');
    char format[FORMAT_MAX] = "s";

    if (at < len && text[at] >= '0' && text[at] <= '9')
        number = number * 10 + (unsigned)(text[at++] - '0');
    if (at < len && text[at] == '!') {
        const char *end = memchr(text + at + 1, '!', len - at - 1);

        format_len = end ? (size_t)(end - text) - at - 1 : 0;
        if (!format_len || format_len >= sizeof(format)) {
            b->error = WIN_MESSAGE_MALFORMED;
            return at;
        }
        memcpy(format, text + at + 1, format_len);
        format[format_len] = '\0';
        at += format_len + 2;
    }
    if (b->message->ignore_inserts)
        put_text(b, text + start, at - start);
    else
        put_insert(b, number, format);
    return at;
}

/* ---- escapes and line breaks ----------------------------------------------------------------- */

/* What follows a '%' at `at`; returns the place after it, or the end for %0. */
static size_t take_escape(struct builder *b, size_t at)
{
    if (at >= b->message->len) {
        b->error = WIN_MESSAGE_MALFORMED;
        return at;
    }
    char c = b->message->text[at];

    if (c >= '1' && c <= '9')
        return take_insert(b, at);
    switch (c) {
    case '0':
        return b->message->len;
    case 'n':
        put_break(b);
        break;
    case 'r':
        put(b, "\r", 1);
        break;
    case 't':
        put(b, "\t", 1);
        break;
    case 'b':
        put_wrapped(b, ' ');
        break;
    default:
        put_wrapped(b, c);
    }
    return at + 1;
}

static size_t take_line_break(struct builder *b, size_t at)
{
    const char *text = b->message->text;

    if (b->message->width)
        put_wrapped(b, ' ');
    else
        put_break(b);
    return at + (text[at] == '\r' && at + 1 < b->message->len && text[at + 1] == '\n' ? 2 : 1);
}

enum win_message_error win_message_build(const struct win_message *message, char **out, size_t *len)
{
    struct builder b = {.message = message};

    for (size_t at = 0; at < message->len && !b.error;) {
        char c = message->text[at];

        if (c == '%')
            at = take_escape(&b, at + 1);
        else if (c == '\r' || c == '\n')
            at = take_line_break(&b, at);
        else
            put_wrapped(&b, message->text[at++]);
    }
    put(&b, "", 0);
    if (b.error) {
        free(b.out);
        return b.error;
    }
    b.out[b.len] = '\0';
    *out = b.out;
    *len = b.len;
    return WIN_MESSAGE_OK;
}
