/* crt_print.c - the printf engine's two usual ends; see crt_print.h. */
#include "crt_print.h"
#include "format.h"
#include "utf.h"

#include <string.h>

/* Output on its way to a stream, gathered so that an unbuffered stream sees few writes. */
struct stream_writer {
    FILE *stream;
    bool failed;
    size_t used;
    char staged[1024];
};

static void writer_flush(struct stream_writer *writer)
{
    if (writer->used && fwrite(writer->staged, 1, writer->used, writer->stream) != writer->used)
        writer->failed = true;
    writer->used = 0;
}

static void writer_bytes(void *context, const char *text, size_t len)
{
    struct stream_writer *writer = context;

    if (len > sizeof(writer->staged) - writer->used)
        writer_flush(writer);
    if (len > sizeof(writer->staged)) {
        if (fwrite(text, 1, len, writer->stream) != len)
            writer->failed = true;
        return;
    }
    memcpy(writer->staged + writer->used, text, len);
    writer->used += len;
}

int win_print_stream(FILE *stream, bool wide, unsigned unit, unsigned format_unit,
                     const void *format, va_list args)
{
    struct stream_writer writer = {.stream = stream};
    struct win_format how = {{writer_bytes, NULL, &writer}, wide, unit, format_unit};
    int length;

    flockfile(stream);
    length = win_format(&how, format, args);
    writer_flush(&writer);
    funlockfile(stream);
    return writer.failed ? -1 : length;
}

struct win_printed win_print_narrow(char *out, size_t room, unsigned unit, const char *format,
                                    va_list args)
{
    struct win_narrow_buffer buffer = {.out = out, .room = room};
    struct win_format how = {win_narrow_sink(&buffer), false, unit, 1};
    int length = win_format(&how, format, args);

    return (struct win_printed){length, buffer.used, buffer.full};
}

struct win_printed win_print_wide(void *out, size_t room, unsigned unit, const void *format,
                                  va_list args)
{
    struct win_wide_buffer buffer = {.out = out, .room = room, .unit = unit};
    struct win_format how = {win_wide_sink(&buffer), true, unit, unit};
    int length = win_format(&how, format, args);

    return (struct win_printed){length, buffer.used, buffer.full};
}

bool win_put_wide(FILE *stream, const void *text, size_t len, unsigned unit)
{
    struct stream_writer writer = {.stream = stream};

    flockfile(stream);
    for (size_t at = 0; at < len;) {
        struct win_rune rune = win_wide_next((const char *)text + at * unit, len - at, unit);
        char bytes[4];

        writer_bytes(&writer, bytes, win_utf8_put(bytes, rune.code));
        at += rune.used;
    }
    writer_flush(&writer);
    funlockfile(stream);
    return !writer.failed;
}
