/* fuzz_websocket.c - websocket.h in both roles, against a peer that says anything and an application that
 * does almost anything.
 *
 *      byte 0      how the handle is made: enum manner
 *      byte 1      receive buffer: 256 and 4 more for each
 *      byte 2, 3   lengths of scripts: the application's, then the request or response headers'
 *      then        the application's script: one byte an act, see act()
 *      then        header lines, "name:value" with \n between
 *      the rest    what the peer says
 *
 * Whatever happens: every buffer handed out is inside the handle's memory or the application's own, no
 * read is asked for while a message is there, the frames sent are well-formed and make up the messages
 * queued, and each operation completes once. The same bytes in pieces of one give the same messages.
 */
#include "fuzz.h"

#include <windows.h>
#include <websocket.h>

#include <stdbool.h>
#include <string.h>

enum manner {
    IS_CLIENT = 0x01,
    NO_MASK = 0x02,
    ANY_TEXT = 0x04,
    OWN_MEMORY = 0x08, /* WEB_SOCKET_ALLOCATED_BUFFER_PROPERTY_TYPE       */
    ONE_BUFFER = 0x10, /* WebSocketGetAction gets room for one            */
    OWN_ROOM = 0x20,   /* receives into the application's own memory      */
    TINY_READS = 0x40, /* the network gives a byte at a time              */
};

enum { MEMORY = 256 + 255 * 4 + 256 + 144, PAYLOAD = 3000, ROOM = 37, STEPS_MAX = 20000 };

static _Alignas(8) BYTE memory[MEMORY];
static BYTE payload[PAYLOAD];
static BYTE room[ROOM];

struct app {
    unsigned manner;
    WEB_SOCKET_HANDLE handle;
    const uint8_t *in; /* what the peer still says */
    size_t in_len;
    PVOID send_out, receive_out; /* action contexts                       */
    ULONG send_size, receive_size;
    unsigned sends, receives; /* queued and not complete                  */
    bool aborted;
    uint64_t seen; /* a sum over what was received */
};

static bool is_inside(const BYTE *at, ULONG len, const BYTE *block, size_t size)
{
    return at >= block && len <= size && (size_t)(at - block) <= size - len;
}

static void check_buffers(const struct app *app, const WEB_SOCKET_BUFFER *buffers, ULONG count)
{
    for (ULONG i = 0; i < count; i++) {
        const BYTE *at = buffers[i].Data.pbBuffer;
        ULONG len = buffers[i].Data.ulBufferLength;
        BYTE sum = 0;

        for (ULONG j = 0; j < len; j++) /* readable, says the sanitizer */
            sum ^= at[j];
        FUZZ_CHECK((sum | 1) != 0);
        if (len && app->manner & OWN_MEMORY)
            FUZZ_CHECK(is_inside(at, len, memory, sizeof(memory)) ||
                       is_inside(at, len, payload, sizeof(payload)) ||
                       is_inside(at, len, room, sizeof(room)));
    }
}

/* ---- the application's acts ------------------------------------------------------------------ */

static void queue_send(struct app *app, unsigned what)
{
    static const WEB_SOCKET_BUFFER_TYPE types[] = {WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE,
                                                   WEB_SOCKET_UTF8_FRAGMENT_BUFFER_TYPE,
                                                   WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE,
                                                   WEB_SOCKET_BINARY_FRAGMENT_BUFFER_TYPE,
                                                   WEB_SOCKET_CLOSE_BUFFER_TYPE,
                                                   WEB_SOCKET_PING_PONG_BUFFER_TYPE,
                                                   WEB_SOCKET_UNSOLICITED_PONG_BUFFER_TYPE,
                                                   (WEB_SOCKET_BUFFER_TYPE)0x1ff};
    WEB_SOCKET_BUFFER_TYPE type = types[what & 7];
    WEB_SOCKET_BUFFER buffer = {.Data = {payload, (ULONG)((what >> 3 & 3) * 999)}};

    if (type == WEB_SOCKET_CLOSE_BUFFER_TYPE) {
        buffer.CloseStatus.ulReasonLength = what >> 3 & 3 ? 123 : 0;
        buffer.CloseStatus.pbReason = what >> 3 & 3 ? payload : NULL;
        buffer.CloseStatus.usStatus = (USHORT)(998 + (what >> 3 & 3) * 2);
    }
    if (SUCCEEDED(WebSocketSend(app->handle, type, (what & 7) >= 5 ? NULL : &buffer, payload))) {
        FUZZ_CHECK(!app->aborted);
        app->sends++;
    }
}

static void queue_receive(struct app *app)
{
    WEB_SOCKET_BUFFER buffer = {.Data = {room, ROOM}};

    if (SUCCEEDED(WebSocketReceive(app->handle, app->manner & OWN_ROOM ? &buffer : NULL, room))) {
        FUZZ_CHECK(!app->aborted);
        app->receives++;
    }
}

static void note_received(struct app *app, WEB_SOCKET_BUFFER_TYPE type,
                          const WEB_SOCKET_BUFFER *buffer)
{
    bool is_close = type == WEB_SOCKET_CLOSE_BUFFER_TYPE;

    if (is_close)
        FUZZ_CHECK(buffer->CloseStatus.ulReasonLength <= WEB_SOCKET_MAX_CLOSE_REASON_LENGTH &&
                   !buffer->CloseStatus.ulReasonLength == !buffer->CloseStatus.pbReason);
    for (ULONG i = 0; i < buffer->Data.ulBufferLength; i++)
        app->seen = app->seen * 31 + buffer->Data.pbBuffer[i];
    if (type == WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE ||
        type == WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE)
        app->seen = app->seen * 31 + 1000 + ((unsigned)type & 0xff);
}

/* Get an action and note it; NO_ACTION if there is none. */
static WEB_SOCKET_ACTION get_action(struct app *app, WEB_SOCKET_ACTION_QUEUE queue)
{
    WEB_SOCKET_BUFFER buffers[2];
    WEB_SOCKET_BUFFER_TYPE type;
    WEB_SOCKET_ACTION action;
    ULONG count = app->manner & ONE_BUFFER ? 1 : 2, size = 0;
    PVOID mine = NULL, context;
    HRESULT hr =
        WebSocketGetAction(app->handle, queue, buffers, &count, &action, &type, &mine, &context);

    if (FAILED(hr)) {
        FUZZ_CHECK(action == WEB_SOCKET_NO_ACTION && count == 0 && !context);
        return action;
    }
    FUZZ_CHECK(count <= (app->manner & ONE_BUFFER ? 1u : 2u));
    check_buffers(app, buffers, count);
    for (ULONG i = 0; i < count; i++)
        size += buffers[i].Data.ulBufferLength;
    switch (action) {
    case WEB_SOCKET_NO_ACTION:
        FUZZ_CHECK(count == 0 && !context);
        return action;
    case WEB_SOCKET_SEND_TO_NETWORK_ACTION:
        FUZZ_CHECK(count >= 1 && size > 0);
        break;
    case WEB_SOCKET_INDICATE_SEND_COMPLETE_ACTION:
        FUZZ_CHECK(count == 0 && mine == payload && app->sends > 0);
        app->sends--;
        break;
    case WEB_SOCKET_RECEIVE_FROM_NETWORK_ACTION:
        FUZZ_CHECK(count == 1 && size > 0 && mine == room);
        if (size > app->in_len)
            size = (ULONG)app->in_len;
        if (size > 1 && app->manner & TINY_READS)
            size = 1;
        if (size)
            memcpy(buffers[0].Data.pbBuffer, app->in, size);
        app->in += size;
        app->in_len -= size;
        break;
    case WEB_SOCKET_INDICATE_RECEIVE_COMPLETE_ACTION:
        FUZZ_CHECK(count == 1 && mine == room && app->receives > 0);
        app->receives--;
        note_received(app, type, &buffers[0]);
        break;
    }
    FUZZ_CHECK(context);
    if (mine == payload) {
        FUZZ_CHECK(!app->send_out);
        app->send_out = context;
        app->send_size = size;
    } else {
        FUZZ_CHECK(!app->receive_out);
        app->receive_out = context;
        app->receive_size = size;
    }
    return action;
}

static void complete(struct app *app, PVOID *out, ULONG size)
{
    WebSocketCompleteAction(app->handle, *out, size);
    *out = NULL;
}

static void act(struct app *app, unsigned what)
{
    switch (what >> 5) {
    case 0:
        queue_send(app, what);
        break;
    case 1:
        queue_receive(app);
        break;
    case 2:
        get_action(app, WEB_SOCKET_SEND_ACTION_QUEUE);
        break;
    case 3:
        get_action(app, WEB_SOCKET_RECEIVE_ACTION_QUEUE);
        break;
    case 4:
        get_action(app, WEB_SOCKET_ALL_ACTION_QUEUE);
        break;
    case 5: /* a short send or a misread once in a while */
        complete(app, &app->send_out, app->send_size - ((what & 31) == 31));
        break;
    case 6:
        complete(app, &app->receive_out, app->receive_size);
        break;
    default:
        if ((what & 31) == 31) {
            WebSocketEndServerHandshake(app->handle); /* before it, abort does nothing */
            WebSocketAbortHandle(app->handle);
            app->aborted = true;
        } else {
            WebSocketCompleteAction(app->handle, (PVOID)(uintptr_t)(what & 31), 1);
        }
        break;
    }
}

/* ---- a life ---------------------------------------------------------------------------------- */

static ULONG split_headers(const uint8_t *text, size_t len, WEB_SOCKET_HTTP_HEADER *headers,
                           ULONG max)
{
    ULONG count = 0;

    while (len && count < max) {
        const uint8_t *end = memchr(text, '\n', len);
        size_t line = end ? (size_t)(end - text) : len;
        const uint8_t *colon = memchr(text, ':', line);

        headers[count].pcName = (PCHAR)(uintptr_t)text;
        headers[count].ulNameLength = (ULONG)(colon ? (size_t)(colon - text) : line);
        headers[count].pcValue = colon ? (PCHAR)(uintptr_t)(colon + 1) : NULL;
        headers[count].ulValueLength = colon ? (ULONG)(line - (size_t)(colon - text) - 1) : 0;
        count++;
        len -= line + (end != NULL);
        text += line + (end != NULL);
    }
    return count;
}

static WEB_SOCKET_HTTP_HEADER header(const char *name, const char *value)
{
    return (WEB_SOCKET_HTTP_HEADER){(PCHAR)(uintptr_t)name, (ULONG)strlen(name),
                                    (PCHAR)(uintptr_t)value, (ULONG)strlen(value)};
}

static const char *const offers[] = {"chat", "superchat"};
static const char *const extensions[] = {"permessage-deflate; client_max_window_bits", "x-other"};

/* A handshake with headers of the fuzzer's, which may succeed; then, if it did not, one that must. */
static void shake_hands(struct app *app, const uint8_t *text, size_t len)
{
    WEB_SOCKET_HTTP_HEADER theirs[16], *made, request[12];
    WEB_SOCKET_HANDLE other;
    ULONG count = split_headers(text, len, theirs, 16), made_count, chosen[2], room_for = 2, which;

    if (!(app->manner & IS_CLIENT)) {
        if (SUCCEEDED(WebSocketBeginServerHandshake(app->handle, "chat", NULL, 0, theirs, count,
                                                    &made, &made_count)))
            FUZZ_CHECK(made_count == 4);
        request[0] = header("Host", "");
        request[1] = header("Upgrade", "websocket");
        request[2] = header("Connection", "upgrade");
        request[3] = header("Sec-WebSocket-Version", "13");
        request[4] = header("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA==");
        FUZZ_CHECK(SUCCEEDED(WebSocketBeginServerHandshake(app->handle, NULL, NULL, 0, request, 5,
                                                           &made, &made_count)));
        return; /* the end is left out */
    }
    FUZZ_CHECK(SUCCEEDED(WebSocketBeginClientHandshake(app->handle, (PCSTR *)(uintptr_t)offers, 2,
                                                       (PCSTR *)(uintptr_t)extensions, 2, NULL, 0,
                                                       &made, &made_count)));
    FUZZ_CHECK(made_count == 6);
    memcpy(request, made, made_count * sizeof(*made));
    request[made_count] = header("Host", "h");
    FUZZ_CHECK(SUCCEEDED(WebSocketCreateServerHandle(NULL, 0, &other)));
    FUZZ_CHECK(SUCCEEDED(WebSocketBeginServerHandshake(other, NULL, NULL, 0, request,
                                                       made_count + 1, &made, &made_count)));
    if (count > 12)
        count = 12;
    memcpy(theirs + count, made, made_count * sizeof(*made)); /* good ones, and the fuzzer's */
    if (FAILED(WebSocketEndClientHandshake(app->handle, theirs, count + made_count, chosen,
                                           &room_for, &which)))
        FUZZ_CHECK(SUCCEEDED(
            WebSocketEndClientHandshake(app->handle, made, made_count, NULL, NULL, NULL)));
    WebSocketDeleteHandle(other);
}

static void create(struct app *app, ULONG receive_room)
{
    ULONG send_room = 256;
    BOOL no_mask = app->manner & NO_MASK ? TRUE : FALSE, any_text = app->manner & ANY_TEXT ? 7 : 0;
    PVOID at = memory;
    WEB_SOCKET_PROPERTY properties[] = {
        {WEB_SOCKET_RECEIVE_BUFFER_SIZE_PROPERTY_TYPE, &receive_room, sizeof(receive_room)},
        {WEB_SOCKET_SEND_BUFFER_SIZE_PROPERTY_TYPE, &send_room, sizeof(send_room)},
        {WEB_SOCKET_DISABLE_MASKING_PROPERTY_TYPE, &no_mask, sizeof(no_mask)},
        {WEB_SOCKET_DISABLE_UTF8_VERIFICATION_PROPERTY_TYPE, &any_text, sizeof(any_text)},
        {WEB_SOCKET_ALLOCATED_BUFFER_PROPERTY_TYPE, &at, sizeof(memory)}};
    ULONG count = app->manner & OWN_MEMORY ? 5 : 4;

    FUZZ_CHECK(SUCCEEDED(app->manner & IS_CLIENT
                             ? WebSocketCreateClientHandle(properties, count, &app->handle)
                             : WebSocketCreateServerHandle(properties, count, &app->handle)));
}

/* Finish what is out, abort, and see that all that was queued completes. */
static void drain(struct app *app)
{
    complete(app, &app->send_out, app->send_size);
    complete(app, &app->receive_out, 0);
    WebSocketAbortHandle(app->handle);
    app->aborted = true;
    for (int i = 0; i < STEPS_MAX && get_action(app, WEB_SOCKET_ALL_ACTION_QUEUE); i++) {
        complete(app, &app->send_out, 0);
        complete(app, &app->receive_out, 0);
    }
    FUZZ_CHECK(app->sends == 0 && app->receives == 0);
}

/* Receive until the peer has no more to say; the sum over what it said. */
static uint64_t listen(unsigned manner, ULONG receive_room, const uint8_t *in, size_t len)
{
    struct app app = {.manner = manner, .in = in, .in_len = len};
    WEB_SOCKET_ACTION action;

    create(&app, receive_room);
    shake_hands(&app, NULL, 0);
    for (int i = 0; i < STEPS_MAX; i++) {
        if (!app.receives)
            queue_receive(&app);
        action = get_action(&app, WEB_SOCKET_ALL_ACTION_QUEUE);
        if (action == WEB_SOCKET_NO_ACTION ||
            (action == WEB_SOCKET_RECEIVE_FROM_NETWORK_ACTION && app.receive_size == 0))
            break;
        complete(&app, &app.receive_out, app.receive_size);
    }
    drain(&app);
    WebSocketDeleteHandle(app.handle);
    return app.seen;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct app app = {.manner = size ? data[0] : 0};
    size_t script, text;
    ULONG receive_room;

    if (size < 4 || size > 4096)
        return 0;
    memset(payload, 'x', sizeof(payload));
    receive_room = 256 + 4u * data[1];
    script = data[2];
    text = data[3];
    data += 4;
    size -= 4;
    if (script + text > size)
        return 0;
    create(&app, receive_room);
    shake_hands(&app, data + script, text);
    app.in = data + script + text;
    app.in_len = size - script - text;
    for (size_t i = 0; i < script; i++)
        act(&app, data[i]);
    drain(&app);
    WebSocketDeleteHandle(app.handle);

    data += script + text;
    size -= script + text;
    {
        unsigned plain = app.manner & (IS_CLIENT | NO_MASK | ANY_TEXT);
        uint64_t seen = listen(plain, 1276, data, size);

        /* Bytes of a text before the one that is not UTF-8 are shown or not, as they were cut. */
        if (app.manner & ANY_TEXT)
            FUZZ_CHECK(listen(plain | TINY_READS, 256, data, size) == seen);
        else
            listen(plain | TINY_READS, 256, data, size);
    }
    return 0;
}
