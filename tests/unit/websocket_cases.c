/* websocket_cases.c - every conformance case against an echo application on websocket.h, as client and as
 * server, with one buffer and with two, with the application's receive buffer and without.
 *
 * The application is what a program with one thread is: it asks for an action of any queue, does it, and
 * echoes what came. It has no socket: what it sends goes to the play, and a read takes what the play
 * said, as much as there is room for.
 */
#include "test.h"
#include "websocket_kit.h"
#include "ws_cases.h"

#include <stdlib.h>
#include <string.h>

enum { ECHO_MAX = 17 * 1024 * 1024 };

/* How the application does it. */
struct manner {
    bool is_client;
    ULONG buffers;     /* given to WebSocketGetAction           */
    ULONG own_room;    /* of a receive buffer of its own, or 0  */
    bool by_fragments; /* sends each part on as a fragment      */
};

struct app {
    struct manner manner;
    WEB_SOCKET_HANDLE handle;
    struct ws_play *play;
    const uint8_t *in; /* said by the play, not read yet          */
    size_t in_len;
    uint8_t *room;    /* a receive buffer of its own             */
    uint8_t *message; /* what has come of it                     */
    size_t message_len;
    uint8_t reason[WEB_SOCKET_MAX_CLOSE_REASON_LENGTH];
    bool closing; /* our close is queued                         */
    bool gone;    /* it has hung up                              */
    bool is_idle; /* it wants to read, and there is nothing      */
};

static void hang_up(struct app *app)
{
    if (!app->gone)
        ws_play_drop(app->play);
    app->gone = true;
}

static void ask_for_more(struct app *app)
{
    WEB_SOCKET_BUFFER buffer;

    buffer.Data.pbBuffer = app->room;
    buffer.Data.ulBufferLength = app->manner.own_room;
    CHECK_EQ(WebSocketReceive(app->handle, app->manner.own_room ? &buffer : NULL, NULL), S_OK);
}

/* Send a message on: the parts as they came, or whole. The bytes stay where they are until the send is
 * complete, which it is before the next receive is asked for. */
static void echo(struct app *app, WEB_SOCKET_BUFFER_TYPE type, const WEB_SOCKET_BUFFER *part)
{
    bool is_last = type == WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE ||
                   type == WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE;
    WEB_SOCKET_BUFFER out;

    CHECK(app->message_len + part->Data.ulBufferLength <= ECHO_MAX);
    if (part->Data.ulBufferLength)
        memcpy(app->message + app->message_len, part->Data.pbBuffer, part->Data.ulBufferLength);
    app->message_len += part->Data.ulBufferLength;
    if (!is_last && !app->manner.by_fragments) {
        ask_for_more(app);
        return;
    }
    out.Data.pbBuffer = app->message;
    out.Data.ulBufferLength = (ULONG)app->message_len;
    CHECK_EQ(WebSocketSend(app->handle, type, &out, app), S_OK);
    app->message_len = 0;
}

static void answer_close(struct app *app, const WEB_SOCKET_BUFFER *close)
{
    WEB_SOCKET_BUFFER out = *close;

    if (close->CloseStatus.ulReasonLength) {
        memcpy(app->reason, close->CloseStatus.pbReason, close->CloseStatus.ulReasonLength);
        out.CloseStatus.pbReason = app->reason;
    }
    app->closing = true;
    CHECK_EQ(WebSocketSend(app->handle, WEB_SOCKET_CLOSE_BUFFER_TYPE, &out, app), S_OK);
}

static void received(struct app *app, WEB_SOCKET_BUFFER_TYPE type, const WEB_SOCKET_BUFFER *buffer)
{
    if (type == WEB_SOCKET_CLOSE_BUFFER_TYPE)
        answer_close(app, buffer);
    else if (type == WEB_SOCKET_PING_PONG_BUFFER_TYPE)
        ask_for_more(app);
    else
        echo(app, type, buffer);
}

static ULONG send_to_peer(struct app *app, const struct ws_action *action)
{
    ULONG sent = 0;

    for (ULONG i = 0; i < action->count; i++) {
        ws_play_hear(app->play, action->buffers[i].Data.pbBuffer,
                     action->buffers[i].Data.ulBufferLength);
        sent += action->buffers[i].Data.ulBufferLength;
    }
    return sent;
}

static ULONG read_from_peer(struct app *app, const WEB_SOCKET_BUFFER *buffer)
{
    size_t n =
        buffer->Data.ulBufferLength < app->in_len ? buffer->Data.ulBufferLength : app->in_len;

    memcpy(buffer->Data.pbBuffer, app->in, n);
    app->in += n;
    app->in_len -= n;
    return (ULONG)n;
}

/* Do what there is to do, until there is nothing, or nothing to read. */
static void run_app(struct app *app, struct ws_action *held)
{
    while (!app->gone) {
        struct ws_action action = *held;
        ULONG transferred = 0;

        if (action.kind == WEB_SOCKET_NO_ACTION) {
            if (FAILED(ws_action_get(app->handle, WEB_SOCKET_ALL_ACTION_QUEUE, app->manner.buffers,
                                     &action))) {
                hang_up(app);
                return;
            }
        }
        held->kind = WEB_SOCKET_NO_ACTION;
        switch (action.kind) {
        case WEB_SOCKET_SEND_TO_NETWORK_ACTION:
            transferred = send_to_peer(app, &action);
            break;
        case WEB_SOCKET_INDICATE_SEND_COMPLETE_ACTION:
            if (app->closing) {
                WebSocketCompleteAction(app->handle, action.context, 0);
                app->gone = true; /* both closes are there */
                return;
            }
            ask_for_more(app);
            break;
        case WEB_SOCKET_RECEIVE_FROM_NETWORK_ACTION:
            CHECK_EQ(action.count, 1);
            if (app->in_len == 0) {
                *held = action;
                return;
            }
            transferred = read_from_peer(app, &action.buffers[0]);
            break;
        case WEB_SOCKET_INDICATE_RECEIVE_COMPLETE_ACTION:
            CHECK_EQ(action.count, 1);
            received(app, action.type, &action.buffers[0]);
            break;
        case WEB_SOCKET_NO_ACTION:
            return;
        }
        WebSocketCompleteAction(app->handle, action.context, transferred);
    }
}

/* Talk until the play is over. */
static void converse(struct app *app)
{
    struct ws_action held = {.kind = WEB_SOCKET_NO_ACTION};

    ask_for_more(app);
    while (ws_play_state(app->play) != WS_PLAY_OVER) {
        switch (ws_play_state(app->play)) {
        case WS_PLAY_SAYS:
            if (app->in_len == 0)
                ws_play_next(app->play, &app->in, &app->in_len);
            break;
        case WS_PLAY_PAUSES:
            ws_play_resume(app->play);
            continue;
        case WS_PLAY_LISTENS: /* all was read, and no answer came */
        case WS_PLAY_OVER:
            return;
        }
        run_app(app, &held);
        if (app->gone && ws_play_state(app->play) != WS_PLAY_OVER)
            ws_play_drop(app->play);
    }
    run_app(app, &held); /* and nothing more comes */
}

static void play_case(const struct ws_case *it, struct manner manner)
{
    struct app app = {.manner = manner};

    test_note("case %s, %s: %s", it->id, manner.is_client ? "client" : "server", it->title);
    app.handle = ws_open_handle(manner.is_client, NULL, 0);
    app.play = ws_play_new(it, manner.is_client ? WS_PLAYS_SERVER : WS_PLAYS_CLIENT);
    app.message = malloc(ECHO_MAX);
    app.room = malloc(manner.own_room + 1);
    converse(&app);
    ws_play_end(&app.play);
    WebSocketDeleteHandle(app.handle);
    free(app.message);
    free(app.room);
}

static void play_all(struct manner manner)
{
    CHECK(ws_case_count() > 300);
    for (size_t i = 0; i < ws_case_count(); i++)
        if (!ws_case_is_large(ws_case_at(i)) || test_slowness() == 1)
            play_case(ws_case_at(i), manner);
}

TEST(websocket_cases, a_server_passes_them)
{
    play_all((struct manner){.buffers = 2});
}

TEST(websocket_cases, a_client_passes_them)
{
    play_all((struct manner){.is_client = true, .buffers = 2});
}

TEST(websocket_cases, a_server_that_takes_one_buffer_and_reads_into_its_own_passes_them)
{
    play_all((struct manner){.buffers = 1, .own_room = 1000});
}

TEST(websocket_cases, a_client_that_takes_one_buffer_and_reads_into_its_own_passes_them)
{
    play_all((struct manner){.is_client = true, .buffers = 1, .own_room = 1000});
}

TEST(websocket_cases, a_server_that_sends_parts_on_passes_them)
{
    play_all((struct manner){.buffers = 2, .by_fragments = true});
}

TEST(websocket_cases, a_client_that_sends_parts_on_passes_them)
{
    play_all((struct manner){.is_client = true, .buffers = 2, .by_fragments = true});
}
